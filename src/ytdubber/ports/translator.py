"""Lines in one language in, the same lines in another out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.punctuation import ends_sentence
from ytdubber.domain.review import Reasons
from ytdubber.domain.usage import Receipt

from .call_context import CallContext

SENTENCE_PAUSE_MS = 600
"""A longer silence between two lines ends a sentence, whatever its punctuation."""


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance to translate. Lines follow one another and may be parts of one sentence.

    Attributes:
        id: Comes back with the translation.
        text: What was said.
        max_chars: The most characters the translation should have, or None.
        speaker: Who says it, where that is known.
        target_chars: The characters that would take as long as the original, or None.
        min_chars: The fewest it should have, or None.
        before: What was said before it, where that is not among the lines: context alone.
        after: What is said after it, where that is not among the lines: context alone.
        pause_before_ms: The silence between the line before it and this one.
    """

    id: str
    text: str
    max_chars: int | None = None
    speaker: str | None = None
    target_chars: int | None = None
    min_chars: int | None = None
    before: str = ""
    after: str = ""
    pause_before_ms: int = 0

    def goes_on(self, following: "Line", language: str) -> bool:
        """Whether a sentence of this line may go on in the following one.

        It ends with its mark, with a pause and with its speaker.

        Args:
            following: The line after it.
            language: The language both are in.
        """
        said = following.text
        if self.text.islower():  # then a small letter says nothing of where sentences begin
            said = said.capitalize()
        return (
            self.speaker == following.speaker
            and following.pause_before_ms <= SENTENCE_PAUSE_MS
            and not ends_sentence(self.text, language, said)
        )


@dataclass(frozen=True, slots=True)
class TranslatedLine:
    """The translation of the line with the same id.

    Attributes:
        id: The line's.
        text: The translation.
        alternatives: Others of different lengths, from engines that offer them.
        review: Why a person should look at it; empty where nobody need.
    """

    id: str
    text: str
    alternatives: tuple[str, ...] = ()
    review: Reasons = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """The lines asked for, in the order asked."""

    lines: tuple[TranslatedLine, ...]
    receipt: Receipt


class Translator(Protocol):
    """A translator of text."""

    def engine(self, source: str, target: str) -> EngineId:
        """Who translates this pair; cheap, loads nothing."""
        ...

    def translates(self, source: str, target: str) -> bool:
        """Whether it can translate this pair, directly or through another language."""
        ...

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        """Every line in the target language, ids and order kept; an empty text stays empty.

        Raises:
            VendorError: the engine could not do it; `unsupported` for a pair it does not know.
        """
        ...

    def warm_up(self) -> None:
        """Load now what the first call would load. Safe beside calls from other threads."""
        ...

    def close(self) -> None:
        """Give back memory and connections; calling again loads again."""
        ...
