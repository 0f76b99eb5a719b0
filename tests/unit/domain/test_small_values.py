import pytest

from ytdubber.domain.errors import (
    DurationMismatch,
    ErrorKind,
    UnknownLanguage,
    UnknownVoice,
    VendorError,
    YtDubberError,
)
from ytdubber.domain.languages import normalize
from ytdubber.domain.levels import line_gains_db, voice_gain_db
from ytdubber.domain.media import Interval
from ytdubber.domain.punctuation import ends_clause, ends_sentence
from ytdubber.domain.voice import Gender, Voice, choose_voice

VOICES = [Voice("a", "pt", Gender.FEMALE, "A"), Voice("b", "pt", Gender.MALE, "B")]


@pytest.mark.parametrize("given", ["pt", "PT", "pt-BR", "pt_br", " pt "])
def test_a_language_is_known_by_any_of_its_spellings(given: str) -> None:
    assert normalize(given) == "pt"


@pytest.mark.parametrize("given", ["", "xx", "klingon", "p"])
def test_an_unknown_language_is_refused(given: str) -> None:
    with pytest.raises(UnknownLanguage, match="not a language we know"):
        normalize(given)


@pytest.mark.parametrize(("preference", "chosen"), [(None, "a"), ("male", "b"), ("b", "b")])
def test_a_voice_is_chosen_by_preference(preference: str | None, chosen: str) -> None:
    assert choose_voice(VOICES, preference, "pt").id == chosen


def test_an_unknown_voice_names_those_there_are() -> None:
    with pytest.raises(UnknownVoice, match="a, b"):
        choose_voice(VOICES, "c", "pt")


def test_intervals_overlap_where_they_meet() -> None:
    assert Interval(0, 10).overlap_ms(Interval(5, 20)) == 5
    assert Interval(0, 10).overlap_ms(Interval(10, 20)) == 0


@pytest.mark.parametrize(
    ("text", "sentence", "clause"),
    [
        ("home.", True, True),
        ('home."', True, True),
        ("Mr.", False, False),
        ("said,", False, True),
        ("です。", True, True),
        ("क्या।", True, True),
        ("كيف؟", True, True),
        ("word", False, False),
    ],
)
def test_sentences_and_clauses_end_with_their_marks(
    text: str, sentence: bool, clause: bool
) -> None:
    assert (ends_sentence(text), ends_clause(text)) == (sentence, clause)


def test_lines_take_their_originals_level_within_bounds() -> None:
    source, spoken = [-20, -20, -40, -20], [-30, -30, -30, -30]
    base = voice_gain_db(source, spoken)
    assert base == 10
    assert line_gains_db(source, spoken, base, [None] * 4) == [10, 10, 7, 10]
    assert line_gains_db(source, [-30, -45, -30, -30], base, [10, None, 7, 10]) == [10, 13, 7, 10]
    assert line_gains_db([], [], voice_gain_db([], []), []) == []


def test_an_error_says_its_facts() -> None:
    error = DurationMismatch(
        voice="v.wav", voice_s=3.0, background="b.wav", background_s=6.0, tolerance_ms=1000
    )
    assert str(error) == (
        "v.wav lasts 3.000 s and b.wav lasts 6.000 s: they differ by more than 1000 ms. Export"
        " both from the same timeline."
    )


def test_what_follows_from_a_fault_depends_on_the_fault() -> None:
    assert VendorError("x", ErrorKind.TIMEOUT, "slow").fault.retryable
    assert not ErrorKind.QUOTA.retryable
    assert ErrorKind.QUOTA.falls_back
    assert not ErrorKind.BAD_INPUT.falls_back


def every_error() -> list[type[YtDubberError]]:
    found, queue = [], [YtDubberError]
    while queue:
        kind = queue.pop()
        found.append(kind)
        queue += kind.__subclasses__()
    return found


def test_error_codes_are_unique() -> None:
    codes = [kind.code for kind in every_error()]
    assert len(codes) == len(set(codes))
