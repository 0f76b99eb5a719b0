from itertools import combinations
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.review import ReviewReason
from ytdubber.domain.schedule import plan, plan_around
from ytdubber.domain.timing import (
    RULES,
    PlannedLine,
    Slot,
    place,
    slots,
)
from ytdubber.domain.transcript import Utterance

TOTAL_MS = 60_000


def utterance(number: int, start_ms: int, end_ms: int, speaker: str | None = None) -> Utterance:
    return Utterance(f"u{number:04d}", "text", start_ms, end_ms, speaker, ())


class CountedSlot(Slot):
    """A slot that counts how often anything of any slot is looked at."""

    looks: ClassVar[int] = 0

    def __getattribute__(self, name: str) -> object:
        CountedSlot.looks += 1
        return super().__getattribute__(name)


@st.composite
def conversations(draw: st.DrawFn) -> list[Utterance]:
    """Up to twenty lines of up to three people, who may interrupt each other, not themselves."""
    free_from = dict.fromkeys(("a", "b", "c"), 0)
    start, said = 0, list[Utterance]()
    for number in range(draw(st.integers(1, 20))):
        speaker = draw(st.sampled_from(sorted(free_from)))
        start = max(start + draw(st.integers(0, 1_500)), free_from[speaker])
        end = start + draw(st.integers(200, 4_000))
        free_from[speaker] = end
        said.append(utterance(number, start, end, speaker))
    return said


def together(a: Slot, b: Slot) -> bool:
    return a.speaker != b.speaker and b.start_ms < a.source_end_ms


@given(conversations(), st.data())
def test_any_lines_are_placed_in_order_and_bounds(
    said: list[Utterance], data: st.DataObject
) -> None:
    total_ms = max(u.end_ms for u in said) + data.draw(st.integers(0, 2_000))
    places = slots(said, total_ms)
    natural = [data.draw(st.integers(1, 12_000)) for _ in said]
    lines = plan(places, natural, total_ms)
    for (a, one), (b, other) in combinations(zip(places, lines, strict=True), 2):
        if not together(a, b):
            assert one.start_ms + one.duration_ms <= other.start_ms  # never two at once, in order
    for slot, line, length in zip(places, lines, natural, strict=True):
        drift = line.start_ms - slot.start_ms
        assert -RULES.earliest_ms <= drift <= RULES.late_ms
        assert line.start_ms >= 0
        assert line.rate >= RULES.slowest_rate - 0.001
        assert line.start_ms + line.duration_ms <= max(total_ms, slot.start_ms + 1)
        if line.duration_ms > length:
            assert line.start_ms + line.duration_ms <= slot.source_end_ms


@given(conversations(), st.data())
def test_lateness_never_passes_a_long_pause(said: list[Utterance], data: st.DataObject) -> None:
    places = slots(said, 200_000)
    lines = plan(places, [data.draw(st.integers(1, 12_000)) for _ in said], 200_000)
    for index, (slot, line) in enumerate(zip(places, lines, strict=True)):
        before = [s.source_end_ms for s in places[:index] if not together(s, slot)]
        if all(slot.start_ms - end >= RULES.anchor_gap_ms for end in before):
            assert line.start_ms <= slot.start_ms


@given(conversations())
def test_lines_as_long_as_the_original_are_left_alone(said: list[Utterance]) -> None:
    places = slots(said, 200_000)
    lines = plan(places, [u.duration_ms for u in said], 200_000)
    assert [line.start_ms for line in lines] == [u.start_ms for u in said]
    assert all(line.rate == 1.0 for line in lines)


def test_room_ends_a_breath_before_the_next_onset_and_before_the_end() -> None:
    first, last = slots([utterance(1, 0, 1_000), utterance(2, 3_000, 4_000)], 10_000)
    assert first.room_ms == 2_880
    assert last.room_end_ms == 9_950


def test_an_utterance_has_at_least_the_room_it_took_itself() -> None:
    first, _ = slots([utterance(1, 0, 2_950), utterance(2, 3_000, 4_000)], 10_000)
    assert first.room_ms == 2_950


def two_lines(gap_ms: int, first_ms: int) -> tuple[PlannedLine, ...]:
    said = [utterance(1, 200, 2_200), utterance(2, 2_200 + gap_ms, 4_200 + gap_ms)]
    return plan(slots(said, 20_000), [first_ms, 2_000], 20_000)


