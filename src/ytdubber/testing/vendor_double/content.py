"""Where the double's answers come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ytdubber.domain.transcript import Word
from ytdubber.ports.translator import Line, TranslatedLine


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples between -1 and 1."""

    samples: NDArray[np.float32]
    rate_hz: int

    @property
    def duration_ms(self) -> int:
        """Its length."""
        return round(len(self.samples) * 1000 / self.rate_hz)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said; a word's speaker is a number from 0 on, or None."""

    language: str
    words: tuple[Word, ...]


class CannotDo(Exception):
    """The content has no answer to a request the vendor would fulfil."""


class Content(Protocol):
    """Hears, translates and speaks, from several threads at once."""

    def transcribe(self, sound: Sound, language: str | None, terms: Sequence[str]) -> Heard:
        """The words of a recording; the language is found out when it is None.

        Raises:
            CannotDo: it does not know the language.
        """
        ...

    def translate(
        self, lines: Sequence[Line], source: str, target: str
    ) -> Sequence[TranslatedLine]:
        """Every line, with alternatives of other lengths.

        Raises:
            CannotDo: it does not know the pair.
        """
        ...

    def synthesize(self, text: str, language: str, voice: str) -> Sound:
        """The text, spoken. The voice is a vendor's name; equal names sound equal.

        Raises:
            CannotDo: it has no voice for the language.
        """
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...
