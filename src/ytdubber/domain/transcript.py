"""What was said, by whom and when."""

from dataclasses import dataclass

from .media import Interval


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard, with its punctuation, without surrounding space."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float
    speaker: str | None = None

    @property
    def interval(self) -> Interval:
        """When it sounds."""
        return Interval(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words said in one breath by one speaker: the unit that is translated and dubbed."""

    id: str
    text: str
    start_ms: int
    end_ms: int
    speaker: str | None
    words: tuple[Word, ...]

    @property
    def duration_ms(self) -> int:
        """How long it sounds."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Transcript:
    """The utterances of a recording in the order they begin.

    Attributes:
        language: The language spoken in it.
        utterances: What was said.
        uncovered: Stretches in which somebody speaks and no word was made out, in order.
    """

    language: str
    utterances: tuple[Utterance, ...]
    uncovered: tuple[Interval, ...] = ()

    @property
    def text(self) -> str:
        """All that was said."""
        return " ".join(utterance.text for utterance in self.utterances)
