"""The words of a script at the times at which they were heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.errors import ScriptOfAnother, ScriptOutOfStep
from ytdubber.domain.forced_alignment import align
from ytdubber.domain.media import Interval
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.domain.transcript import Word


def heard(text: str, step_ms: int = 400, gap_ms: int = 100) -> list[Word]:
    return [
        Word(each, number * step_ms, (number + 1) * step_ms - gap_ms, 0.9)
        for number, each in enumerate(text.split())
    ]


def script(*lines: str, **times: Interval) -> Script:
    return Script("talk.txt", tuple(ScriptLine(line) for line in lines))


def test_words_heard_as_written_have_the_times_of_what_was_heard() -> None:
    words = align(script("Good evening, Everybody!"), heard("good evening everybody"), "en")
    assert [(w.text, w.start_ms, w.end_ms) for w in words] == [
        ("Good", 0, 300),
        ("evening,", 400, 700),
        ("Everybody!", 800, 1_100),
    ]


def test_words_heard_otherwise_share_the_time_of_what_was_heard_instead() -> None:
    said = heard("we ate feta me able cheese today")
    words = align(script("We ate amiable cheese today."), said, "en")
    assert [w.text for w in words] == ["We", "ate", "amiable", "cheese", "today."]
    assert (words[2].start_ms, words[2].end_ms) == (said[2].start_ms, said[4].end_ms)


def test_words_that_nobody_heard_stand_between_those_that_were() -> None:
    words = align(
        script("So we ate really good cheese today, thanks."),
        heard("we ate good cheese today"),
        "en",
    )
    assert [w.text for w in words][:4] == ["So", "we", "ate", "really"]
    assert words[0].start_ms == 0
    assert 700 <= words[3].start_ms <= words[3].end_ms <= 800
    assert words[-1].start_ms >= words[-2].end_ms


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("zh", "今天 天气 很好", "今天天气很好！"),
        ("ja", "今日は いい 天気 ですね", "今日はいい天気ですね。"),
        ("th", "วันนี้ อากาศ ดี", "วันนี้อากาศดี"),
        ("zh", "我 在 New York 工作", "我在New York工作。"),
    ],
)
def test_languages_without_spaces_are_aligned_by_their_letters(
    language: str, said: str, written: str
) -> None:
    of = heard(said)
    words = align(script(written), of, language)
    assert (words[0].start_ms, words[-1].end_ms) == (of[0].start_ms, of[-1].end_ms)
    assert "".join(w.text for w in words) == written.replace(" ", "")


def test_a_speaker_named_by_the_script_says_it() -> None:
    lines = (ScriptLine("Good evening.", speaker="Ann"), ScriptLine("Hello."))
    words = align(Script("a.vtt", lines), heard("good evening hello"), "en")
    assert [w.speaker for w in words] == ["Ann", "Ann", None]


def test_the_script_of_another_recording_is_refused() -> None:
    with pytest.raises(ScriptOfAnother, match=r"only 0 % of its words"):
        align(script("Completely different things are said."), heard("we ate cheese"), "en")


@pytest.mark.parametrize(("by_ms", "how"), [(20_000, "late"), (-20_000, "early")])
def test_a_script_out_of_step_is_refused_with_its_offset(by_ms: int, how: str) -> None:
    said = [
        Word(w.text, w.start_ms + 30_000, w.end_ms + 30_000, 0.9)
        for w in heard("we ate cheese and then we went to bed")
    ]
    lines = tuple(
        ScriptLine(
            " ".join(w.text for w in said[at : at + 3]),
            Interval(said[at].start_ms + by_ms, said[at + 2].end_ms + by_ms),
        )
        for at in (0, 3, 6)
    )
    with pytest.raises(ScriptOutOfStep, match=rf"20\.0 s too {how}"):
        align(Script("talk.srt", lines), said, "en")


WORDS = st.lists(
    st.sampled_from("we ate cheese and then went to bed early today".split()), min_size=1
)


@given(said=WORDS, written=WORDS)
def test_every_word_of_a_script_stands_once_and_in_order(
    said: list[str], written: list[str]
) -> None:
    try:
        words = align(script(" ".join(written)), heard(" ".join(said)), "en")
    except ScriptOfAnother:
        return
    assert [w.text for w in words] == written
    assert all(w.start_ms <= w.end_ms for w in words)
    starts = [w.start_ms for w in words]
    assert starts == sorted(starts)
