from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytdubber.audio.edges import REACH_MS, onto_energy
from ytdubber.audio.files import read_mono, write_wav
from ytdubber.domain.media import AudioFile, Interval

RATE_HZ = 16_000
SPANS_MS = ((240, 1_800), (2_400, 4_000))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> AudioFile:
    """Two stretches of tone over soft noise, with a click before the second."""
    chance = np.random.default_rng(3)
    sound = chance.normal(0, 0.001, 5 * RATE_HZ)
    for start, end in SPANS_MS:
        at = np.arange((end - start) * RATE_HZ // 1000)
        sound[start * 16 : start * 16 + at.size] += 0.2 * np.sin(at * 0.3)
    sound[2_330 * 16 : 2_330 * 16 + 40] += 0.5
    path = tmp_path_factory.mktemp("edges") / "voice.wav"
    return write_wav(path, sound.astype(np.float32), RATE_HZ)


@settings(max_examples=40)
@given(offsets=st.tuples(*[st.integers(-120, 120)] * 4))
def test_edges_move_onto_the_sound_wherever_the_detector_put_them(
    recording: AudioFile, offsets: tuple[int, int, int, int]
) -> None:
    heard = [
        Interval(SPANS_MS[0][0] + offsets[0], SPANS_MS[0][1] + offsets[1]),
        Interval(SPANS_MS[1][0] + offsets[2], SPANS_MS[1][1] + offsets[3]),
    ]
    for found, (start, end) in zip(onto_energy(recording, heard), SPANS_MS, strict=True):
        assert abs(found.start_ms - start) <= 15
        assert abs(found.end_ms - end) <= 15


@given(
    edges=st.sets(st.integers(0, 5_000), min_size=2, max_size=10).map(sorted),
)
def test_no_edge_goes_far_and_no_interval_meets_another(
    recording: AudioFile, edges: list[int]
) -> None:
    heard = [Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    found = onto_energy(recording, heard)
    for before, after in zip(heard, found, strict=True):
        assert abs(after.start_ms - before.start_ms) <= REACH_MS
        assert abs(after.end_ms - before.end_ms) <= REACH_MS
        assert after.start_ms < after.end_ms
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))


def test_an_offset_changes_nothing(tmp_path: Path, recording: AudioFile) -> None:
    sound = read_mono(recording)
    moved = write_wav(tmp_path / "moved.wav", sound + np.float32(0.2), RATE_HZ)
    heard = [Interval(start - 60, end + 60) for start, end in SPANS_MS]
    assert onto_energy(moved, heard) == onto_energy(recording, heard)


def test_silence_changes_nothing(tmp_path: Path) -> None:
    silent = write_wav(tmp_path / "x.wav", np.zeros(RATE_HZ, np.float32), RATE_HZ)
    assert onto_energy(silent, [Interval(100, 900)]) == (Interval(100, 900),)
    assert onto_energy(silent, []) == ()


def test_an_offset_that_comes_with_the_sound_moves_no_edge(tmp_path: Path) -> None:
    """As of a gate: nothing at all where nobody speaks, and an offset from before each word on."""
    sound = np.zeros(3 * RATE_HZ, np.float32)
    chance = np.random.default_rng(5)
    breath = slice(940 * 16, 2_060 * 16)
    sound[breath] = 0.006 + chance.normal(0, 0.0004, 1_120 * 16).astype(np.float32)
    sound[1_000 * 16 : 2_000 * 16] += 0.05 * np.sin(np.arange(16_000, dtype=np.float32) * 0.3)
    gated = write_wav(tmp_path / "gated.wav", sound, RATE_HZ)
    (found,) = onto_energy(gated, [Interval(1_010, 1_990)])
    assert abs(found.start_ms - 1_000) <= 15
    assert abs(found.end_ms - 2_000) <= 15
