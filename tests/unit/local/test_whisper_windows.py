from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ytdubber.adapters.local.whisper_windows import LONGEST_MS, PAD_MS, windows
from ytdubber.domain.media import Interval

DURATION_MS = 600_000


def test_long_pauses_are_left_out_and_times_lead_back() -> None:
    (window,) = windows([Interval(1_000, 2_000), Interval(10_000, 12_000)], DURATION_MS)
    assert window.parts == (Interval(800, 2_200), Interval(9_800, 12_200))
    assert window.duration_ms == 3_800
    assert window.original_ms(200, 200) == 1_000
    assert window.original_ms(1_600, 1_700) == 10_000
    assert window.original_ms(1_300, 1_500) == 9_800
    assert window.original_ms(9_999, 9_999) == 12_200


def test_neighbours_share_a_short_pause() -> None:
    (window,) = windows([Interval(0, 1_000), Interval(1_100, 2_000)], 2_000)
    assert window.parts == (Interval(0, 1_050), Interval(1_050, 2_000))


def test_speech_without_a_pause_is_cut() -> None:
    found = windows([Interval(0, 70_000)], 70_000)
    assert [window.duration_ms for window in found] == [LONGEST_MS, LONGEST_MS, 12_000]


def test_no_speech_needs_no_window() -> None:
    assert windows([], 1_000) == ()


@given(st.lists(st.integers(1, 9_000), max_size=60).filter(lambda steps: len(steps) % 2 == 0))
def test_all_speech_is_heard_once_and_in_order(steps: list[int]) -> None:
    edges = [sum(steps[: index + 1]) for index in range(len(steps))]
    speech = [Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    found = windows(speech, DURATION_MS)
    parts = [part for window in found for part in window.parts]
    assert all(window.duration_ms <= LONGEST_MS for window in found)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(parts))
    for interval in speech:
        assert sum(interval.overlap_ms(part) for part in parts) == interval.duration_ms
    assert sum(part.duration_ms for part in parts) <= sum(
        interval.duration_ms + 2 * PAD_MS for interval in speech
    )
