import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ytdubber.captions.cues import cues
from ytdubber.captions.parse import parse
from ytdubber.captions.speech import SpokenText
from ytdubber.captions.srt import srt
from ytdubber.captions.vtt import vtt
from ytdubber.domain.media import Interval

WORDS = st.lists(st.text("abcdé&.,", min_size=1, max_size=9), min_size=1, max_size=30)


@example(["aaaaaaaa", "..aaaa", "..aaa.", "..aaaa", "..aaaa", "..aaaa"], 0)
@given(WORDS, st.integers(0, 4_000_000))
def test_what_is_written_is_read_back(words: list[str], start_ms: int) -> None:
    made = cues(
        [SpokenText(" ".join(words), Interval(start_ms, start_ms + 5_000))], "pt", start_ms + 9_000
    )
    for text in (srt(made), vtt(made)):
        found = parse(text)
        assert [(c.start_ms, c.end_ms, c.lines) for c in found] == [
            (c.start_ms, c.end_ms, c.lines) for c in made
        ]


def test_what_is_no_cue_is_passed_over() -> None:
    assert parse("WEBVTT\n\nNOTE hello\n\nSTYLE\n::cue {}\n") == ()
    assert parse("00:01.000 --> 00:02.000\nHi")[0].start_ms == 1_000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    text = end.join(["1", "00:00:01,000 --> 00:00:02,000", "Hi", "there", "", "2"])
    text += end.join(["", "00:00:03,000 --> 00:00:04,000", "You", ""])
    assert [cue.lines for cue in parse(text)] == [("Hi", "there"), ("You",)]
