"""What a script says comes back from every format: words exact, times to the millisecond."""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytdubber.captions.cues import Cue
from ytdubber.captions.dapt import ScriptEvent, dapt
from ytdubber.captions.scripts import read_script
from ytdubber.captions.srt import srt
from ytdubber.captions.vtt import vtt
from ytdubber.domain.media import Interval
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.spacing import one_line

LETTERS = "abcé ,.!?;:'\"/()*#%1Zñ你好。「」กขשלםمرحبا\u00a0\u2009\U0001f600"
MARKUP = "&<>{}=]"
"""What is markup somewhere, and only text in other formats."""


def cues(lines: Sequence[ScriptLine]) -> list[Cue]:
    return [
        Cue(each.interval.start_ms, each.interval.end_ms, (each.text,), each.interval.end_ms)
        for each in lines
        if each.interval
    ]


def events(lines: Sequence[ScriptLine]) -> list[ScriptEvent]:
    return [
        ScriptEvent(each.interval, each.text, speaker=each.speaker)
        for each in lines
        if each.interval
    ]


def as_json(lines: Sequence[ScriptLine]) -> str:
    said = [
        {"id": f"u{number}", "text": each.text, "speaker": each.speaker}
        | {"start_ms": each.interval.start_ms, "end_ms": each.interval.end_ms}
        for number, each in enumerate(lines)
        if each.interval
    ]
    return json.dumps({"utterances": said}, ensure_ascii=False)


def translated(lines: Sequence[ScriptLine]) -> str:
    """The lines as a translation beside an original of other words."""
    both = [
        ScriptEvent(each.interval, "Something else.", each.text, each.speaker)
        for each in lines
        if each.interval
    ]
    return dapt(both, "A talk", "en-US", "pt-BR")


@st.composite
def scripts(draw: st.DrawFn, letters: str) -> list[ScriptLine]:
    starts_with = st.text(letters, min_size=1, max_size=60).map(one_line).filter(str.strip)
    texts = draw(st.lists(starts_with, min_size=1, max_size=6))
    edges = draw(
        st.lists(
            st.integers(0, 36_000_000),
            unique=True,
            min_size=len(texts) * 2,
            max_size=len(texts) * 2,
        )
    )
    times = [Interval(a, b) for a, b in pairwise(sorted(edges))][::2]
    people = st.sampled_from([None, "A", "Anna & Maria", "<B>"])
    return [
        ScriptLine(text, when, speaker=draw(people))
        for text, when in zip(texts, times, strict=True)
    ]


def words_and_times(lines: Sequence[ScriptLine]) -> list[tuple[str, Interval | None]]:
    return [(each.text, each.interval) for each in lines]


@pytest.mark.parametrize("write", [srt, vtt])
@settings(deadline=None)
@given(given_=scripts(LETTERS))
def test_subtitles(write: Callable[[Sequence[Cue]], str], given_: list[ScriptLine]) -> None:
    read = read_script(write(cues(given_)).encode(), "talk")
    assert words_and_times(read.lines) == words_and_times(given_)


@settings(deadline=None)
@given(scripts(LETTERS + MARKUP))
def test_what_a_dub_writes_of_the_recording(given_: list[ScriptLine]) -> None:
    for written in (as_json(given_), dapt(events(given_), "A <talk>", "en-US")):
        read = read_script(written.encode(), "talk").lines
        assert [(*each, line.speaker) for each, line in zip(
            words_and_times(read), read, strict=True
        )] == [(each.text, each.interval, each.speaker) for each in given_]  # fmt: skip


@settings(deadline=None)
@given(scripts(LETTERS + MARKUP))
def test_a_translation_beside_its_original(given_: list[ScriptLine]) -> None:
    written = translated(given_).encode()
    assert words_and_times(read_script(written, "talk", "pt").lines) == words_and_times(given_)
    originals = read_script(written, "talk").lines
    assert {each.text for each in originals} == {"Something else."}
    assert [each.interval for each in originals] == [each.interval for each in given_]


@settings(deadline=None)
@given(scripts(LETTERS))
def test_a_translation_by_its_lines_and_plain_text(given_: list[ScriptLine]) -> None:
    said = [{"id": f"u{number}", "target": each.text} for number, each in enumerate(given_)]
    read = read_script(json.dumps({"utterances": said}).encode(), "translation.json").lines
    assert [(each.utterance_id, each.text) for each in read] == [
        (f"u{number}", each.text) for number, each in enumerate(given_)
    ]
    plain = read_script("\n".join(each.text for each in given_).encode(), "talk.txt").lines
    assert [each.text for each in plain] == [each.text for each in given_]
