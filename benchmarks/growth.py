"""How the work on words, lines and captions grows with the length of a recording."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ytdubber.captions.cues import cues
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.media import Interval
from ytdubber.domain.schedule import plan
from ytdubber.domain.segmentation import refine, utterances
from ytdubber.domain.timing import slots
from ytdubber.domain.transcript import Word

T = TypeVar("T")
TITLE = "Growth: words, lines and captions of 10, 60 and 180 minutes"
MINUTES = (10, 60, 180)
WORDS_A_SENTENCE = 9
SEED = 7


@dataclass(frozen=True)
class Said:
    """Words as a recognizer places them, and when somebody speaks."""

    words: list[Word]
    speech: list[Interval]
    total_ms: int


def said(minutes: int) -> Said:
    """A lecture: 150 words a minute, a pause of up to two seconds after every sentence."""
    rng = random.Random(SEED)  # noqa: S311 - a repeatable recording
    words, speech, at = list[Word](), list[Interval](), 500
    while at < minutes * 60_000:
        begin = at
        for place in range(WORDS_A_SENTENCE):
            length = rng.randint(120, 520)
            text = "lecture" + ("." if place == WORDS_A_SENTENCE - 1 else "")
            words.append(Word(text, at + rng.randint(-90, 90), at + length, 0.9))
            at += length + rng.randint(0, 40)
        speech.append(Interval(begin, at))
        at += rng.choice((rng.randint(20, 300), rng.randint(250, 700), rng.randint(600, 2_000)))
    return Said(words, speech, at)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gave, and the processor time it took, in seconds."""
    begin = time.process_time()
    return work(), time.process_time() - begin


def once(minutes: int) -> tuple[int, dict[str, float]]:
    """How many lines a recording has, and the processor seconds of each step."""
    heard, rng = said(minutes), random.Random(SEED)  # noqa: S311 - repeatable lengths
    words, refining = timed(lambda: refine(heard.words, heard.speech))
    lines, cutting = timed(lambda: utterances(words))
    natural = [round(u.duration_ms * 1.18 * math.exp(rng.gauss(0, 0.2))) for u in lines]
    places, rooms = timed(lambda: slots(lines, heard.total_ms))
    planned, planning = timed(lambda: plan(places, natural, heard.total_ms))
    spoken = [
        SpokenText(u.text, Interval(p.start_ms, p.start_ms + p.duration_ms))
        for u, p in zip(lines, planned, strict=True)
    ]
    _, captioning = timed(lambda: cues(spoken, "en", heard.total_ms))
    return len(lines), {
        "words onto the sound": refining,
        "words into lines": cutting,
        "rooms": rooms,
        "plan": planning,
        "captions": captioning,
    }


def run() -> str:
    """The table."""
    found = {minutes: once(minutes) for minutes in MINUTES}
    first, last = MINUTES[0], MINUTES[-1]
    rows = ["| step | " + " | ".join(f"{m} min" for m in MINUTES) + " | growth |"]
    rows.append("| --- |" + " --- |" * (len(MINUTES) + 1))
    for step in found[first][1]:
        spent = [found[m][1][step] for m in MINUTES]
        growth = spent[-1] / max(spent[0], 1e-4)
        times = " | ".join(f"{each:.3f} s" for each in spent)
        rows.append(f"| {step} | {times} | {growth:.0f} x |")
    lines = " | ".join(str(found[m][0]) for m in MINUTES)
    rows.append(f"| lines | {lines} | {found[last][0] / found[first][0]:.0f} x |")
    return (
        "\n".join(rows)
        + f"\n\nProcessor time. {last} minutes are {last // first} times {first}: a growth near"
        f" {last // first} is in proportion, one near {(last // first) ** 2} goes with the square."
    )
