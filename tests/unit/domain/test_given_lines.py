"""A dub whose lines a person gives."""

from itertools import pairwise

import pytest

from ytdubber.domain.errors import ScriptLinesMissing, ScriptOutOfStep
from ytdubber.domain.given_lines import given_lines
from ytdubber.domain.media import Interval
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.domain.segmentation import utterances
from ytdubber.domain.transcript import Transcript, Word

SAID = (
    "We ate some cheese.",
    "Then we went to bed.",
    "It was late.",
    "Nobody slept.",
    "Good night.",
)


def recording(begin_ms: int = 0) -> Transcript:
    words, at = [], begin_ms
    for number, line in enumerate(SAID):
        for text in line.split():
            words.append(Word(text, at, at + 300, 0.9))
            at += 350
        at += 900 + 370 * number
    return Transcript("en", utterances(words))


def timed(transcript: Transcript, *texts: str, by_ms: int = 0) -> Script:
    return Script(
        "pt.srt",
        tuple(
            ScriptLine(text, Interval(u.start_ms + by_ms, u.end_ms + by_ms))
            for text, u in zip(texts, transcript.utterances, strict=True)
        ),
    )


TEXTS = ("Comemos queijo.", "Depois fomos dormir.", "Era tarde.", "Ninguém dormiu.", "Boa noite.")


def test_lines_with_times_are_said_where_the_recording_says_theirs() -> None:
    said = recording()
    lines = given_lines(timed(said, *TEXTS, by_ms=-250), said, "pt")
    assert list(lines.texts.values()) == list(TEXTS)
    for ours, theirs in zip(lines.transcript.utterances, said.utterances, strict=True):
        assert (ours.start_ms, ours.end_ms, ours.text) == (
            theirs.start_ms,
            theirs.end_ms,
            theirs.text,
        )
    assert lines.transcript.uncovered == ()


def test_a_sentence_over_two_lines_is_said_in_one_breath() -> None:
    said = recording()
    first = said.utterances[0]
    cut_ms = (first.start_ms + first.end_ms) // 2
    lines = (
        ScriptLine("Comemos", Interval(first.start_ms, cut_ms)),
        ScriptLine("queijo.", Interval(cut_ms, first.end_ms)),
        *timed(said, *TEXTS).lines[1:],
    )
    found = given_lines(Script("pt.srt", lines), said, "pt")
    assert list(found.texts.values()) == list(TEXTS)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("th", ("วันนี้อากาศดี แต่ฝนตก", "เราไปนอน", "ดึกแล้ว", "ไม่มีใครหลับ", "ลาก่อน")),
        ("zh", ("我在New York工作。", "然后我们睡觉。", "很晚了。", "没人睡着。", "再见。")),
        ("pt", ("O que é isto? Nada.", "Às 5 h.", "Era tarde.", "Ninguém dormiu.", "Tchau.")),
    ],
)
def test_what_is_said_is_what_was_written_spaces_and_all(
    language: str, texts: tuple[str, ...]
) -> None:
    said = recording()
    found = given_lines(timed(said, *texts), said, language)
    assert list(found.texts.values()) == list(texts)


def test_a_pause_of_the_recording_parts_lines_that_follow_one_another_closely() -> None:
    said = recording()
    first, second = said.utterances[:2]
    lines = (
        ScriptLine("Comemos queijo", Interval(first.start_ms, second.start_ms - 10)),
        ScriptLine("e fomos dormir.", Interval(second.start_ms - 10, second.end_ms)),
        *timed(said, *TEXTS).lines[2:],
    )
    found = given_lines(Script("pt.srt", lines), said, "pt").transcript.utterances
    assert [each.start_ms for each in found] == [each.start_ms for each in said.utterances]


def test_speech_that_no_line_stands_for_is_named() -> None:
    said = recording()
    lines = timed(said, *TEXTS).lines
    found = given_lines(Script("pt.srt", (*lines[:2], *lines[3:])), said, "pt")
    (bare,) = found.transcript.uncovered
    left = said.utterances[2]
    assert (bare.start_ms, bare.end_ms) == (left.start_ms, left.end_ms)


def test_a_line_where_nobody_speaks_is_said_all_the_same() -> None:
    said = recording()
    extra = ScriptLine(
        "Fim.", Interval(said.utterances[-1].end_ms + 4_000, said.utterances[-1].end_ms + 5_000)
    )
    found = given_lines(Script("pt.srt", (*timed(said, *TEXTS).lines, extra)), said, "pt")
    assert list(found.texts.values())[-1] == "Fim."
    last = found.transcript.utterances[-1]
    assert (last.text, last.words) == ("", ())
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(found.transcript.utterances))


def test_lines_without_times_are_one_for_each_utterance() -> None:
    said = recording()
    plain = Script("pt.txt", tuple(map(ScriptLine, TEXTS)))
    assert list(given_lines(plain, said, "pt").texts.values()) == list(TEXTS)
    with pytest.raises(ScriptLinesMissing, match="it has 4 lines and the recording 5"):
        given_lines(Script("pt.txt", plain.lines[:-1]), said, "pt")


def test_lines_by_utterance_are_those_of_the_recording() -> None:
    said = recording()
    lines = tuple(
        ScriptLine(text, utterance_id=f"u{number:04d}") for number, text in enumerate(TEXTS, 1)
    )
    texts = given_lines(Script("translation.json", lines), said, "pt").texts
    assert texts["u0003"] == "Era tarde."
    with pytest.raises(ScriptLinesMissing):
        given_lines(Script("translation.json", lines[1:]), said, "pt")


@pytest.mark.parametrize(("by_ms", "how"), [(20_000, "late"), (-20_000, "early")])
def test_a_script_out_of_step_is_refused_with_its_offset(by_ms: int, how: str) -> None:
    said = recording(begin_ms=30_000)
    with pytest.raises(ScriptOutOfStep, match=rf"20\.0 s too {how}"):
        given_lines(timed(said, *TEXTS, by_ms=by_ms), said, "pt")
