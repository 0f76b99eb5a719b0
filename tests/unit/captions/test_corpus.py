"""Captions of long dubs in sixteen languages, by the published limits of each."""

import random
from collections.abc import Callable, Sequence

import pytest
from tests.unit.captions import corpus

from ytdubber.captions.check import passing_share, violations
from ytdubber.captions.clusters import width
from ytdubber.captions.cues import cues
from ytdubber.captions.rules import rules_for
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval
from ytdubber.domain.spacing import joined
from ytdubber.testing.vendor_double import sentences as vendor_double

LINES = 250


def dub(language: str, seed: int, known: Sequence[str]) -> list[SpokenText]:
    """Lines of one to three sentences, at the pace of the language's voices with what stretching
    does to it, and pauses from 0.05 to 2 s.
    """
    draw = random.Random(seed)  # noqa: S311 - the same dub in every run
    pace, spoken, at = language_of(language).spoken_chars_per_second, [], 500
    for _ in range(LINES):
        chosen = draw.choices(known, k=draw.choice((1, 1, 2, 3)))
        text = joined(chosen, language, phrases=True)
        length = 250 + round(len(text) * 1000 / (pace * draw.uniform(0.85, 1.2)))
        spoken.append(SpokenText(text, Interval(at, at + length)))
        at += length + round(draw.choice((draw.uniform(50, 400), draw.uniform(50, 2_000))))
    return spoken


@pytest.mark.slow
@pytest.mark.parametrize("known", [corpus.sentences, vendor_double.sentences])
@pytest.mark.parametrize("language", sorted(corpus.SENTENCES))
def test_a_long_dub_keeps_the_limits_of_its_language(
    language: str, known: Callable[[str], Sequence[str]]
) -> None:
    spoken = dub(language, 1, known(language))
    made = cues(spoken, language, spoken[-1].interval.end_ms + 2_000)
    rules = rules_for(language)
    assert all(cue.end_ms - cue.start_ms >= rules.shortest_ms for cue in made)
    assert all(width(row, rules.half_width) <= rules.line_chars for c in made for row in c.lines)
    found = violations(made, spoken, language)
    assert passing_share(made, found) >= 0.995, found[:10]
    assert [each for each in found if not each.inevitable] == []
