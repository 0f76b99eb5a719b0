from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ytdubber.adapters.local.whisper_windows import LONGEST_MS, PAD_MS, Stretch, Window, windows
from ytdubber.domain.media import Interval

DURATION_MS = 600_000


def cut(
    speech: Sequence[Interval], duration_ms: int = DURATION_MS, languages: str = ""
) -> tuple[Window, ...]:
    """Windows of speech in one language, or each interval in one of a letter; no place in it is
    quieter than another, so that it is cut as late as can be."""
    spoken = [
        Stretch(each, languages[index] if languages else "en") for index, each in enumerate(speech)
    ]
    return windows(spoken, duration_ms, lambda within: within.end_ms)


def test_long_pauses_are_left_out_and_times_lead_back() -> None:
    (window,) = cut([Interval(1_000, 2_000), Interval(10_000, 12_000)], DURATION_MS)
    assert window.parts == (Interval(800, 2_200), Interval(9_800, 12_200))
    assert window.duration_ms == 3_800
    assert window.original_ms(200, 200) == 1_000
    assert window.original_ms(1_600, 1_700) == 10_000
    assert window.original_ms(1_300, 1_500) == 9_800
    assert window.original_ms(9_999, 9_999) == 12_200


def test_neighbours_share_a_short_pause() -> None:
    (window,) = cut([Interval(0, 1_000), Interval(1_100, 2_000)], 2_000)
    assert window.parts == (Interval(0, 1_050), Interval(1_050, 2_000))


def test_speech_without_a_pause_is_cut() -> None:
    found = cut([Interval(0, 70_000)], 70_000)
    assert [window.duration_ms for window in found] == [LONGEST_MS, LONGEST_MS, 12_000]


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    asked: list[Interval] = []

    def quietest(within: Interval) -> int:
        asked.append(within)
        return within.start_ms + 4_000

    found = windows([Stretch(Interval(0, 40_000), "en")], 40_000, quietest)
    assert [window.parts for window in found] == [
        (Interval(0, 23_000),),
        (Interval(23_000, 40_000),),
    ]
    assert asked == [Interval(19_000, 29_000)]


def test_a_window_has_one_language() -> None:
    speech = [Interval(at, at + 900) for at in range(0, 5_000, 1_000)]
    found = cut(speech, languages="aabba")
    assert [(window.language, len(window.parts)) for window in found] == [
        ("a", 2),
        ("b", 2),
        ("a", 1),
    ]


def test_no_speech_needs_no_window() -> None:
    assert cut([], 1_000) == ()


@given(st.lists(st.integers(1, 9_000), max_size=60).filter(lambda steps: len(steps) % 2 == 0))
def test_all_speech_is_heard_once_and_in_order(steps: list[int]) -> None:
    edges = [sum(steps[: index + 1]) for index in range(len(steps))]
    speech = [Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    found = cut(speech)
    parts = [part for window in found for part in window.parts]
    assert all(window.duration_ms <= LONGEST_MS for window in found)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(parts))
    for interval in speech:
        assert sum(interval.overlap_ms(part) for part in parts) == interval.duration_ms
    assert sum(part.duration_ms for part in parts) <= sum(
        interval.duration_ms + 2 * PAD_MS for interval in speech
    )
