from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.media import Interval
from ytdubber.domain.segmentation import utterances
from ytdubber.domain.transcript import Transcript, Word, until

TOTAL_MS = 10_000


def transcript(*edges: tuple[int, int]) -> Transcript:
    words = [Word(f"w{start}", start, end, 1.0) for start, end in edges]
    return Transcript("en", utterances(words), (Interval(0, 40),))


def test_what_ends_with_the_recording_is_as_it_was() -> None:
    said = transcript((8_000, 9_000), (9_000, TOTAL_MS))
    assert until(said, TOTAL_MS) == said


def test_a_line_past_the_end_has_no_place_in_the_dub_and_is_told() -> None:
    kept = until(transcript((1_000, 2_000), (10_100, 10_900)), TOTAL_MS)
    assert [u.text for u in kept.utterances] == ["w1000"]
    assert kept.uncovered == (Interval(0, 40), Interval(10_100, 10_900))


def test_of_a_line_that_straddles_the_end_the_words_before_it_are_kept() -> None:
    said = transcript((8_000, 9_000), (9_000, 10_400), (10_400, 10_900))
    (line,) = (kept := until(said, TOTAL_MS)).utterances
    assert (line.text, line.end_ms) == ("w8000 w9000", TOTAL_MS)
    assert line.words[-1].end_ms == TOTAL_MS
    assert kept.uncovered[1:] == (Interval(10_400, 10_900),)


def test_a_word_mostly_before_the_end_is_clipped_without_a_word() -> None:
    kept = until(transcript((9_000, 10_500)), TOTAL_MS)
    assert kept.utterances[0].end_ms == TOTAL_MS
    assert kept.uncovered == (Interval(0, 40),)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(20, 900)), min_size=1, max_size=40))
def test_every_word_is_kept_or_its_time_is_told(steps: list[tuple[int, int]]) -> None:
    at, edges = 0, list[tuple[int, int]]()
    for pause, length in steps:
        edges.append((at + pause, at + pause + length))
        at += pause + length
    said = transcript(*edges)
    kept = until(said, TOTAL_MS)
    words = [word for line in kept.utterances for word in line.words]
    assert [w.text for w in words] == [f"w{start}" for start, _ in edges[: len(words)]]
    assert all(line.end_ms <= TOTAL_MS for line in kept.utterances)
    for start, end in edges[len(words) :]:
        assert any(each.start_ms <= start and end <= each.end_ms for each in kept.uncovered)
