"""Answers made by rule: no model, the same every time, in milliseconds."""

import itertools
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval
from ytdubber.domain.spacing import pieces
from ytdubber.domain.transcript import Word
from ytdubber.ports.translator import Line, TranslatedLine

from .content import Heard, Sound
from .sentences import languages, text_like

RATE_HZ = 24_000
CHAR_MS, USUAL = 60, 15.0
"""How long a character takes in a language that voices speak at the usual speed."""

_PROSE = (
    "The river rises in the hills and runs south for many miles before it meets the sea. "
    "People have fished here since the first boats were built, and some of them still do. "
    "In the morning there is fog on the water, and by noon it is gone. "
)
_WORDS_PER_S = 2.5
_LOUD = 0.02
_PAUSE_MS = 250  # a shorter one is part of speaking


class CannedContent:
    """Hears prose wherever it is loud, translates into sentences as long as asked, speaks in tones.

    Args:
        text: What it hears, spread over all that is loud; prose that goes round when None.
        language: What it takes the language for when it is not told.
        speakers: How many take turns, one a stretch of sound.
    """

    def __init__(self, text: str | None = None, language: str = "en", speakers: int = 1) -> None:
        self._text = text
        self._language = language
        self._speakers = speakers

    def transcribe(self, sound: Sound, language: str | None, terms: Sequence[str]) -> Heard:
        """Words of even length in every stretch of sound."""
        stretches = _loud(sound)
        total_ms = sum(each.duration_ms for each in stretches)
        if self._text is None:
            count = round(total_ms / 1000 * _WORDS_PER_S)
            texts = list(itertools.islice(itertools.cycle(_PROSE.split()), count))
        else:
            texts = [piece.strip() for piece in pieces(self._text, language or self._language)]
        words: list[Word] = []
        passed_ms = 0
        for number, stretch in enumerate(stretches):
            passed_ms += stretch.duration_ms
            here = texts[len(words) : round(len(texts) * passed_ms / total_ms)]
            words += _spread(here, stretch, str(number % self._speakers))
        return Heard(language or self._language, tuple(words))

    def translate(
        self, lines: Sequence[Line], source: str, target: str
    ) -> Sequence[TranslatedLine]:
        """Sentences of the language, about as long as is wanted; then shorter ones, and ones as
        short as they may be. In a language that there are no sentences in, `sv: ` and the source's
        own words, round and round, to the length exactly.
        """
        return [self._translated(line, target) for line in lines]

    def _translated(self, line: Line, target: str) -> TranslatedLine:
        if not line.text.strip():
            return TranslatedLine(line.id, "")
        ideal = line.target_chars or len(line.text) + len(target) + 2
        least = line.min_chars or round(ideal * 0.85)
        lengths = (ideal, (ideal + least) // 2, least)
        fill = text_like if target in languages() else _filled
        best, *others = dict.fromkeys(fill(line.text, target, chars) for chars in lengths)
        return TranslatedLine(line.id, best, tuple(others))

    def synthesize(self, text: str, language: str, voice: str) -> Sound:
        """A tone, its pitch the voice's, its length the text's at the pace of the language."""
        samples = round(len(text) * char_ms(language) * RATE_HZ / 1000)
        return Sound(_tone(samples, voice), RATE_HZ)

    def close(self) -> None:
        """Nothing is held."""


def char_ms(language: str) -> int:
    """How long a tone stands for a character of a language."""
    return round(CHAR_MS * USUAL / language_of(language).spoken_chars_per_second)


def _loud(sound: Sound) -> list[Interval]:
    """When it is loud, to 10 ms, over pauses that are part of speaking."""
    step = max(1, sound.rate_hz // 100)
    padded = np.pad(np.abs(sound.samples), (0, -len(sound.samples) % step))
    loud = np.concatenate(([False], padded.reshape(-1, step).max(axis=1) > _LOUD, [False]))
    edges = np.flatnonzero(loud[1:] != loud[:-1]) * 10
    found: list[Interval] = []
    for start_ms, end_ms in edges.reshape(-1, 2).tolist():
        end = min(end_ms, sound.duration_ms)
        if found and start_ms - found[-1].end_ms <= _PAUSE_MS:
            found[-1] = Interval(found[-1].start_ms, end)
        else:
            found.append(Interval(start_ms, end))
    return found


def _spread(texts: Sequence[str], stretch: Interval, speaker: str) -> list[Word]:
    edges = np.linspace(stretch.start_ms, stretch.end_ms, len(texts) + 1).astype(int).tolist()
    return [
        Word(text, start_ms, end_ms, 0.98, speaker)
        for text, (start_ms, end_ms) in zip(texts, itertools.pairwise(edges), strict=True)
    ]


def _filled(text: str, target: str, chars: int) -> str:
    """A text of exactly so many characters, one at least."""
    words = itertools.cycle(text.split())
    made = f"{target}:"
    while len(made) < chars:
        made += f" {next(words)}"
    cut = made[: max(1, chars)]
    return cut[:-1] + "." if cut[-1] == " " else cut


def _tone(samples: int, voice: str) -> NDArray[np.float32]:
    """Fades in and out over 10 ms; 110 to 220 Hz by the voice's name."""
    pitch_hz = 110.0 * (1 + zlib.crc32(voice.encode()) / 2**32)
    seconds = np.arange(samples) / RATE_HZ
    fade = np.minimum(1.0, np.minimum(seconds, seconds[::-1]) / 0.01)
    return (0.3 * fade * np.sin(2 * np.pi * pitch_hz * seconds)).astype(np.float32)