def test_a_line_first_takes_the_pause_after_it() -> None:
    first, second = two_lines(gap_ms=500, first_ms=2_380)
    assert first.start_ms == 200
    assert first.rate == pytest.approx(RULES.ending_rate, abs=1e-3)
    assert (second.start_ms, second.rate) == (2_700, 1.0)


def test_a_line_a_little_longer_than_its_original_ends_with_it() -> None:
    first, _ = two_lines(gap_ms=500, first_ms=2_050)
    assert first.duration_ms == 2_000


def test_then_it_takes_a_speed_nobody_hears() -> None:
    first, second = two_lines(gap_ms=500, first_ms=2_470)
    assert first.start_ms == 200
    assert 1.0 < first.rate <= RULES.unheard_rate
    assert second.start_ms == 2_700


def test_then_it_begins_early_and_the_next_one_a_little_late() -> None:
    first, second = two_lines(gap_ms=500, first_ms=2_700)
    assert first.start_ms == 100
    assert 1.0 < first.rate <= RULES.comfortable_rate
    assert 2_700 < second.start_ms <= 2_800


def test_a_line_after_a_long_pause_is_never_late() -> None:
    _, second = two_lines(gap_ms=600, first_ms=4_000)
    assert second.start_ms == 2_800


def test_neighbours_of_a_fast_line_hurry_a_little_too() -> None:
    first, second = two_lines(gap_ms=600, first_ms=3_100)
    assert first.rate / second.rate <= RULES.rate_step + 0.01
    assert second.rate > 1.0


def test_the_line_before_makes_way_for_one_that_would_else_be_too_fast() -> None:
    said = [utterance(1, 0, 2_000), utterance(2, 2_200, 5_200), utterance(3, 5_700, 8_000)]
    before, long, after = plan(slots(said, 20_000), [2_140, 4_740, 2_300], 20_000)
    assert long.start_ms == 2_200 - RULES.early_ms  # alone, the first line would end at 2,077
    assert long.rate <= RULES.highest_rate + 0.001
    assert before.rate <= RULES.comfortable_rate
    assert after.start_ms <= 5_700 + RULES.late_ms


def test_every_line_of_a_crowded_stretch_may_begin_early() -> None:
    said = [utterance(1, 0, 2_000), utterance(2, 2_450, 4_450), utterance(3, 5_450, 7_450)]
    one, other, _ = plan(slots(said, 20_000), [2_600, 3_720, 2_000], 20_000)
    assert other.start_ms == 2_450 - RULES.early_ms
    assert other.rate == pytest.approx(3_720 / 2_980, abs=0.001)
    assert one.rate <= RULES.highest_rate + 0.001


def test_a_line_begins_earlier_still_before_it_would_be_flagged() -> None:
    said = [utterance(1, 2_000, 4_000), utterance(2, 5_000, 7_000)]
    for natural_ms, early_ms, rate in (
        (3_700, 100, 3_700 / 2_980),
        (3_900, 300, 3_900 / 3_180),
        (4_100, 400, 4_100 / 3_280),
        (4_500, 400, 4_500 / 3_280),
    ):
        line, _ = plan(slots(said, 20_000), [natural_ms, 2_000], 20_000)
        assert line.start_ms == 2_000 - early_ms
        assert line.rate == pytest.approx(rate, abs=0.001)


def test_people_who_spoke_at_once_still_do() -> None:
    said = [utterance(1, 0, 3_000, "a"), utterance(2, 2_000, 4_000, "b")]
    first, second = plan(slots(said, 9_000), [3_000, 2_000], 9_000)
    assert (first.start_ms, second.start_ms) == (0, 2_000)
    assert first.duration_ms == 3_000


def test_what_cannot_fit_is_spoken_as_fast_as_it_must_be_and_flagged() -> None:
    said = [utterance(1, 1_000, 2_000)]
    (slot,) = slots(said, 2_050)
    (line,) = plan([slot], [3_000], 2_050)
    placed = place(slot, line, 3_000)
    assert placed.end_ms <= 2_000
    assert placed.review == (ReviewReason.TOO_FAST,)
    assert placed.rate > RULES.highest_rate


