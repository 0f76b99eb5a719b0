from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.timing import HIGHEST_RATE, double_talk_ms, place, rate_needed, slots
from ytdubber.domain.transcript import Utterance

TOTAL_MS = 60_000


def utterance(number: int, start_ms: int, end_ms: int) -> Utterance:
    return Utterance(f"u{number:04d}", "text", start_ms, end_ms, None, ())


@st.composite
def conversations(draw: st.DrawFn) -> list[Utterance]:
    edges = sorted(draw(st.sets(st.integers(0, TOTAL_MS), min_size=2, max_size=40)))
    pairs = list(pairwise(edges))[::2]
    return [utterance(i, start, end) for i, (start, end) in enumerate(pairs)]


@given(conversations(), st.data())
def test_no_line_meets_another_or_passes_the_end_and_every_line_starts_on_its_onset(
    said: list[Utterance], data: st.DataObject
) -> None:
    placements = []
    for slot, original in zip(slots(said, TOTAL_MS), said, strict=True):
        natural_ms = data.draw(st.integers(1, 40_000))
        placed = place(slot, natural_ms, natural_ms, 1.0)
        assert placed.start_ms == original.start_ms
        assert placed.duration_ms <= max(1, slot.room_ms)
        assert placed.stretch >= 1.0
        assert placed.needs_review == (placed.rate > HIGHEST_RATE)
        placements.append(placed)
    assert double_talk_ms(placements) == 0
    assert placements[-1].end_ms <= TOTAL_MS + 1


def test_room_ends_a_breath_before_the_next_onset_and_before_the_end() -> None:
    first, last = slots([utterance(1, 0, 1_000), utterance(2, 3_000, 4_000)], 10_000)
    assert first.room_ms == 2_880
    assert last.room_end_ms == 9_950


def test_an_utterance_has_at_least_the_room_it_took_itself() -> None:
    first, _ = slots([utterance(1, 0, 2_950), utterance(2, 3_000, 4_000)], 10_000)
    assert first.room_ms == 2_950


def test_a_line_that_fits_is_not_changed() -> None:
    slot = slots([utterance(1, 0, 1_000)], 3_050)[0]
    placed = place(slot, 2_000, 2_000, 1.0)
    assert (placed.duration_ms, placed.stretch, placed.rate) == (2_000, 1.0, 1.0)
    assert rate_needed(2_000, slot) == 1.0


def test_engine_speed_and_stretch_together_make_the_rate() -> None:
    slot = slots([utterance(1, 0, 1_000)], 1_050)[0]
    assert rate_needed(1_200, slot) == 1.2
    placed = place(slot, 1_200, 1_100, 1.2)
    assert placed.duration_ms == 1_000
    assert placed.stretch == 1.1
    assert placed.rate == 1.2
    assert not placed.needs_review
