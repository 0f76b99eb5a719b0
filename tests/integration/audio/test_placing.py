"""Every sample where its timestamp says: late sound, holes, damage, priming, false timestamps."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.integration.audio.films import (
    RATE_HZ,
    Picture,
    Sound,
    clusters_moved,
    copied,
    damaged,
    lag,
    media,
    steady,
    sweep,
)
from tests.unit.audio.sounds import Samples, music, write_media

from ytdubber.audio.decode import Decoded, DecodeOutput, decode
from ytdubber.domain.errors import UnsupportedAudio

# Bare streams and containers that do not say what an encoder put before the first sample.
PRIMED = {
    "adts": ("aac", "adts", None),
    "mp3": ("libmp3lame", "mp3", {"write_xing": "0"}),
    "mp2": ("mp2", "mp2", None),
    "ac3": ("ac3", "ac3", None),
    "eac3": ("eac3", "eac3", None),
    "m4a": ("aac", "mp4", {"use_editlist": "0"}),
}
TICKS = {"mp4": 1, "mov": 1, "matroska": 48, "mpegts": 1}
"""Samples by which a container's own clock may be off."""


def heard(source: Path) -> tuple[Decoded, Samples]:
    out = source.with_name("out.wav")
    result = decode(source, [DecodeOutput(out)])
    sound, _ = soundfile.read(out, dtype="float32", always_2d=True)
    return result, sound[:, 0]


@pytest.mark.parametrize("container", [None, "matroska"])
@pytest.mark.parametrize("name", PRIMED)
def test_priming_that_nothing_tells_of_is_left_out(
    tmp_path: Path, name: str, container: str | None
) -> None:
    codec, bare, options = PRIMED[name]
    original = sweep(3.0)
    source = write_media(
        tmp_path / "bare", original[:, np.newaxis], RATE_HZ, codec, bare, options=options
    )
    if container:
        source = copied(source, tmp_path / "in", container)
    result, sound = heard(source)
    assert lag(original, sound) == 0
    unsaid = 481 if name == "mp2" else 0  # this encoder does not say its last samples
    assert len(original) - unsaid <= result.samples <= len(original) + 1152
    assert result.notes == ()


def test_a_stream_cut_out_of_another_keeps_its_first_frame(tmp_path: Path) -> None:
    source = write_media(tmp_path / "in", sweep(3.0)[:, np.newaxis], RATE_HZ, "aac", "adts")
    data = source.read_bytes()
    at, frames = 0, []
    while at < len(data):  # a frame's length is in its header, ISO/IEC 14496-3
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        frames.append(data[at : at + size])
        at += size
    source.write_bytes(b"".join(frames[40:]))
    result, _ = heard(source)
    assert result.samples == 1024 * len(frames[40:])


@pytest.mark.parametrize(
    ("container", "codec"),
    [("mp4", "aac"), ("mov", "aac"), ("mov", "pcm_s16le"), ("mp4", "ac3"), ("matroska", "libopus"),
     ("matroska", "aac"), ("matroska", "flac"), ("matroska", "ac3"), ("mpegts", "aac")],
)  # fmt: skip
def test_a_sound_that_begins_after_the_picture_stays_with_it(
    tmp_path: Path, container: str, codec: str
) -> None:
    original = sweep(3.0)
    source = media(
        tmp_path / "in",
        container,
        [Sound(original, codec, delay_s=1.0)],
        picture_s=4.0,
        options={"movie_timescale": "48000"} if container in ("mp4", "mov") else {},
    )
    result, sound = heard(source)
    assert abs(lag(original, sound) - RATE_HZ) <= TICKS[container]
    assert result.samples == pytest.approx(4 * RATE_HZ, abs=1600)
    assert np.abs(sound[: RATE_HZ - 2000]).max() == 0.0
    assert result.notes == ("its sound begins 1.00 s late: silence stands before it",)


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_a_sound_stays_with_a_picture_that_is_decoded_in_another_order(
    tmp_path: Path, container: str
) -> None:
    original = sweep(2.0)
    picture = Picture(steady(3.0), "libx264", {"preset": "ultrafast", "bf": "2", "b-adapt": "0"})
    sounds = [Sound(original, "aac", delay_s=0.7)]
    options = {"movie_timescale": "48000"} if container != "matroska" else {}
    source = media(tmp_path / "in", container, sounds, picture=picture, options=options)
    result, sound = heard(source)
    assert abs(lag(original, sound) - 0.7 * RATE_HZ) <= TICKS[container]
    assert result.zero_s == 0.0


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_a_picture_that_begins_after_the_sound_moves_nothing(
    tmp_path: Path, container: str
) -> None:
    original = sweep(3.0)
    source = media(
        tmp_path / "in", container, [Sound(original, "flac")], picture_s=2.5, picture_delay_s=0.48
    )
    result, sound = heard(source)
    assert lag(original, sound) == 0
    assert result.samples == len(original)


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_a_film_is_as_long_as_its_picture(tmp_path: Path, container: str) -> None:
    original = sweep(2.0)
    source = media(tmp_path / "in", container, [Sound(original, "flac")], picture_s=5.0)
    result, sound = heard(source)
    assert (result.samples, result.sound_samples) == (5 * RATE_HZ, 2 * RATE_HZ)
    assert lag(original, sound) == 0
    assert np.abs(sound[2 * RATE_HZ :]).max() == 0.0
    assert result.notes == ("its picture lasts 3.00 s longer than its sound",)