@given(conversations(), st.data())
def test_a_flagged_line_is_no_faster_than_its_place_requires(
    said: list[Utterance], data: st.DataObject
) -> None:
    total_ms = max(u.end_ms for u in said) + data.draw(st.integers(0, 2_000))
    places = slots(said, total_ms)
    natural = [data.draw(st.integers(500, 6_000)) for _ in said]
    lines = plan(places, natural, total_ms)
    for index, (slot, line) in enumerate(zip(places, lines, strict=True)):
        if line.rate <= RULES.highest_rate + 0.005:
            continue
        limit = max(total_ms - RULES.tail_ms, min(slot.source_end_ms, total_ms))
        for other, later in zip(places[index + 1 :], lines[index + 1 :], strict=True):
            if not together(slot, other):
                gap = min(RULES.gap_ms, max(0, other.start_ms - slot.source_end_ms))
                limit = min(limit, later.start_ms - gap)
        slower = natural[index] / max(1, limit - line.start_ms)
        assert line.rate <= max(slower, RULES.highest_rate) * 1.01 + 0.005


def test_planning_takes_as_much_longer_as_there_are_more_lines() -> None:
    def looks(minutes: int) -> int:
        said, at = list[Utterance](), 0
        for number in range(minutes * 15):
            said.append(utterance(number, at, at + 3_500, "ab"[number % 7 == 0]))
            at += 3_500 + (100, 400, 900)[number % 3]
        natural = [(5_300, 3_300, 4_000)[number % 3] for number in range(len(said))]
        places = [
            CountedSlot(
                each.utterance_id, each.start_ms, each.source_end_ms, each.room_end_ms, each.speaker
            )
            for each in slots(said, at)
        ]
        CountedSlot.looks = 0
        plan(places, natural, at)
        return CountedSlot.looks

    assert looks(90) < 3.6 * looks(30)


def test_a_line_that_ends_before_its_original_is_slowed_to_end_with_it() -> None:
    for first_ms, rate in ((1_980, 0.99), (1_910, 0.955), (1_500, 0.95)):
        first, second = two_lines(gap_ms=600, first_ms=first_ms)
        assert (first.start_ms, second.start_ms) == (200, 2_800)
        assert first.rate == pytest.approx(rate, abs=1e-3)


def test_a_line_is_not_much_slower_than_the_next() -> None:
    first, second = two_lines(gap_ms=600, first_ms=1_500)
    assert first.rate == pytest.approx(0.95, abs=1e-3)
    assert second.rate == 1.0
    said = [utterance(1, 0, 2_000), utterance(2, 2_600, 4_600), utterance(3, 5_200, 7_200)]
    slow, fast, _ = plan(slots(said, 20_000), [1_500, 2_800, 2_000], 20_000)
    assert fast.rate / slow.rate <= RULES.rate_step + 0.001


@given(conversations(), st.data())
def test_slowing_lines_down_moves_none_and_hurries_none(
    said: list[Utterance], data: st.DataObject
) -> None:
    places = slots(said, 200_000)
    natural = [data.draw(st.integers(1, 6_000)) for _ in said]
    everybody = {slot.utterance_id for slot in places}
    slowed = plan(places, natural, 200_000)
    for one, other, slot in zip(
        slowed, plan(places, natural, 200_000, unslowed=everybody), places, strict=True
    ):
        assert one.start_ms == other.start_ms
        assert one.rate <= other.rate
        if one.rate < other.rate:
            assert one.start_ms + one.duration_ms <= slot.source_end_ms


def test_a_line_that_a_person_hurried_is_not_slowed_down() -> None:
    (slot,) = slots([utterance(1, 0, 2_000)], 20_000)
    (line,) = plan_around([slot], {slot.utterance_id: 1_500}, 20_000, (), {"u0001"}).values()
    assert (line.duration_ms, line.rate) == (1_500, 1.0)


def test_the_stretch_makes_the_rate() -> None:
    slot = slots([utterance(1, 0, 1_000)], 1_050)[0]
    placed = place(slot, PlannedLine(0, 1_000, 1.2), 1_200)
    assert placed.duration_ms == 1_000
    assert placed.stretch == placed.rate == 1.2
    assert placed.review == ()


def test_a_line_shorter_than_planned_is_slowed_down_within_bounds() -> None:
    slot = slots([utterance(1, 0, 1_000)], 2_000)[0]
    placed = place(slot, PlannedLine(0, 1_000, 1.0), 950)
    assert (placed.duration_ms, placed.stretch) == (1_000, 0.95)
    placed = place(slot, PlannedLine(0, 1_000, 1.0), 760)
    assert (placed.duration_ms, placed.stretch) == (800, 0.95)
