"""Recordings that nobody can dub, or that need a word: each is told in a clear sentence."""

import struct
from pathlib import Path

import pytest
from tests.integration.audio import ebml
from tests.integration.audio.films import Picture, Sound, media, steady, sweep

from ytdubber.audio.decode import decode
from ytdubber.domain.errors import MediaEncrypted, NoSuchTrack, SoundTooLong

TEN_HOURS_S, RATE_HZ = 36_000, 8_000


@pytest.mark.parametrize("called", [b"drms", b"enca"])
def test_what_is_encrypted_is_told_so_and_not_dubbed_as_noise(
    tmp_path: Path, called: bytes
) -> None:
    """As the iTunes Store and Common Encryption call a track."""
    clear = media(tmp_path / "talk.m4a", "mp4", [Sound(sweep(1.0), "aac")]).read_bytes()
    at = clear.index(b"mp4a", clear.index(b"stsd"))
    bought = tmp_path / "bought.m4a"
    bought.write_bytes(clear[:at] + called + clear[at + 4 :])
    with pytest.raises(MediaEncrypted, match=r"bought\.m4a: it is encrypted"):
        decode(bought, [])


@pytest.mark.parametrize("codec", ["aac", "libopus"])
def test_what_is_encrypted_in_matroska_is_told_too(tmp_path: Path, codec: str) -> None:
    live = {"live": "1"}
    path = media(tmp_path / "bought.mkv", "matroska", [Sound(sweep(1.0), codec)], options=live)
    assert decode(path, []).samples
    with pytest.raises(MediaEncrypted, match=r"bought\.mkv: it is encrypted"):
        decode(ebml.encrypted(path, {ebml.SOUND}), [])


def test_a_sound_beside_a_picture_that_is_encrypted_is_dubbed(tmp_path: Path) -> None:
    live, picture = {"live": "1"}, Picture(steady(1.0))
    path = media(tmp_path / "bought.mkv", "matroska", [Sound(sweep(1.0), "aac")], options=live,
                 picture=picture)  # fmt: skip
    clear = decode(path, []).samples
    assert decode(ebml.encrypted(path, {ebml.PICTURE}), []).samples == clear


def test_of_forty_sounds_one_is_taken_and_all_are_named(tmp_path: Path) -> None:
    sounds = [Sound(sweep(0.2, seed=number), "aac", default=number == 6) for number in range(40)]
    source = media(tmp_path / "talk.mka", "matroska", sounds)
    taken = decode(source, [])
    assert taken.track == 7
    assert taken.notes[0].startswith("sound track 7 (aac")
    assert "40 (aac" in taken.notes[0]
    assert decode(source, [], track="40").track == 40
    with pytest.raises(NoSuchTrack, match=r"40 \(aac.*: name one by its number or its language"):
        decode(source, [], track="41")


def test_ten_hours_are_refused_with_the_longest_there_may_be(tmp_path: Path) -> None:
    size = TEN_HOURS_S * RATE_HZ
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", size + 36, b"WAVE", b"fmt ", 16, 1, 1, RATE_HZ,
                       RATE_HZ, 1, 8) + struct.pack("<4sI", b"data", size)  # fmt: skip
    path = tmp_path / "day.wav"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)  # zeros that take no room on the disk
    with pytest.raises(SoundTooLong, match=r"day\.wav: the sound is longer than 181 minutes"):
        decode(path, [])
