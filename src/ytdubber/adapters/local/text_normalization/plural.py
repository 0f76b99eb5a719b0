"""Names that change with the number before them."""

from decimal import Decimal

from ytdubber.app.localization.number_format import cldr_locale


def form(forms: str, value: Decimal, language: str) -> str:
    """The form of a name for a number, of such as `one:dollar other:dollars` or just `euro`."""
    if ":" not in forms:
        return forms
    by_category: dict[str, str] = {}
    category = ""
    for part in forms.split():
        head, colon, rest = part.partition(":")
        if colon:
            category, by_category[head] = head, rest
        else:
            by_category[category] += f" {part}"
    wanted = category_of(value, language)
    return by_category.get(wanted, by_category["other"])


def category_of(value: Decimal, language: str) -> str:
    """The CLDR's plural category of a number in a language."""
    category: str = cldr_locale(language).plural_form(value)
    return category
