"""Media that ask their reader to open another file: none is opened.

A canary is a file that a trusting reader of the hostile one would read.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from tests.integration.audio.hostile import playlists, with_sound_elsewhere
from tests.unit.audio.sounds import tone, write_media

from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.domain.errors import EmptyFile, NotAudio

# Decodes every file of a folder; then reads a playlist as FFmpeg would if it were trusted.
TRACED = """
import sys
from pathlib import Path
import av
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.domain.errors import BadInput

folder = Path(sys.argv[1])
for number, path in enumerate(sorted((folder / "given").iterdir())):
    try:
        decode(path, [DecodeOutput(folder / f"{number}.wav")])
    except BadInput:
        print("refused", path.name)
with av.open(str(folder / "trusted"), options={"safe": "0"}) as trusted:
    print(sum(frame.samples for frame in trusted.decode(audio=0)))
"""


def canary(path: Path) -> Path:
    sound = tone(48_000)[:, np.newaxis]
    return write_media(path, sound, 48_000, "pcm_s16le", path.suffix[1:])


def hostile_film(folder: Path, other: Path) -> bytes:
    """A film that is silent by itself."""
    silence = np.zeros((48_000, 1), np.float32)
    film = write_media(folder / "own.mov", silence, 48_000, "pcm_s16le", "mov")
    return with_sound_elsewhere(film.read_bytes(), other)


def trusting(path: Path, **options: str) -> float:
    """The peak of what FFmpeg reads when nothing holds it back."""
    with av.open(str(path), options=options) as container:
        return max(float(np.abs(f.to_ndarray()).max()) for f in container.decode(audio=0))


def test_a_trusting_reader_would_read_the_canary(tmp_path: Path) -> None:
    path = tmp_path / "x.m3u8"
    files = playlists(canary(tmp_path / "canary.wav"))
    for kind in ("hls", "hls by name"):
        path.write_bytes(files[kind])
        assert trusting(path, extension_picky="0", allowed_extensions="ALL") > 0
    path.write_bytes(files["concat"])
    assert trusting(path, safe="0") > 0
    path.write_bytes(hostile_film(tmp_path, canary(tmp_path / "canary.mov")))
    assert trusting(path, enable_drefs="1", use_absolute_path="1") > 0


@pytest.mark.parametrize("name", ["voice.m3u8", "voice.ffconcat", "voice.sdp", "voice.mpd"])
def test_an_extension_opens_no_door(tmp_path: Path, name: str) -> None:
    files = playlists(canary(tmp_path / "canary.wav"))
    for kind in ("hls", "hls of hls", "concat"):
        (tmp_path / name).write_bytes(files[kind])
        with pytest.raises(NotAudio):
            decode(tmp_path / name, [DecodeOutput(tmp_path / "out.wav")])


def test_a_film_whose_sound_is_elsewhere_has_none(tmp_path: Path) -> None:
    data = hostile_film(tmp_path, canary(tmp_path / "canary.mov"))
    (tmp_path / "voice.mov").write_bytes(data)
    with pytest.raises(EmptyFile):
        decode(tmp_path / "voice.mov", [DecodeOutput(tmp_path / "out.wav")])


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace to see what is opened")
def test_no_system_call_names_another_file(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    files = playlists(canary(tmp_path / "canary.wav"))
    files["film"] = hostile_film(tmp_path, canary(tmp_path / "canary.mov"))
    for kind, data in files.items():
        (tmp_path / "given" / f"{kind}.m3u8").write_bytes(data)
    trusted = canary(tmp_path / "trusted.wav")
    (tmp_path / "trusted").write_bytes(playlists(trusted)["concat"])
    trace = tmp_path / "trace"
    words = ["strace", "-f", "--seccomp-bpf", "-e", "trace=%file", "-s", "999", "-o", str(trace)]
    done = subprocess.run(
        [*words, sys.executable, "-c", TRACED, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("may not trace processes here")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("refused") == len(files)
    seen = trace.read_text(errors="replace")
    assert str(trusted) in seen  # what is read does show
    assert seen.count('"/dev/fd/') >= len(files)
    assert "canary" not in seen
