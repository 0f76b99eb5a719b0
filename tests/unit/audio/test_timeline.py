import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.sounds import Samples, speech, tone

from ytdubber.audio.ducking import Ducking, DuckingEnvelope
from ytdubber.audio.files import write_wav
from ytdubber.audio.timeline import Clip, VoiceTrack, fit_clip, stretch_clips
from ytdubber.domain.errors import Cancelled
from ytdubber.domain.media import AudioFile

RATE = 48_000
FADE = 240


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> AudioFile:
    """Half a second of speech at 24 kHz."""
    return write_wav(tmp_path_factory.mktemp("line") / "line.wav", speech(0.5, 24_000), 24_000)


@pytest.fixture(scope="module")
def native_line(tmp_path_factory: pytest.TempPathFactory) -> AudioFile:
    """A quarter of a second at the timeline's own rate."""
    return write_wav(tmp_path_factory.mktemp("line") / "line.wav", speech(0.25, RATE), RATE)


def stretched(clips: list[Clip], into: Path) -> list[Clip]:
    return stretch_clips(clips, RATE, into, lambda: None, lambda _: None)


def fitted(clip: Clip, into: Path) -> Samples:
    return fit_clip(stretched([clip], into)[0], RATE)


def rendered(clips: list[Clip], total: int, blocks: tuple[int, ...] = (96_000,)) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        return _all_of(VoiceTrack(stretched(clips, Path(folder)), total, RATE), total, blocks)


def _all_of(track: VoiceTrack, total: int, blocks: tuple[int, ...]) -> Samples:
    turn = 0
    parts: list[Samples] = []
    while sum(part.size for part in parts) < total:
        parts.append(track.render(blocks[turn % len(blocks)]))
        turn += 1
    assert track.render(10).size == 0
    return np.concatenate(parts)


@pytest.mark.parametrize("samples", [24_000, 24_001, 23_999, 20_000, 18_461, 30_000, 1, 7])
def test_a_clip_is_as_long_as_it_is_told(line: AudioFile, tmp_path: Path, samples: int) -> None:
    sound = fitted(Clip(line, 0, samples), tmp_path)
    assert sound.shape == (samples,)
    assert sound.dtype == np.float32


def test_a_clip_of_its_own_length_is_only_faded(native_line: AudioFile, tmp_path: Path) -> None:
    sound = fitted(Clip(native_line, 0, native_line.samples), tmp_path)
    original = speech(0.25, RATE)
    assert np.array_equal(sound[FADE:-FADE], original[FADE:-FADE])
    assert abs(sound[0]) < 1e-4
    assert abs(sound[-1]) < 1e-4


def test_only_what_is_not_its_own_length_is_stretched(line: AudioFile, tmp_path: Path) -> None:
    own = [Clip(line, 0, samples) for samples in (24_000, 24_001, 23_998)]
    other = [Clip(line, 0, samples) for samples in (24_003, 23_000)]
    told: list[float] = []
    found = stretch_clips([*own, *other], RATE, tmp_path, lambda: None, told.append)
    assert found[:3] == own
    assert [clip.audio.samples for clip in found[3:]] == [12_002, 11_500]
    assert told == [0.5, 1.0]


