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
        rtl: Whether it is written from right to left.
        phrase_model: BudouX's model for where a line may end in a script without spaces; empty
            where there is none.
        capital_nouns: Whether nouns begin with a capital within a sentence.
        caption_line_chars: The most characters in a line of a caption.
        caption_half_width: Whether captions count half-width characters as a half.
        caption_dash: What each of two speakers' lines begins with.
        caption_chars_per_second: The reading speed captions are lengthened for where there is room.
        caption_most_chars_per_second: The reading speed no caption should pass.
        spoken_chars_per_second: A voice's speed before it was measured.
        sentence_marks: Marks that end a sentence here and a clause elsewhere: the Greek `;`.
        ordinal_stop: Whether a full stop after a number makes it an ordinal: German `3. Oktober`.
        declines_names: Whether names change their endings: Russian `Анна`, `Анну`.
        abbreviations: Words that end with a full stop and no sentence, in lower case, without it.
        final_abbreviations: The same that may be a sentence's last word, like `etc`.
        number_abbreviations: Words that are short for something only before a number: `no. 5`.
        openers: Pronouns and other function words that often begin a sentence, in lower case.
        capitals: Words that may keep their capital within a sentence and look like common words at
            its beginning, in lower case: English `i`, `monday`; German `sie`.
        negations: Words that deny, in lower case.
        negation_pattern: What denies and is no word of its own, as a regular expression over text
            in lower case: affixes, and languages without spaces.
        numerals: The words for 0, 1, 2 and so on, forms parted by `/`; one with `*` has other
            meanings, too.
        links: Conjunctions and prepositions, in lower case: a good place to break a line is before
            one, a bad one after it.
        leads: Articles, determiners and auxiliaries, in lower case: what follows belongs to them.
        trails: Postpositions, particles and auxiliaries that belong to what stands before them, in
            lower case.
    """

    code: str
    name: str
    locale: str
    spaces: bool = True
    rtl: bool = False
    phrase_model: str = ""
    capital_nouns: bool = False
    caption_line_chars: int = 42
    caption_half_width: bool = False
    caption_dash: str = "-"
    caption_chars_per_second: int = 17
    caption_most_chars_per_second: int = 20
    spoken_chars_per_second: float = 15.0
    sentence_marks: str = ""
    ordinal_stop: bool = False
    declines_names: bool = False
    abbreviations: frozenset[str] = frozenset()
    final_abbreviations: frozenset[str] = frozenset()
    number_abbreviations: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    capitals: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    negation_pattern: str = ""
    numerals: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    trails: frozenset[str] = frozenset()

    @property
    def function_words(self) -> frozenset[str]:
        """Words that say how others belong together, in lower case; where known."""
        return self.links | self.leads | self.openers

    @property
    def flag(self) -> str:
        """The flag of the locale's country, as web pages show one; empty where none is meant."""
        _, _, country = self.locale.partition("-")
        return "".join(chr(ord(letter) + 0x1F1A5) for letter in country)


def words(text: str) -> frozenset[str]:
    """The words of a text, as a record lists them."""
    return frozenset(text.split())


def numerals(text: str) -> tuple[str, ...]:
    """The words for the numbers from 0, as a record lists them."""
    return tuple(text.split())
