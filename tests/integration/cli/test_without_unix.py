"""What Windows has not is missing from the program's own code, and it dubs all the same."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.audio.sounds import tone, write_media
from tests.without_unix import python_without_unix

from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.domain.file_names import windows_takes

EXAMPLES = Path(__file__).parents[3] / "examples"
CODINGS = {"talk.mp4": ("aac", "mp4"), "talk.mkv": ("libopus", "matroska")}


@pytest.fixture
def unixless(tmp_path: Path) -> Callable[..., tuple[str, set[str]]]:
    """Runs a module; gives what it printed and what was looked for in vain."""
    python, missed = python_without_unix(tmp_path)

    def run(module: str, *words: object, code: int = 0) -> tuple[str, set[str]]:
        environment = os.environ | {"YTDUBBER_HOME": str(tmp_path / "home"), "YTDUBBER_DEBUG": "1"}
        command = [str(python), "-m", module, *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr, set(missed.read_text().splitlines())

    return run


@pytest.mark.parametrize("name", ["voice.flac", "talk.mp4", "talk.mkv"])
def test_decoded_to_the_same_samples(
    unixless: Callable[..., tuple[str, set[str]]], tmp_path: Path, name: str
) -> None:
    source, out = EXAMPLES / name, tmp_path / "out"
    out.mkdir()
    if not source.exists():
        source = tmp_path / name
        write_media(source, tone(150_000)[:, None], 48_000, *CODINGS[name])
    told, missed = unixless("decode_by_itself", source, out, "{}")
    here = decode(source, [DecodeOutput(tmp_path / "here.wav")])
    assert told.splitlines() == [f"{here.container} {here.samples}"] * 2
    as_here = (tmp_path / "here.wav").read_bytes()
    assert (out / "0.plain").read_bytes() == as_here
    assert (out / "1.plain").read_bytes() == as_here
    assert missed >= {"os.fork", "ytdubber.audio.decoder_limits resource"}


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"max_cpu_s": 0}, "decoding it takes too long"),
        ({"max_memory_bytes": -250_000_000}, "decoding it needs more memory than is allowed"),
        ({"max_wall_s": 0}, "decoding it takes too long"),
        ({"max_duration_s": 5}, "media: "),
    ],
)
def test_the_parent_holds_a_decoder_to_its_limits(
    unixless: Callable[..., tuple[str, set[str]]],
    tmp_path: Path,
    limits: dict[str, float],
    told: str,
) -> None:
    media = tmp_path / "long.flac"  # so long that the parent looks before it is over
    sf.write(media, np.zeros(8 * 60 * 48_000, np.int16), 48_000)
    out = tmp_path / "out"  # what lies in it is taken for encrypted
    out.mkdir()
    printed, _ = unixless("decode_by_itself", media, out, json.dumps(limits))
    assert [told in line for line in printed.splitlines()] == [True, True]


@pytest.mark.parametrize("command", ["serve", "worker", "token", "costs"])
def test_the_service_says_where_it_runs(
    unixless: Callable[..., tuple[str, set[str]]], command: str
) -> None:
    told, _ = unixless("ytdubber", command, code=2)
    assert " ".join(told.split()).startswith(
        f"Error: ytdubber {command}: the service runs on Linux and macOS. On Windows it runs"
    )
    listed, _ = unixless("ytdubber", "--help")
    assert " dub " in listed
    assert f" {command} " not in listed


@pytest.mark.models
@pytest.mark.xdist_group("local-models")
def test_the_example_is_dubbed(
    unixless: Callable[..., tuple[str, set[str]]], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told, missed = unixless(
        "ytdubber",
        "dub",
        EXAMPLES / "voice.flac",
        "--background",
        EXAMPLES / "background.flac",
        "--to",
        "pt",
        "--out",
        out,
    )
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["languages"]["pt"]["status"] == "complete"
    for file in manifest["languages"]["pt"]["files"]:
        digest = hashlib.sha256((out / file["path"]).read_bytes()).hexdigest()
        assert digest == file["sha256"]
    assert len(told.splitlines()) >= 7
    written = [*out.rglob("*"), *(tmp_path / "home").rglob("*")]
    assert [path for path in written if not windows_takes(path.name)] == []
    assert not (out / ".ytdubber").exists()
    assert missed >= {"os.fork", "ytdubber.audio.decoder_limits resource"}
