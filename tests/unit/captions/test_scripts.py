"""Scripts as people have them."""

import json

import pytest

from ytdubber.captions.scripts import read_script
from ytdubber.domain.errors import ScriptEmpty, ScriptNotReadable
from ytdubber.domain.media import Interval

SRT = """\ufeff1\r
00:00:01,000 --> 00:00:02,500\r
<i>Good evening,</i>\r
everybody.\r
\r
2\r
00:00:03,000 --> 00:00:04,000\r
{\\an8}- [applause] Tom &amp; Ann\r
- are here.\r
\r
3\r
00:00:05,000 --> 00:00:06,000\r
♪ la la ♪\r
"""
VTT = """WEBVTT

NOTE nobody reads this

intro
00:01.000 --> 00:02.500 position:10%
<v.loud Anna Maria>Bonjour <00:01.500>à <b>tous</b>.</v>
"""


def test_subtitles_say_what_is_said_when_and_by_whom() -> None:
    script = read_script(SRT.encode(), "talk.srt")
    assert [(line.text, line.interval) for line in script.lines] == [
        ("Good evening, everybody.", Interval(1_000, 2_500)),
        ("Tom & Ann are here.", Interval(3_000, 4_000)),
    ]
    assert script.left_out == ("[applause]", "♪ la la ♪")
    assert script.timed
    assert not script.by_utterance
    (line,) = read_script(VTT.encode(), "talk.vtt").lines
    assert (line.text, line.speaker) == ("Bonjour à tous.", "Anna Maria")
    assert line.interval == Interval(1_000, 2_500)


def test_plain_text_has_a_line_for_each_sentence() -> None:
    script = read_script("One.\n\n  Two   words.\n– Three.\n".encode(), "talk.txt")
    assert [line.text for line in script.lines] == ["One.", "Two words.", "Three."]
    assert not script.timed


def test_what_a_dub_wrote_is_read_back() -> None:
    said = {"id": "u0001", "start_ms": 10, "end_ms": 20, "speaker": "a", "text": "One."}
    (line,) = read_script(json.dumps({"utterances": [said]}).encode(), "transcript.json").lines
    assert (line.text, line.interval, line.speaker) == ("One.", Interval(10, 20), "a")
    given = {"id": "u0001", "source": "One.", "target": "Um."}
    script = read_script(json.dumps({"utterances": [given]}).encode(), "translation.json")
    assert (script.lines[0].text, script.lines[0].utterance_id) == ("Um.", "u0001")
    assert script.by_utterance


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Grüße".encode("latin-1"), "not UTF-8"),
        (b"\0\1\2", "not text"),
        (b'{"utterances": [', "line 1"),
        (b'{"cues": []}', "do not have"),
        (b'{"utterances": [{"id": "u0001", "text": "One."}]}', "do not have"),
        (b'{"utterances": [7]}', "do not have"),
        (b'{"utterances": [{"id": 1, "target": 7}]}', "do not have"),
    ],
)
def test_what_is_no_script_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ScriptNotReadable, match=reason):
        read_script(data, "talk.bin")


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"[applause]\n", b'{"utterances": []}'])
def test_a_script_in_which_nothing_is_said_is_refused(data: bytes) -> None:
    with pytest.raises(ScriptEmpty):
        read_script(data, "talk.txt")
