"""Bad input: one line that names the file and the remedy, exit code 2, nothing left behind."""

import os
import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf
from tests.e2e.conftest import BACKGROUND, VOICE, Cli

from ytdubber.bootstrap.local import local_runtime

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]


def refused(cli: Cli, tmp_path: Path, *words: object, **changes: str) -> str:
    """Run a dub that must be refused; returns what a person reads."""
    out = tmp_path / "new" / "out"
    done = cli("dub", *words, "--out", out, **changes)
    assert done.code == 2, done.err
    assert not out.parent.exists()
    assert done.out == ""
    *progress, message = done.err.strip().splitlines()
    assert all(line.startswith(("all:", "pt:", "fetching", "waiting")) for line in progress)
    assert message.startswith("Error: ")
    return message


def test_a_text_file_with_a_sounds_name(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "talk.mp3"
    file.write_text("This is no sound. " * 100)
    message = refused(cli, tmp_path, file, "--to", "pt")
    assert str(file) in message
    assert "Export it as WAV" in message


def test_an_empty_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "talk.wav"
    file.touch()
    message = refused(cli, tmp_path, file, "--to", "pt")
    assert str(file) in message
    assert "empty" in message


def test_a_file_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    message = refused(cli, tmp_path, tmp_path / "none.wav", "--to", "pt")
    assert "No such file" in message


def test_a_video_without_sound(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "silent.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    message = refused(cli, tmp_path, file, "--to", "pt")
    assert str(file) in message
    assert "no audio track" in message


def test_silence(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "silence.wav"
    sf.write(file, np.zeros(5 * 16_000, np.float32), 16_000)
    message = refused(cli, tmp_path, file, "--to", "pt")
    assert str(file) in message
    assert "no speech" in message


def test_stems_of_different_lengths(cli: Cli, tmp_path: Path) -> None:
    sound, rate_hz = sf.read(BACKGROUND, dtype="float32")
    file = tmp_path / "short.flac"
    sf.write(file, sound[: -3 * rate_hz], rate_hz)
    message = refused(cli, tmp_path, VOICE, "--background", file, "--to", "pt")
    assert "27.730 s" in message
    assert "24.730 s" in message
    assert "--tolerance-ms" in message


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--to", "klingon"), "ytdubber languages"),
        (("--to", "pt", "--from", "xx"), "'xx' is not a language"),
        (("--to", "de", "--from", "en"), "ytdubber models pull firefox-en-de"),
        (("--to", "de"), "ytdubber models pull firefox-en-de"),
        (("--to", "ja"), "No voice at hand speaks Japanese"),
        (("--to", "en", "--from", "en"), "only target asked for"),
        (("--to", "en"), "only target asked for"),
        (("--to", "pt", "--format", "ogg"), "flac"),
        (("--to", "pt", "--voice", "pt=nobody"), "pf_dora"),
        (("--to", "pt", "--loudness", "loud"), "youtube"),
        (("--to", "pt", "--say", "LUFS"), "--say: 'LUFS' does not tell what is spoken"),
        (("--to", "pt", "--say", "LUFS="), "--say: name a term and what is spoken for it"),
    ],
)
def test_what_is_not_to_be_had(cli: Cli, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    assert says in refused(cli, tmp_path, VOICE, *words, YTDUBBER_OFFLINE="1")


def test_a_folder_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = cli("dub", VOICE, "--to", "pt", "--out", blocked / "out")
    assert done.code == 2
    assert f"{blocked / 'out'}: cannot be written to" in done.err
    assert "--out" in done.err


def test_a_model_that_is_missing_without_network(cli: Cli, tmp_path: Path) -> None:
    models = tmp_path / "models"
    message = refused(
        cli, tmp_path, VOICE, "--to", "pt", YTDUBBER_MODELS=str(models), YTDUBBER_OFFLINE="1"
    )
    assert "whisper-base" in message
    assert "ytdubber models pull whisper-base" in message


def test_a_model_whose_bytes_are_wrong(cli: Cli, tmp_path: Path) -> None:
    models = tmp_path / "models"
    with local_runtime() as machine:
        for name in ("whisper-base", "kokoro-82m", "kokoro-voices", "firefox-en-pt"):
            shutil.copytree(machine.models.open(name), models / name)
    weights = models / "whisper-base" / "model.bin"
    data = bytearray(weights.read_bytes())
    data[1_000_000] ^= 1
    weights.write_bytes(data)
    message = refused(
        cli,
        tmp_path,
        VOICE,
        "--to",
        "pt",
        YTDUBBER_MODELS=str(models),
        YTDUBBER_HOME=str(tmp_path / "home"),
    )
    assert "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9" in message
    assert "ytdubber models pull whisper-base" in message


def test_a_setting_that_is_wrong(cli: Cli, tmp_path: Path) -> None:
    assert "YTDUBBER_THREADS" in refused(cli, tmp_path, VOICE, "--to", "pt", YTDUBBER_THREADS="x")


def test_json_says_it_to_programs_too(cli: Cli, tmp_path: Path) -> None:
    done = cli("dub", tmp_path / "none.wav", "--to", "pt", "--json")
    assert done.code == 2
    assert done.json["error"]["code"] == "file_not_readable"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--to", "pt-PT"), "'pt-PT' is not made here: pt stands for Portuguese as pt-BR"),
        (("--to", "zh-Hant"), "zh stands for Chinese as zh-CN"),
        (("--to", "Português", "--from", "por"), "only target asked for"),
        (("--to", "pt", "--voice", "pt-PT=female"), "pt stands for Portuguese as pt-BR"),
    ],
)
def test_locales_and_names_of_languages(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    assert says in refused(cli, tmp_path, VOICE, *words)


@pytest.mark.parametrize(("name", "says"), [("x" * 300, "too long"), ("y/" * 2040, "too long")])
def test_a_folder_whose_name_is_too_long(cli: Cli, tmp_path: Path, name: str, says: str) -> None:
    done = cli("dub", VOICE, "--to", "pt", "--out", tmp_path / name)
    assert done.code == 2
    assert says in done.err
    assert done.err.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_looks_like_an_option(cli: Cli, home: Path) -> None:
    (home / "-dash.wav").write_bytes(b"")
    done = cli("dub", "-dash.wav", "--to", "pt")
    assert done.code == 2
    assert "-dash.wav: the file is empty" in done.err


def test_a_name_that_is_no_text(cli: Cli, home: Path) -> None:
    name = os.fsdecode(b"no-\xe9\n\x1b[31m.wav")
    done = cli("dub", name, "--to", "pt", "--json")
    assert done.code == 2
    assert done.json["error"]["message"].startswith(r"no-\xe9\n\x1b[31m.wav: cannot be read")
    assert r"no-\xe9\n\x1b[31m.wav: cannot be read" in done.err
