"""One line of a translation, put in its language's way of writing."""

from .literals import with_literals, with_powers
from .money import with_money
from .number_format import number_format
from .numbering import with_numbering
from .numbers import with_numbers


def localize(source: str, translated: str, language: str, target: str, around: str = "") -> str:
    """A translation whose numbers, sums of money and addresses are the source's, written as its
    language writes them. What a translator has put right already stays: to localize once more
    changes nothing.

    Args:
        source: What was said.
        translated: Its translation.
        language: The source's language.
        target: The translation's.
        around: What is said before and after it: words may have moved there and from there.
    """
    if not source.strip() or not translated.strip():
        return translated
    there, here = number_format(language), number_format(target)
    text = with_powers(source, with_literals(source, translated))
    text = with_numbering(source, text, target)
    text = with_numbers(source, around, text, there, here)
    return with_money(source, text, there, here, target)
