"""Captions besides the usual ones: in two languages, and with names and sounds."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.captions.test_properties import ALPHABETS, is_text, letters

from ytdubber.captions.bilingual import BilingualText, bilingual
from ytdubber.captions.clusters import width
from ytdubber.captions.cues import cues
from ytdubber.captions.rules import rules_for
from ytdubber.captions.sdh import with_names_and_sounds
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.media import Interval
from ytdubber.domain.script import ScriptLine

LONG_PT = (
    "Há muito tempo que a família de Dashwood se tinha instalado em Sussex, numa propriedade"
    " grande, no meio da qual ficava a residência."
)
LONG_EN = (
    "The family of Dashwood had long been settled in Sussex, on a large estate, in the centre"
    " of which stood the residence."
)


def both(text: str, original: str, start_ms: int, end_ms: int) -> BilingualText:
    return BilingualText(text, original, Interval(start_ms, end_ms))


def test_what_was_said_stands_under_what_the_dub_says() -> None:
    said = [
        both("Bom dia.", "Good morning.", 0, 1_200),
        both(LONG_PT, LONG_EN, 1_500, 10_500),
    ]
    shown = bilingual(said, "pt", "en", 12_000)
    assert shown[0].lines == ("Bom dia.", "Good morning.")
    assert all(len(cue.lines) == 2 for cue in shown), "there is time for one row of each"
    assert " ".join(cue.lines[0] for cue in shown[1:]) == LONG_PT
    assert " ".join(cue.lines[1] for cue in shown[1:]) == LONG_EN


def test_a_fast_line_has_two_rows_of_each_language() -> None:
    (cue,) = bilingual([both(LONG_PT[:70], LONG_EN[:70], 0, 1_500)], "pt", "en", 9_000)
    assert len(cue.lines) == 4
    assert " ".join(cue.lines[2:]) == LONG_EN[:70].strip()


def test_what_has_no_text_in_one_language_is_shown_in_the_other() -> None:
    kept = both("", "La la la.", 0, 2_000)
    alone = both("E então?", "", 3_000, 5_000)
    assert [cue.lines for cue in bilingual([kept, alone], "pt", "en", 9_000)] == [
        ("La la la.",),
        ("E então?",),
    ]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str, list[BilingualText]]:
    codes = st.sampled_from(sorted(ALPHABETS))
    language, original = draw(codes), draw(codes)
    at, lines = 0, []
    for _ in range(draw(st.integers(0, 4))):
        text, said = (
            draw(st.text(ALPHABETS[code], max_size=160).filter(is_text))
            for code in (language, original)
        )
        length_ms = draw(st.integers(1_200, 15_000))
        lines.append(both(text, said, at, at + length_ms))
        at += length_ms + draw(st.integers(100, 2_000))
    return language, original, lines


@settings(deadline=None)
@given(pairs())
def test_both_languages_keep_their_rules_and_lose_nothing(
    given_: tuple[str, str, list[BilingualText]],
) -> None:
    language, original, lines = given_
    shown = bilingual(lines, language, original, 90_000)
    for a, b in pairwise(shown):
        assert a.end_ms + rules_for(language).gap_ms <= b.start_ms
    sizes = [rules_for(code) for code in (language, original)]
    for cue in shown:
        assert len(cue.lines) <= 4
        assert cue.start_ms < cue.end_ms
        for row in cue.lines:
            assert any(width(row, each.half_width) <= each.line_chars for each in sizes)
    rows = [letters(row) for cue in shown for row in cue.lines]
    for line in lines:
        for text in (line.text, line.original):
            assert _holds(rows, letters(text))


def _holds(rows: Sequence[str], text: str) -> bool:
    """Whether a text is made of some of these rows in their order."""
    reached = {0}
    for row in rows:
        reached |= {at + len(row) for at in reached if row and text.startswith(row, at)}
    return len(text) in reached


def spoken(text: str, start_ms: int, speaker: str | None) -> SpokenText:
    return SpokenText(text, Interval(start_ms, start_ms + 2_000), speaker)


def test_names_stand_where_somebody_else_begins_and_sounds_where_they_are() -> None:
    said = [
        spoken("Good evening.", 0, "Ann"),
        spoken("Sit down.", 3_000, "Ann"),
        spoken("Thank you.", 9_000, "Tom"),
    ]
    heard = with_names_and_sounds(said, [ScriptLine("[applause]", Interval(6_000, 7_000))])
    assert [line.text for line in heard] == [
        "[Ann] Good evening.",
        "Sit down.",
        "[applause]",
        "[Tom] Thank you.",
    ]
    shown = cues(heard, "en", 12_000)
    assert ("[applause]",) in [cue.lines for cue in shown]


def test_one_person_alone_is_not_named_and_nothing_is_made_up() -> None:
    said = [spoken("Good evening.", 0, "A"), spoken("Sit down.", 3_000, None)]
    assert list(with_names_and_sounds(said, [])) == said
