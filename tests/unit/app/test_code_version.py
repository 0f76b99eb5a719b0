"""Everything that changes a result is in the version of what made it, without anybody's doing."""

import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from ytdubber.app.dubs.code_version import (
    DISTRIBUTIONS,
    PACKAGE,
    code_version,
    files_used,
    installed,
    libraries_used,
    modules_of_a_dub,
    modules_used,
    version_of,
)

ENGINES = {
    "ytdubber.adapters.local.whisper": ["whisper_decoding.py", "whisper_words.py", "silero.py"],
    "ytdubber.adapters.local.firefox": ["firefox_lines.py", "firefox_models.py"],
    "ytdubber.adapters.local.kokoro": ["kokoro_phonemes.py", "kokoro_vocabulary.json"],
    "ytdubber.adapters.local.espeak": ["espeak_library.py", "espeak_voices.py"],
    "ytdubber.adapters.local.spleeter": ["spleeter_network.py", "tensorflow_checkpoint.py"],
    "ytdubber.adapters.openai.translator": ["prompts.py", "answers.py"],
    "ytdubber.adapters.deepgram.stt": ["client.py"],
    "ytdubber.adapters.deepgram.tts": ["voices.py"],
    "ytdubber.adapters.elevenlabs.tts": ["models.py", "voices.py"],
    "ytdubber.adapters.openai_compatible.stt": ["client.py", "punctuation.py"],
    "ytdubber.adapters.openai_compatible.tts": ["voices.py", "wav.py"],
}
"""Every engine, and some of what its results depend on, of the folder it is in."""
ENGINE_NAMES = sorted(ENGINES)

LOADED = """
import sys
import {module}
print(*(name for name in sys.modules if name.split(".")[0] == "ytdubber"))
"""
IMPORTED = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from ytdubber.app.dubs.code_version import modules_used, version_of
package = Path(sys.argv[2])
print(version_of(modules_used("ytdubber.engine", package), package=package))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's files, to change further; what a test finds is what others left."""
    folder = tmp_path_factory.mktemp("copy") / "ytdubber"
    return Path(shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """A package with an engine that uses some modules, and one that it does not."""
    files = {
        "__init__.py": "__version__ = '1'",
        "engine.py": "from .rules import (\n    reading,\n    numbers,\n)\nimport ytdubber.tables",
        "rules/__init__.py": "",
        "rules/reading.py": "def read():\n    from ..late import this\n",
        "rules/numbers.py": "",
        "rules/data/numbers.json": "{}",
        "late.py": "import thing",
        "tables.py": "from ytdubber.rules import nothing",
        "other.py": "",
        "domain/errors/__init__.py": "",
    }
    package = tmp_path / "ytdubber"
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    return package


def changed(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    "name",
    """engine.py rules/__init__.py rules/reading.py rules/numbers.py rules/data/numbers.json late.py
    tables.py""".split(),
)
def test_a_change_in_any_part_changes_the_version(little: Path, name: str) -> None:
    before = version("ytdubber.engine", little)
    changed(little / name)
    assert version("ytdubber.engine", little) != before


@pytest.mark.parametrize("name", ["other.py", "__init__.py", "domain/errors/__init__.py"])
def test_what_is_not_used_changes_nothing(little: Path, name: str) -> None:
    before = version("ytdubber.engine", little)
    changed(little / name)
    assert version("ytdubber.engine", little) == before


def test_a_part_that_comes_or_goes_changes_the_version(little: Path) -> None:
    seen = {version("ytdubber.engine", little)}
    (little / "rules" / "money.json").write_text("{}")
    seen.add(version("ytdubber.engine", little))
    (little / "late.py").unlink()
    seen.add(version("ytdubber.engine", little))
    assert len(seen) == 3


def test_another_version_of_a_library_changes_the_version(little: Path, tmp_path: Path) -> None:
    seen = set()
    for number in ("1.0", "1.1"):
        site = tmp_path / number
        described = site / f"thing-{number}.dist-info" / "METADATA"
        described.parent.mkdir(parents=True)
        described.write_text(f"Metadata-Version: 2.1\nName: thing\nVersion: {number}\n")
        said = [sys.executable, "-c", IMPORTED, str(site), str(little)]
        seen.add(subprocess.run(said, capture_output=True, text=True, check=True).stdout)
    assert len(seen) == 2


def test_a_library_that_is_named_counts_too() -> None:
    one = code_version("ytdubber.adapters.local.whisper", "ctranslate2")
    assert one != code_version("ytdubber.adapters.local.whisper")


@pytest.mark.parametrize("module", ENGINE_NAMES)
def test_every_part_of_an_engine_is_in_its_version(module: str, copy: Path) -> None:
    """Walks all of them: each is changed, and the version with it."""
    modules = modules_used(module, copy)
    files = files_used(modules, copy)
    assert {copy / module_path(module).parent / name for name in ENGINES[module]} <= files
    seen = {version_of(modules, package=copy)}
    for path in files:
        changed(path)
        seen.add(version_of(modules, package=copy))
    assert len(seen) == len(files) + 1


@pytest.mark.parametrize("module", ENGINE_NAMES)
def test_no_module_that_an_engine_loads_is_left_out(module: str) -> None:
    """But for what errors load to say what they say."""
    said = loaded("ytdubber.domain.errors")
    assert loaded(module) - said <= modules_used(module)


@pytest.mark.parametrize("module", ENGINE_NAMES)
def test_every_library_that_an_engine_uses_has_a_version(module: str) -> None:
    libraries = libraries_used(modules_used(module), PACKAGE)
    assert libraries
    unknown = [name for name in libraries if find_spec(name) and not installed(name)]
    assert unknown == [], f"name their distributions in {DISTRIBUTIONS}"


@pytest.mark.parametrize(
    "name",
    """domain/timing.py captions/cues.py audio/mixer.py app/pipeline/stages/mix.py
    engines/middleware/split.py adapters/local/silero.py bootstrap/engines.py""".split(),
)
def test_whatever_shapes_a_dub_changes_its_version(copy: Path, name: str) -> None:
    before = dub(copy)
    changed(copy / name)
    assert dub(copy) != before


def test_how_a_dub_is_shown_changes_nothing(copy: Path) -> None:
    before = dub(copy)
    unseen = "cli/show.py", "api/job_view.py", "web/page/lines.js", "adapters/db/jobs/reads.py"
    for name in unseen:
        changed(copy / name)
    assert dub(copy) == before


@cache
def loaded(module: str) -> set[str]:
    run = [sys.executable, "-c", LOADED.format(module=module)]
    return set(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


def module_path(module: str) -> Path:
    return Path(*module.split(".")[1:])


def version(module: str, package: Path) -> str:
    return version_of(modules_used(module, package), package=package)


def dub(package: Path) -> str:
    return version_of(modules_of_a_dub(package), package=package)