def test_a_cut_off_film_is_as_long_as_what_is_left(tmp_path: Path) -> None:
    options = {"movflags": "+faststart"}
    sounds = [Sound(sweep(8.0), "aac")]
    source = media(tmp_path / "in", "mp4", sounds, picture_s=8.0, options=options)
    data = source.read_bytes()
    source.write_bytes(data[: len(data) // 2])
    result, _ = heard(source)
    assert 2 * RATE_HZ < result.samples < 6 * RATE_HZ


@pytest.mark.parametrize("codec", ["libopus", "flac", "aac"])
@pytest.mark.parametrize("container", ["matroska", "mp4"])
def test_a_hole_is_silence_of_its_length(tmp_path: Path, container: str, codec: str) -> None:
    original = sweep(7.0)
    source = media(tmp_path / "in", container, [Sound(original, codec, holes_s=[(2.0, 4.0)])])
    result, sound = heard(source)
    assert result.samples == pytest.approx(len(original), abs=1600)
    early, late = slice(0, 2 * RATE_HZ - 5000), slice(4 * RATE_HZ + 5000, 7 * RATE_HZ)
    for part in (early, late):
        alone = np.zeros_like(original)
        alone[part] = original[part]
        assert lag(alone, np.where(alone[: len(sound)] != 0, sound[: len(alone)], 0)) == 0
    assert np.abs(sound[round(2.1 * RATE_HZ) : round(3.9 * RATE_HZ)]).max() == 0.0
    assert len(result.notes) == 1
    assert "s of it are missing (at 0:0" in result.notes[0]


@pytest.mark.parametrize(
    ("codec", "container", "options"),
    [("libmp3lame", "mp3", {}), ("libmp3lame", "mp3", {"write_xing": "0"}), ("flac", "flac", {}),
     ("ac3", "ac3", {}), ("aac", "mp4", {}), ("libopus", "ogg", {}), ("aac", "matroska", {}),
     ("aac", "adts", {})],
)  # fmt: skip
def test_what_follows_a_damaged_stretch_stays_in_place(
    tmp_path: Path, codec: str, container: str, options: dict[str, str]
) -> None:
    original = sweep(6.0)
    source = write_media(
        tmp_path / "in", original[:, np.newaxis], RATE_HZ, codec, container, options=options
    )
    data = source.read_bytes()
    source.write_bytes(damaged(data, len(data) // 2, len(data) // 20))
    result, sound = heard(source)
    tail = np.zeros_like(original)
    tail[-2 * RATE_HZ :] = original[-2 * RATE_HZ :]
    found = np.zeros(len(original) + 4096, np.float32)
    found[: len(sound)] = sound[: len(found)]
    found[: -2 * RATE_HZ - 4096 - 9600] = 0
    exact = 0 if container != "adts" else 3 * 1024  # frames of any size: counted by their mean
    assert abs(lag(tail, found)) <= exact
    assert "silence stands there" in " ".join(result.notes)


def test_files_one_after_the_other_have_no_holes_for_their_tags(tmp_path: Path) -> None:
    source = write_media(tmp_path / "in", music(1.0, channels=1), RATE_HZ, "libmp3lame", "mp3")
    whole = source.read_bytes()
    picture = b"ID3\x03\x00\x00\x00\x00\x4e\x20" + bytes(10_000)
    source.write_bytes(whole + picture + whole)
    result, _ = heard(source)
    assert result.samples == pytest.approx(2 * RATE_HZ, abs=4 * 1152)


def test_timestamps_that_jitter_make_no_clicks(tmp_path: Path) -> None:
    original = sweep(4.0)
    random = np.random.default_rng(1)
    bends = {n: int(random.integers(-400, 400)) for n in range(5, 170)}
    source = media(tmp_path / "in", "matroska", [Sound(original, "aac", bends=bends)])
    result, sound = heard(source)
    assert lag(original, sound) == 0
    assert result.notes == ()


@pytest.mark.parametrize("step", [4, -4])
def test_timestamps_that_run_apart_make_no_clicks(tmp_path: Path, step: int) -> None:
    original = sweep(180.0)  # 870 parts in a million: 0.16 s
    bends = {number: number * step for number in range(2000)}
    source = media(tmp_path / "in", "matroska", [Sound(original, "flac", bends=bends)])
    result, sound = heard(source)
    assert np.abs(sound - original).max() < 1e-3
    assert len(result.notes) == 1
    assert "its sound's own pace was kept" in result.notes[0]


def with_clusters_moved(tmp_path: Path, moved_ms: Callable[[int], int]) -> tuple[Samples, Path]:
    """Six seconds of sound in clusters of about one, their timestamps changed."""
    original = sweep(6.0)
    options = {"cluster_time_limit": "1000"}
    source = media(tmp_path / "in", "matroska", [Sound(original, "flac")], options=options)
    source.write_bytes(clusters_moved(source.read_bytes(), moved_ms))
    return original, source


def test_sound_that_is_there_twice_is_heard_once(tmp_path: Path) -> None:
    original, source = with_clusters_moved(tmp_path, lambda number: -96 if number > 2 else 0)
    result, sound = heard(source)
    assert result.samples == pytest.approx(len(original) - 4608, abs=1)
    assert lag(original[-RATE_HZ:], sound[-RATE_HZ:]) == 0
    assert result.notes == ("0.10 s of it were there twice and are heard once",)


def test_a_clock_that_is_set_anew_loses_nothing(tmp_path: Path) -> None:
    original, source = with_clusters_moved(
        tmp_path, lambda number: 500 - 1000 * number if number > 2 else 0
    )
    result, sound = heard(source)
    assert result.samples == len(original)
    assert np.abs(sound - original).max() < 1e-3


@pytest.mark.parametrize("moved_ms", [40, 900_000, 1 << 40])
@pytest.mark.parametrize("first", [0, 3])
def test_one_false_timestamp_makes_no_hole(tmp_path: Path, first: int, moved_ms: int) -> None:
    original, source = with_clusters_moved(
        tmp_path, lambda number: moved_ms if number == first else 0
    )
    result, sound = heard(source)
    assert result.samples == len(original)
    assert np.abs(sound - original).max() < 1e-3


@pytest.mark.parametrize("first", [0, 3])
def test_a_timestamp_past_all_bounds_fills_no_disk(tmp_path: Path, first: int) -> None:
    _, source = with_clusters_moved(tmp_path, lambda n: 1 << 40 if n >= first else 0)
    if first == 0:  # all of a sound, and nothing beside it
        assert heard(source)[0].samples == 6 * RATE_HZ
        return
    with pytest.raises(UnsupportedAudio, match="its timestamps jump to"):
        heard(source)
    assert not source.with_name("out.wav").exists()


def test_a_sound_cut_out_of_a_long_recording_begins_at_once(tmp_path: Path) -> None:
    original = sweep(3.0)
    source = media(tmp_path / "in", "matroska", [Sound(original, "flac", delay_s=3600.0)])
    result, sound = heard(source)
    assert lag(original, sound) == 0
    assert result.samples == len(original)
