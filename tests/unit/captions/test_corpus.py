"""Captions of long dubs in sixteen languages, by the published limits of each."""

import random

import pytest
from tests.unit.captions.corpus import SENTENCES, sentences

from ytdubber.captions.check import passing_share, violations
from ytdubber.captions.clusters import width
from ytdubber.captions.cues import cues
from ytdubber.captions.rules import rules_for
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval

LINES = 250


def dub(language: str, seed: int) -> list[SpokenText]:
    """Lines of one to three sentences, at the pace of the language's voices with what stretching
    does to it, and pauses from 0.05 to 2 s.
    """
    draw = random.Random(seed)  # noqa: S311 - the same dub in every run
    pace, spoken, at = language_of(language).spoken_chars_per_second, [], 500
    joint = " " if language_of(language).spaces or language == "th" else ""
    for _ in range(LINES):
        text = joint.join(draw.choices(sentences(language), k=draw.choice((1, 1, 2, 3))))
        length = 250 + round(len(text) * 1000 / (pace * draw.uniform(0.85, 1.2)))
        spoken.append(SpokenText(text, Interval(at, at + length)))
        at += length + round(draw.choice((draw.uniform(50, 400), draw.uniform(50, 2_000))))
    return spoken


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_long_dub_keeps_the_limits_of_its_language(language: str) -> None:
    spoken = dub(language, seed=1)
    made = cues(spoken, language, spoken[-1].interval.end_ms + 2_000)
    rules = rules_for(language)
    assert all(cue.end_ms - cue.start_ms >= rules.shortest_ms for cue in made)
    assert all(width(row, rules.half_width) <= rules.line_chars for c in made for row in c.lines)
    found = violations(made, spoken, language)
    assert passing_share(made, found) >= 0.995, found[:10]
    assert [each for each in found if not each.inevitable] == []
