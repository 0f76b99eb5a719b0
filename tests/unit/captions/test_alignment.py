"""Captions read back from a file are checked as the ones that were made."""

from collections.abc import Callable, Sequence

import pytest
from tests.unit.captions.corpus import sentences

from ytdubber.captions.alignment import places, with_speech_ends
from ytdubber.captions.check import violations
from ytdubber.captions.cues import Cue, cues
from ytdubber.captions.parse import parse
from ytdubber.captions.speech import SpokenText
from ytdubber.captions.srt import srt
from ytdubber.captions.vtt import vtt
from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval


def dub(language: str) -> list[SpokenText]:
    spoken, at = [], 300
    for number, text in enumerate(sentences(language)):
        length = 300 + round(len(text) * 1000 / language_of(language).spoken_chars_per_second)
        spoken.append(SpokenText(text, Interval(at, at + length), "AB"[number % 2]))
        at += length + 150 * number
    return spoken


@pytest.mark.parametrize("language", ["pt", "he", "ja", "th"])
@pytest.mark.parametrize("write", [srt, vtt])
def test_a_file_is_checked_as_what_it_was_written_from(
    language: str, write: Callable[[Sequence[Cue]], str]
) -> None:
    spoken = dub(language)
    made = cues(spoken, language, spoken[-1].interval.end_ms + 2_000)
    found = with_speech_ends(parse(write(made)), spoken)
    assert violations(made, spoken, language) == ()
    assert violations(found, spoken, language) == ()


def test_lines_with_the_same_words_are_told_apart_by_their_times() -> None:
    spoken = [SpokenText("No.", Interval(at, at + 900)) for at in (0, 2_000, 4_000)]
    made = cues(spoken, "en", 6_000)
    assert [place and place.cue for place in places(made, spoken)] == [0, 1, 2]


def test_captions_of_others_are_matched_by_time_where_the_words_differ() -> None:
    spoken = [SpokenText("Good evening.", Interval(5_000, 6_500))]
    theirs = [Cue(7_000, 8_500, ("Hello there.",), 8_500)]
    assert [(b.rule, b.detail) for b in violations(theirs, spoken, "en")] == [
        ("onset", "a line begins at 5000 ms, its cue at 7000 ms")
    ]
