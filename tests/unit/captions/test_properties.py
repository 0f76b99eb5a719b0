"""What holds for captions of any text at any times."""

import unicodedata
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ytdubber.captions.check import violations
from ytdubber.captions.clusters import clusters, width
from ytdubber.captions.cues import Cue, cues
from ytdubber.captions.phrasing import CLOSING, OPENING
from ytdubber.captions.rules import rules_for
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.languages import LANGUAGES, language_of
from ytdubber.domain.media import Interval

TOTAL_MS = 120_000
ALPHABETS = {
    "pt": "abc déñ.,<>&- ",
    "fr": "abé«» !?;\u202f\u00a0’ 12",
    "zh": "他不是坏脾的，。「」ab. 12",
    "ja": "これはペンーっゃです、。「」ab漢字",
    "th": "กขคงเแโา่ี้ำๆ ab12",
    "hi": "कखगघिीाु्ं। ",
    "ar": "لمشبسيئ،.؟ًّ ab",
    "he": "אבגדה,.?ְֶַ ab",
    "ta": "கஙசாிு். ",
    "km": "កខគងុំ្រា។ ",
    "my": "ကခဂင်း္ာို့၊။ ",
    "ko": "가나다라마 .,!ab",
    "en": "abcde ABC.,!?()/\u200d\U0001f468\U0001f469\U0001f3fd\u2066\u2069",
}


def letters(text: str) -> str:
    return "".join(
        char
        for char in text
        if not char.isspace() and char != "-" and unicodedata.category(char) != "Cf"
    )


def is_text(text: str) -> bool:
    """Whether there is something to read in it, and nothing at its ends that joins nothing."""
    ends = text.strip()[:1], text.strip()[-1:]
    alone = len(clusters("1" + ends[0])) == 2
    return not text or (bool(letters(text)) and "\u200d" not in ends and alone)


TEXTS = st.sampled_from(sorted(ALPHABETS)).flatmap(
    lambda code: st.tuples(
        st.just(code),
        st.lists(st.text(ALPHABETS[code], max_size=160).filter(is_text)),
    )
)


@st.composite
def speeches(draw: st.DrawFn, most_speakers: int = 2) -> tuple[str, list[SpokenText]]:
    language, texts = draw(TEXTS)
    spoken = []
    for text in texts:
        start = draw(st.integers(0, TOTAL_MS - 1))
        length = draw(st.integers(1, 9_000))
        speaker = draw(st.sampled_from([None, "A", "B"][: most_speakers + 1]))
        spoken.append(SpokenText(text, Interval(start, min(TOTAL_MS, start + length)), speaker))
    return language, spoken


@st.composite
def conversations(draw: st.DrawFn) -> tuple[str, list[SpokenText]]:
    """Lines at a pace a voice has, with pauses between, none at the same time."""
    language, texts = draw(TEXTS)
    rules, at, spoken = rules_for(language), 0, []
    for text in texts:
        pace = draw(st.floats(0.3, 0.9)) * rules.most_chars_per_second
        length = 300 + round(width(text, rules.half_width) * 1000 / pace)
        speaker = draw(st.sampled_from(["A", "B"]))
        spoken.append(SpokenText(text, Interval(at, at + length), speaker))
        at += length + draw(st.integers(50, 2_000))
    return language, spoken


def begins_with(spoken: list[SpokenText], mark: str) -> bool:
    return any(line.text.strip().startswith(mark) for line in spoken)


def ends_with(spoken: list[SpokenText], mark: str) -> bool:
    return any(line.text.strip().endswith(mark) for line in spoken)


def shown(made: tuple[Cue, ...]) -> str:
    return "".join(letters(line) for cue in made for line in cue.lines)


@settings(deadline=None)
@example(("fr", [SpokenText("1 \u202f", Interval(0, 7_000))]))
@given(speeches())
def test_no_text_is_lost_and_no_two_cues_meet(given_: tuple[str, list[SpokenText]]) -> None:
    language, spoken = given_
    made = cues(spoken, language, TOTAL_MS)
    said = "".join(letters(line.text) for line in spoken)
    assert sorted(shown(made)) == sorted(said)
    for a, b in pairwise(made):
        assert a.start_ms <= b.start_ms
        assert a.end_ms <= max(b.start_ms, a.start_ms + 1)
    assert all(cue.start_ms < cue.end_ms for cue in made)
    assert all(line.strip() for cue in made for line in cue.lines)


@settings(deadline=None)
@given(conversations())
def test_ordinary_speech_keeps_its_order_and_the_shortest_time(
    given_: tuple[str, list[SpokenText]],
) -> None:
    language, spoken = given_
    rules = rules_for(language)
    made = cues(spoken, language, spoken[-1].interval.end_ms + 3_000 if spoken else 1)
    assert shown(made) == "".join(letters(line.text) for line in spoken)
    for cue in made:
        assert cue.end_ms - cue.start_ms >= rules.shortest_ms
    for a, b in pairwise(made):
        assert b.start_ms - a.end_ms >= rules.gap_ms
    broken = [each for each in violations(made, spoken, language) if each.rule != "reading_speed"]
    assert broken == []


@settings(deadline=None)
@example(
    ("fr", [SpokenText("1111? \u00a0;", Interval(0, 1)), SpokenText("1« 1", Interval(0, 7_001))])
)
@given(speeches())
def test_no_line_parts_what_belongs_together(given_: tuple[str, list[SpokenText]]) -> None:
    language, spoken = given_
    rules, dash = rules_for(language), language_of(language).caption_dash
    whole = {
        cluster
        for line in spoken
        for word in (line.text, *line.text.split())
        for cluster in clusters(word)
    }
    for cue in cues(spoken, language, TOTAL_MS):
        assert len(cue.lines) <= rules.lines
        for line in cue.lines:
            assert width(line, rules.half_width) <= rules.line_chars
            bare = line.removeprefix("\u200f").removeprefix(dash).removesuffix("-")
            parts = {part for part in clusters(bare) if not part[0].isspace()}
            assert parts <= whole | {"-"}
            if any(char not in CLOSING and char not in OPENING for char in bare):
                assert bare[0] not in CLOSING or bare[1:2].isalnum() or begins_with(spoken, bare[0])
                part_of_word = bare[-2:-1].isalnum()  # as the end of `„Komm“` is
                assert bare[-1] not in OPENING or part_of_word or ends_with(spoken, bare[-1])


@settings(deadline=None)
@given(st.sampled_from(sorted(LANGUAGES)), st.text(min_size=1, max_size=80))
def test_any_text_of_any_language_is_shown(language: str, text: str) -> None:
    made = cues([SpokenText(text, Interval(0, 5_000))], language, 8_000)
    assert sorted(shown(made)) == sorted(letters(text))
