"""What is kept as it sounds in the original."""

import pytest

from ytdubber.domain.errors import BadField
from ytdubber.domain.keep import Keep, KeptPassage, keep_of, set_apart
from ytdubber.domain.media import Interval
from ytdubber.domain.segmentation import utterances
from ytdubber.domain.transcript import Transcript, Word

TOTAL_MS = 20_000


def said(*parts: tuple[str, int, int, str | None]) -> Transcript:
    """Each text's words, one every 500 ms from its beginning on, until its end."""
    words = [
        Word(text, start + 500 * n, start + 500 * n + 450, 0.9, speaker)
        for texts, start, _, speaker in parts
        for n, text in enumerate(texts.split())
    ]
    return Transcript("en", utterances(words), (Interval(6_500, 7_500),))


TALK = said(
    ("One two three four.", 0, 2_000, "A"),
    ("Five six.", 3_000, 4_000, "B"),
    ("Seven eight.", 4_600, 5_600, "B"),
    ("Nine ten eleven twelve.", 8_000, 10_000, "A"),
)


def texts(passages: tuple[KeptPassage, ...]) -> list[list[str]]:
    return [[each.text for each in passage.said] for passage in passages]


def test_people_and_times_are_told_by_how_they_are_written() -> None:
    assert keep_of(["B", "0:10-0:25.5", "AA", "B", "3", "1:00:00 - 1:00:01", "20-30"]) == Keep(
        ("B", "AA", "3"), (Interval(10_000, 30_000), Interval(3_600_000, 3_601_000))
    )


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("b", "'b' is no person, such as B, and no time"),
        ("0:10", "'0:10' is no person"),
        ("0:10-x", "'0:10-x' is no time"),
        ("1:70:00-2:00:00", "is no time"),
        ("0:25-0:10", "'0:25-0:10' ends before it begins"),
        ("", "'' is no person"),
    ],
)
def test_what_is_neither_is_refused(named: str, why: str) -> None:
    with pytest.raises(BadField, match=why):
        keep_of([named])


def test_nothing_kept_leaves_all_as_it_is() -> None:
    assert set_apart(TALK, Keep(), TOTAL_MS) == (TALK, ())


def test_a_person_is_kept_with_short_pauses_and_a_little_sound_around() -> None:
    dubbed, kept = set_apart(TALK, keep_of(["B"]), TOTAL_MS)
    assert [(each.id, each.text) for each in dubbed.utterances] == [
        ("u0001", "One two three four."),
        ("u0002", "Nine ten eleven twelve."),
    ]
    assert texts(kept) == [["Five six.", "Seven eight."]]
    assert [each.interval for each in kept] == [Interval(2_900, 5_700)]
    assert dubbed.uncovered == TALK.uncovered


def test_a_range_is_kept_to_the_millisecond_and_cuts_what_is_said() -> None:
    dubbed, kept = set_apart(TALK, keep_of(["0:01-0:07"]), TOTAL_MS)
    assert [each.text for each in dubbed.utterances] == ["One two", "Nine ten eleven twelve."]
    assert texts(kept) == [["three four.", "Five six.", "Seven eight."]]
    assert [each.interval for each in kept] == [Interval(1_000, 7_000)]
    assert dubbed.uncovered == (Interval(7_000, 7_500),)


def test_a_range_in_which_nothing_is_said_is_kept_too() -> None:
    _, kept = set_apart(TALK, keep_of(["12-13"]), TOTAL_MS)
    assert kept == (KeptPassage(Interval(12_000, 13_000)),)


def test_people_and_ranges_do_not_meet() -> None:
    _, kept = set_apart(TALK, keep_of(["B", "4-5"]), TOTAL_MS)
    assert texts(kept) == [["Five six."], ["Seven"], ["eight."]]
    assert [each.interval for each in kept] == [
        Interval(2_900, 4_000),
        Interval(4_000, 5_000),
        Interval(5_000, 5_700),
    ]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        (["C"], "'C' is not heard; those who are: A, B"),
        (["15-21"], r"'15-21 s' lies past the end of the recording, 20\.000 s"),
        (["A", "B"], "all that is said would be kept, and nothing dubbed"),
        (["0-20"], "all that is said would be kept"),
    ],
)
def test_what_cannot_be_kept_is_refused(named: list[str], why: str) -> None:
    with pytest.raises(BadField, match=why):
        set_apart(TALK, keep_of(named), TOTAL_MS)
