"""Recordings whose names hold what no text, or no terminal, should be given."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile as sf
from tests.unit.app.conftest import FakeDubbing

from ytdubber.domain.errors import DurationMismatch, FileNotReadable, NoSpeech

NAMES = {
    b"voz-\xe9.wav": r"voz-\xe9.wav",
    b"two\nlines.wav": r"two\nlines.wav",
    b"[bold red]loud.wav": "[bold red]loud.wav",
    b"\x1b[31mred.wav": r"\x1b[31mred.wav",
    "\u202egnp.wav".encode(): r"\u202egnp.wav",
    b"-dash.wav": "-dash.wav",
    "naïve café 日本.wav".encode(): "naïve café 日本.wav",
}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
@pytest.mark.parametrize(("given", "kept"), NAMES.items(), ids=[ascii(name) for name in NAMES])
def test_any_name_is_dubbed_and_kept_in_the_manifest(
    fakes: FakeDubbing, given: bytes, kept: str
) -> None:
    voice = fakes.voice.rename(fakes.folder / os.fsdecode(given))
    fakes.dub(replace(fakes.request("pt"), voice=voice, background=voice))
    manifest = json.loads((fakes.out / "manifest.json").read_bytes())
    assert manifest["source"]["voice"]["name"] == kept
    assert fakes.dub(replace(fakes.request("pt"), voice=voice, background=voice)).reused


@pytest.mark.parametrize("name", [b"\xff\n\x1b[1m.wav", "\u202e\u2028.wav".encode()])
def test_errors_show_any_name_in_one_line_that_does_nothing(
    fakes: FakeDubbing, name: bytes
) -> None:
    path = fakes.folder / os.fsdecode(name)
    messages = [str(FileNotReadable(file=path, reason="x"))]
    sf.write(path, [0.0] * 9 * 16_000, 16_000, format="WAV") if b"\xff" not in name else None
    if path.exists():
        with pytest.raises(NoSpeech) as silent:
            fakes.dub(replace(fakes.request("pt"), voice=path, background=None))
        messages.append(str(silent.value))
        sf.write(path, [0.0] * 16_000, 16_000, format="WAV")
        with pytest.raises(DurationMismatch) as short:
            fakes.dub(replace(fakes.request("pt"), background=path))
        messages.append(str(short.value))
    for message in messages:
        assert message.isprintable()
        message.encode()


def test_an_output_folder_of_any_name_that_is_text(fakes: FakeDubbing) -> None:
    folder = fakes.folder / "[red]\n\u202e -x"
    folder.mkdir()
    other = FakeDubbing(folder)
    other.dub(other.request("pt"))
    assert (Path(other.out) / "pt" / "voice.flac").exists()
