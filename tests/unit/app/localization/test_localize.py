"""Numbers, money and addresses of translations.

How each language writes numbers is the Unicode CLDR's; what the translations got wrong is what
small local models were seen to make of the sentences.
"""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytdubber.app.localization import localize
from ytdubber.app.localization.number_format import Quantity, number_format
from ytdubber.domain.languages import NAMES


@pytest.mark.parametrize(
    ("pair", "source", "translated", "expected"),
    [
        ("en-pt", "It costs $1,299.50.", "Custa $1,299.50.", "Custa $1.299,50."),
        ("en-pt", "It costs $12,500.", "Custa $12,500.", "Custa $12.500."),
        ("en-pt", "1,234,567 views", "1,234,567 visualizações", "1.234.567 visualizações"),
        ("en-de", "It costs $1,299.50.", "Es kostet $1,299.50.", "Es kostet $1.299,50."),
        ("en-fr", "12,500 people", "12,500 personnes", "12\u202f500 personnes"),
        ("en-fr", "12,500 people", "12 500 personnes", "12\u202f500 personnes"),
        ("en-ru", "12,500.5 km", "12,500.5 км", "12\u00a0500,5 км"),
        ("en-hi", "1,234,567 views", "1,234,567 व्यूज़", "12,34,567 व्यूज़"),
        ("hi-en", "12,34,567 व्यूज़", "12,34,567 views", "1,234,567 views"),
        ("hi-en", "१२,३४५ लोग", "१२,३४५ people", "12,345 people"),
        ("hi-mr", "१२,३४५ लोग", "१२,३४५ लोक", "१२,३४५ लोक"),
        ("en-es", "1,299 people, 12,500 cars", "1,299 y 12,500", "1299 y 12.500"),
        ("pt-en", "1.234.567 views", "1.234.567 views", "1,234,567 views"),
        (
            "pt-en",
            "O dólar está a R$ 5,43.",
            "The dollar is at R$ 5,43.",
            "The dollar is at R$ 5.43.",
        ),
        ("fr-en", "12 500 personnes", "12 500 people", "12,500 people"),
        ("de-en", "1.299,50 Euro", "1.299,50 euros", "1,299.50 euros"),
        ("en-pt", "The ratio 1.234", "A proporção 1.234", "A proporção 1,234"),
        ("en-pt", "It grew 0.5%.", "Cresceu 0.5%.", "Cresceu 0,5%."),
    ],
)
def test_numbers_taken_over_are_written_as_the_language_does(
    pair: str, source: str, translated: str, expected: str
) -> None:
    assert localized(pair, source, translated) == expected


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        ("en-pt", "10/11/2024"),
        ("en-pt", "14:30 and 14:30:05"),
        ("en-pt", "Python 3.11"),
        ("en-pt", "version 3.11"),
        ("en-de", "GPT 4.5, iOS 17.2"),
        ("en-pt", "192.168.0.1"),
        ("en-pt", "555-123-4567 or +1 555 123 456"),
        ("fr-en", "06 12 34 56 78"),
        ("en-fr", "1999 and 2024"),
        ("en-de", "2.30 pm"),
        ("de-en", "3.10.2024"),
        ("de-en", "Version 3.11"),
        ("en-pt", "007"),
        ("en-pt", "v1.2 of a-1.5b"),
        ("es-en", "1,299"),
    ],
)
def test_what_is_no_amount_stays(pair: str, text: str) -> None:
    assert localized(pair, text, text) == text


@pytest.mark.parametrize(
    ("pair", "source", "translated"),
    [
        ("en-pt", "1,299 and 2.5", "1.299 e 2,5"),
        ("en-pt", "1,299 and 1.299", "1.299 e 1,299"),
        ("en-pt", "Room 1,024", "Quarto 1.024"),
        ("en-ja", "1,299 people", "1,299人"),
        ("en-pt", "It costs $50.", "Custa US$ 50."),
        ("en-pt", "It costs $50.", "Custa 50 dólares."),
        ("pt-en", "Custa US$ 30.", "It costs $30."),
        ("pt-en", "Custa 30 €.", "It costs 30 euros."),
        ("en-ru", "It costs €5.", "Это стоит 5 евро."),
        ("en-zh", "It costs €5.", "它要5欧元。"),
        ("en-pt", "It costs fifty bucks and $5.", "Custa cinquenta pratas e 5 pilas."),
        ("en-pt", "C and C#", "C e C"),
    ],
)
def test_what_is_right_already_or_cannot_be_known_stays(
    pair: str, source: str, translated: str
) -> None:
    assert localized(pair, source, translated) == translated