def test_stretching_can_be_stopped(line: AudioFile, tmp_path: Path) -> None:
    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        stretch_clips([Clip(line, 0, 20_000)] * 5, RATE, tmp_path, check, lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_a_clip_has_its_gain(native_line: AudioFile, tmp_path: Path) -> None:
    plain = fitted(Clip(native_line, 0, native_line.samples), tmp_path)
    quiet = fitted(Clip(native_line, 0, native_line.samples, gain_db=-6.0), tmp_path)
    assert np.allclose(quiet, plain * 10 ** (-6 / 20), atol=1e-7)


@pytest.mark.parametrize("samples", [24_000, 22_000])
def test_a_line_has_no_offset(tmp_path: Path, line: AudioFile, samples: int) -> None:
    moved = write_wav(tmp_path / "moved.wav", speech(0.5, 24_000) + np.float32(0.2), 24_000)
    usual, found = (fitted(Clip(each, 0, samples), tmp_path) for each in (line, moved))
    assert abs(found.mean()) < 1e-3
    assert (found**2).mean() == pytest.approx((usual**2).mean(), rel=0.02)


def test_clips_lie_where_they_are_told_to_the_sample(
    native_line: AudioFile, tmp_path: Path
) -> None:
    alone = fitted(Clip(native_line, 0, 11_000), tmp_path)
    track = rendered([Clip(native_line, 70_003, 11_000), Clip(native_line, 17, 11_000)], 90_001)
    expected = np.zeros(90_001, np.float32)
    expected[17:11_017] = alone
    expected[70_003:81_003] = alone
    assert np.array_equal(track, expected)


def test_clips_that_overlap_add_up(native_line: AudioFile, tmp_path: Path) -> None:
    alone = fitted(Clip(native_line, 0, 12_000), tmp_path)
    track = rendered([Clip(native_line, 0, 12_000), Clip(native_line, 6000, 12_000)], 18_000)
    assert np.allclose(track[6000:12_000], alone[6000:] + alone[:6000], atol=1e-7)


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_blocks_make_no_difference(native_line: AudioFile, data: st.DataObject) -> None:
    total = data.draw(st.integers(12_000, 60_000))
    clips = [
        Clip(native_line, data.draw(st.integers(0, total - samples)), samples)
        for samples in data.draw(st.lists(st.integers(1, 12_000), max_size=4))
    ]
    blocks = data.draw(st.lists(st.integers(500, 20_000), min_size=1, max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        ready = stretched(clips, Path(folder))
        parts, whole = (
            _all_of(VoiceTrack(ready, total, RATE), total, each)
            for each in (tuple(blocks), (total,))
        )
    assert np.array_equal(parts, whole)


@pytest.mark.parametrize(("start", "samples"), [(-1, 100), (0, 0), (950, 51), (2000, 1)])
def test_a_clip_outside_the_timeline_is_refused(line: AudioFile, start: int, samples: int) -> None:
    with pytest.raises(ValueError, match="does not lie within"):
        VoiceTrack([Clip(line, start, samples)], 1000, RATE)


def test_a_clip_that_is_yet_to_be_stretched_is_refused(line: AudioFile) -> None:
    with pytest.raises(ValueError, match="yet to be stretched"):
        VoiceTrack([Clip(line, 0, 20_000)], 24_000, RATE)


def test_only_clips_that_sound_are_read(tmp_path: Path, native_line: AudioFile) -> None:
    later = AudioFile(tmp_path / "not there yet.wav", RATE, 1, 1000)
    first = Clip(native_line, 0, native_line.samples)
    track = VoiceTrack([first, Clip(later, 50_000, 1000)], 60_000, RATE)
    track.render(50_000)
    write_wav(later.path, tone(1000), RATE)
    assert np.abs(track.render(10_000)).max() > 0.1


def test_the_background_is_down_while_the_voice_speaks(line: AudioFile) -> None:
    clips = [Clip(line, 40_000, 20_000), Clip(line, 70_000, 20_000), Clip(line, 200_000, 20_000)]
    ducking = Ducking(depth_db=-6.0, attack_ms=50, release_ms=400)
    gains = DuckingEnvelope(clips, RATE, ducking).gains(0, 300_000)
    down = np.float32(10 ** (-6 / 20))
    assert (gains[: 40_000 - 2400] == 1.0).all()
    assert np.allclose(gains[40_000:90_000], down)  # and between two that are close
    assert (gains[90_000 + 19_200 : 200_000 - 2400] == 1.0).all()
    assert np.allclose(gains[200_000:220_000], down)
    assert np.abs(np.diff(gains)).max() < 3e-4
    pieces = [
        DuckingEnvelope(clips, RATE, ducking).gains(at, 1000) for at in range(0, 300_000, 1000)
    ]
    assert np.array_equal(np.concatenate(pieces), gains)


def test_no_voice_no_ducking() -> None:
    assert (DuckingEnvelope([], RATE, Ducking()).gains(5, 10) == 1.0).all()
