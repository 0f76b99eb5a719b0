from dataclasses import replace
from itertools import pairwise

from benchmarks import coverage as bench
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.coverage import EDGE_MS, LEAST_MS, filled, uncovered
from ytdubber.domain.media import Interval
from ytdubber.domain.transcript import Word


def word(text: str, start_ms: int, end_ms: int, speaker: str | None = None) -> Word:
    return Word(text, start_ms, end_ms, 0.9, speaker)


def test_speech_without_words_is_uncovered() -> None:
    speech = [Interval(1_000, 3_000), Interval(5_000, 9_000)]
    words = [word("one", 1_100, 1_500), word("two", 1_900, 2_900)]
    assert uncovered(speech, words) == (Interval(5_000, 9_000),)
    assert uncovered(speech, []) == tuple(speech)
    assert uncovered([], words) == ()


def test_edges_and_short_pauses_between_words_are_covered() -> None:
    words = [word("one", 300, 800), word("two", 1_400, 1_700)]
    assert uncovered([Interval(0, 2_000)], words) == ()


def test_a_hole_between_words_is_uncovered() -> None:
    words = [word("one", 0, 800), word("two", 4_000, 5_000)]
    assert uncovered([Interval(0, 5_000)], words) == (Interval(1_100, 3_700),)


def test_a_word_stretched_over_a_sentence_does_not_cover_it() -> None:
    words = [word("one", 0, 6_000), word("two", 6_000, 6_500)]
    assert uncovered([Interval(0, 6_500)], words) == (Interval(1_350, 5_700),)


def test_words_that_are_found_fill_the_hole_and_no_word_sounds_over_another() -> None:
    words = [word("one", 0, 5_000, "A"), word("six.", 6_000, 6_500, "B")]
    found = [word("two", 2_000, 2_400), word("five", 5_000, 6_100), word("late", 7_000, 7_100)]
    made = filled(words, [Interval(1_350, 5_700)], found)
    assert [(w.text, w.start_ms, w.end_ms, w.speaker) for w in made] == [
        ("one", 0, 2_000, "A"),
        ("two", 2_000, 2_400, "A"),
        ("five", 5_000, 6_100, "A"),
        ("six.", 6_000, 6_500, "B"),
    ]


def test_words_heard_again_beside_their_place_are_not_said_twice() -> None:
    words = [word("and", 0, 300), word("one,", 300, 900), word("Two", 4_000, 4_400)]
    found = [word("One", 1_100, 1_500), word("more", 2_000, 2_500), word("two", 3_300, 3_700)]
    made = filled(words, [Interval(1_200, 3_700)], found)
    assert [w.text for w in made] == ["and", "one,", "more", "Two"]


SPANS = st.lists(st.integers(1, 4_000), max_size=40).map(
    lambda steps: [Interval(sum(steps[:i]), sum(steps[: i + 1])) for i in range(len(steps))]
)


@given(SPANS, SPANS)
def test_what_is_uncovered_is_speech_away_from_every_word(
    every: list[Interval], spoken: list[Interval]
) -> None:
    speech, words = every[::2], [word("said", s.start_ms, s.end_ms) for s in spoken[::2]]
    found = uncovered(speech, words)
    assert all(each.duration_ms >= LEAST_MS for each in found)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
    for each in found:
        assert any(s.overlap_ms(each) == each.duration_ms for s in speech)
        for said in words:
            start_ms = said.start_ms - EDGE_MS
            assert each.overlap_ms(Interval(start_ms, min(said.end_ms, start_ms + 600))) == 0


@given(SPANS, SPANS)
def test_the_benchmark_judges_as_the_product_does(
    every: list[Interval], spoken: list[Interval]
) -> None:
    speech, words = every[::2], [word("said", s.start_ms, s.end_ms) for s in spoken[::2]]
    assert bench.uncovered(speech, map(bench.heard, words)) == list(uncovered(speech, words))


@given(SPANS, SPANS)
def test_filling_keeps_every_word_there_was(every: list[Interval], spoken: list[Interval]) -> None:
    words = [word(f"w{i}", s.start_ms, s.end_ms) for i, s in enumerate(spoken[::2])]
    found = [word(f"f{i}", s.start_ms, s.end_ms) for i, s in enumerate(spoken)]
    made = filled(words, uncovered(every[::2], words), found)
    assert [w.text for w in made if w.text.startswith("w")] == [w.text for w in words]
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(made))
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(made))
    assert filled(words, [], found) == tuple(replace(w) for w in words)