@pytest.mark.parametrize(
    ("pair", "source", "translated", "expected"),
    [
        ("pt-en", "Custa R$ 50.", "It costs $50.", "It costs R$50."),
        ("pt-en", "Custa € 30.", "It costs $ 30.", "It costs € 30."),
        ("en-pt", "It is C$20 or A$30.", "É $20 ou A$30.", "É C$20 ou A$30."),
        ("en-pt", "I have €5 and £3.50.", "Eu tenho 5 e 3,50 euros.", "Eu tenho €5 e £3,50."),
        ("en-pt", "₹5 lakh", "5 lakh", "₹5 lakh"),
        ("en-de", "It costs €5.", "Es kostet 5.", "Es kostet 5\u00a0€."),
        (
            "en-de",
            "It costs €5 million.",
            "Es kostet 5 Millionen.",
            "Es kostet 5 Millionen\u00a0€.",
        ),
        (
            "pt-en",
            "Um de R$ 2,00 e outro de US$ 2,00.",
            "One of $2.00 and another of $2.00.",
            "One of R$2.00 and another of $2.00.",
        ),
    ],
)
def test_money_is_the_source_s(pair: str, source: str, translated: str, expected: str) -> None:
    assert localized(pair, source, translated) == expected


@pytest.mark.parametrize(
    ("pair", "source", "translated", "expected"),
    [
        ("en-pt", "to info@company.org.", "para info-company.org.", "para info@company.org."),
        ("en-pt", "We use C#, not C++.", "Nós usamos C, não C++.", "Nós usamos C#, não C++."),
        ("en-pt", "Ask @maria now", "Pergunte a maria agora", "Pergunte a @maria agora"),
        (
            "en-pt",
            "Go to a-b.com/x-1 now",
            "Vá para a-b.com/x 1 agora",
            "Vá para a-b.com/x-1 agora",
        ),
        ("pt-en", "nº 25", "the 25", "the No. 25"),
        ("pt-en", "O quarto n° 25", "The room n° 25", "The room No. 25"),
        ("en-pt", "Room no. 25 is free.", "Quarto não. 25 é gratuito.", "Quarto nº 25 é gratuito."),
        ("en-pt", "A 5,000 m² house", "Uma casa de 5.000 m2", "Uma casa de 5.000 m²"),
    ],
)
def test_signs_that_a_model_has_no_letter_for_come_back(
    pair: str, source: str, translated: str, expected: str
) -> None:
    assert localized(pair, source, translated) == expected


def test_a_number_that_moved_to_the_next_line_is_known_from_there() -> None:
    said, around = "It costs", "It costs 1,299 today"
    assert localize(said, "Custa 1,299", "en", "pt", around) == "Custa 1.299"


LANGUAGES = st.sampled_from(sorted(NAMES))
AMOUNTS = st.builds(
    lambda digits, decimals: Quantity(Decimal(digits).scaleb(-decimals), decimals, grouped=True),
    st.integers(1, 10**10),
    st.integers(0, 2),
)


@settings(deadline=None)  # the first line in a language loads its data
@given(AMOUNTS, LANGUAGES, LANGUAGES)
def test_an_amount_is_worth_the_same_in_every_language(
    amount: Quantity, language: str, target: str
) -> None:
    written = number_format(language).write(amount)
    once = localize(f"({written})", f"({written})", language, target)
    read = number_format(target).read(once.strip("()"))
    assert read is not None
    assert read.value == amount.value


@settings(deadline=None)  # the first line in a language loads its data
@given(AMOUNTS, AMOUNTS, LANGUAGES, LANGUAGES, st.sampled_from(["", "$", "€", "R$"]))
def test_to_localize_once_more_changes_nothing(
    one: Quantity, two: Quantity, language: str, target: str, sign: str
) -> None:
    there = number_format(language)
    source = f"{sign}{there.write(one)}, {sign}{there.write(two)}"
    once = localize(source, source.replace("R$", "$"), language, target)
    assert localize(source, once, language, target) == once


@settings(deadline=None)  # the first line in a language loads its data
@given(AMOUNTS, AMOUNTS, LANGUAGES, LANGUAGES)
def test_what_the_translator_converted_is_not_converted_again(
    one: Quantity, two: Quantity, language: str, target: str
) -> None:
    there, here = number_format(language), number_format(target)
    source = f"{there.write(one)} - {there.write(two)}"
    translated = f"{here.write(one)} - {here.write(two)}"
    assert localize(source, translated, language, target) == translated


def localized(pair: str, source: str, translated: str) -> str:
    """A translation from and to the languages of a pair, localized."""
    language, _, target = pair.partition("-")
    return localize(source, translated, language, target)
