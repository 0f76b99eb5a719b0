"""What `import ytdubber` gives, and what it loads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ytdubber

PAGE = Path(__file__).parents[3] / "docs" / "library.md"


def loaded_by(program: str) -> set[str]:
    """The modules that are there after a program."""
    words = [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"]
    return set(subprocess.check_output(words, text=True).split())


def test_importing_the_package_loads_nothing_else_of_it() -> None:
    loaded = loaded_by("import ytdubber")
    assert [name for name in loaded if name.startswith("ytdubber.")] == []
    assert len(loaded) < 100


@pytest.mark.parametrize(
    "names",
    ["dub, evaluate, CancelToken, Progress, Download", "DubResult, DubbedLanguage, Evaluation"],
)
def test_functions_options_and_results_load_no_engine(names: str) -> None:
    heavy = {"numpy", "pydantic", "httpx", "av", "onnxruntime", "faster_whisper"}
    assert not heavy & loaded_by(f"from ytdubber import {names}")


@pytest.mark.parametrize("name", ytdubber.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(ytdubber, name)
    assert name in dir(ytdubber)
    assert re.search(rf"\b{name}\b", PAGE.read_text("utf-8"))


def test_other_names_are_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        ytdubber.nonsense  # type: ignore[attr-defined]  # noqa: B018 -- that is what is tested
    with pytest.raises(ImportError):
        exec("from ytdubber import nonsense")  # noqa: S102 -- that is what is tested


def test_all_names_can_be_imported_at_once() -> None:
    names: dict[str, object] = {}
    exec("from ytdubber import *", names)  # noqa: S102 -- that is what is tested
    assert set(ytdubber.__all__) <= names.keys()


@pytest.mark.parametrize(
    ("configured", "shown"), [("", ""), ("logging.basicConfig()", "WARNING:ytdubber.engines:told")]
)
def test_warnings_are_the_programs_to_show(configured: str, shown: str) -> None:
    program = f"""
import logging, ytdubber
{configured}
ytdubber.dub
logging.getLogger("ytdubber.engines").warning("told")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr.strip()) == ("", shown)
