"""What the rest of the system has to know about one language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: everything that differs from language to language is a field here.

    Attributes:
        code: ISO 639-1, or 639-3 where there is none.
        name: Its English name.
        locale: What the bare code stands for, as BCP 47: `pt` is Brazilian Portuguese, `pt-BR`.
            The code alone where no country is meant.
        spaces: Whether words are separated by spaces.
        capital_nouns: Whether nouns begin with a capital within a sentence.
        caption_line_chars: The most characters in a line of a caption.
        caption_chars_per_second: The reading speed captions are lengthened for where there is room.
        caption_most_chars_per_second: The reading speed no caption should pass.
        spoken_chars_per_second: A voice's speed before it was measured.
        abbreviations: Words that end with a full stop and no sentence, in lower case, without it.
        negations: Words that deny, in lower case.
        links: Conjunctions and prepositions, in lower case: a good place to break a line is before
            one, a bad one after it.
        leads: Articles, determiners and auxiliaries, in lower case: what follows belongs to them.
    """

    code: str
    name: str
    locale: str
    spaces: bool = True
    capital_nouns: bool = False
    caption_line_chars: int = 42
    caption_chars_per_second: int = 17
    caption_most_chars_per_second: int = 20
    spoken_chars_per_second: float = 15.0
    abbreviations: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()

    @property
    def flag(self) -> str:
        """The flag of the locale's country, as web pages show one; empty where none is meant."""
        _, _, country = self.locale.partition("-")
        return "".join(chr(ord(letter) + 0x1F1A5) for letter in country)


def words(text: str) -> frozenset[str]:
    """The words of a text, as a record lists them."""
    return frozenset(text.split())
