import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.errors import BadPrice, PriceBookUnreadable
from ytdubber.domain.money import PriceList
from ytdubber.ports.price_book import PriceBook

ROW = {
    "sku": "speech",
    "provider": "deepgram",
    "model": "aura-2",
    "operation": "speak",
    "unit": "characters",
    "price_usd": "0.030",
    "per": "1000",
    "source": "the contract",
    "as_of": "2026-11-01",
}
Write = Callable[[object], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(book: object) -> Path:
        path = tmp_path / "prices.json"
        path.write_text(book if isinstance(book, str) else json.dumps(book))
        return path

    return made


def book(*rows: dict[str, Any]) -> dict[str, object]:
    return {"version": "7", "currency": "USD", "prices": list(rows)}


def read(prices: PriceBook) -> PriceList:
    return prices.prices()


def test_the_book_that_comes_with_us_prices_what_the_vendors_count() -> None:
    prices = read(FilePriceBook())
    minute = prices.find("deepgram", "nova-3", "transcribe", "audio_seconds")
    assert minute is not None
    assert minute.cost_usd(Decimal(60)) == minute.most_usd(Decimal(60)) == Decimal("0.0077")
    several = prices.find("deepgram", "nova-3-multi", "transcribe", "audio_seconds")
    assert several is not None
    assert several.cost_usd(Decimal(60)) == Decimal("0.0092")
    for model, units in {
        "gpt-6-luna": (
            *("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens"),
            *("flex_input_tokens", "flex_cache_write_tokens", "flex_output_tokens"),
        ),
        "aura-2": ("characters",),
        "eleven_flash_v2_5": ("characters",),
        "nova-3-multi": ("audio_seconds", "diarized_seconds", "keyterm_seconds"),
    }.items():
        for unit in units:
            assert [p for p in prices.prices if (p.model, p.unit) == (model, unit)]
    assert all(price.source for price in prices.prices)


def test_an_operators_book_replaces_ours(write: Write) -> None:
    prices = read(FilePriceBook(write(book(ROW))))
    assert prices.version == "7"
    (price,) = prices.prices
    assert price.cost_usd(Decimal(50)) == Decimal("0.0015")


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"price_usd": 0.03}, "price_usd", "in quotes"),
        ({"price_usd": "-1"}, "price_usd", "in quotes"),
        ({"price_usd": "1e3"}, "price_usd", "in quotes"),
        ({"per": "0"}, "per", "in quotes"),
        ({"as_of": "yesterday"}, "as_of", "date"),
        ({"colour": "red"}, "colour", "no such field"),
        ({"sku": ""}, "sku", "at least 1 character"),
    ],
)
def test_a_wrong_row_is_named(
    write: Write, change: dict[str, object], field: str, reason: str
) -> None:
    path = write(book({**ROW, "sku": "first", "unit": "other"}, {**ROW, **change}))
    with pytest.raises(BadPrice) as caught:
        FilePriceBook(path).prices()
    assert f"{path}: in the price book, row 2, field '{field}': " in str(caught.value)
    assert reason in str(caught.value)


def test_a_missing_field_is_named(write: Write) -> None:
    row = {key: value for key, value in ROW.items() if key != "source"}
    with pytest.raises(BadPrice, match=r"row 1, field 'source': it is missing"):
        FilePriceBook(write(book(row))).prices()


def test_of_several_prices_of_an_article_the_newest_applies(write: Write) -> None:
    older = ROW | {"price_usd": "9", "as_of": "2026-10-31"}
    undated: dict[str, Any] = ROW | {"price_usd": "8", "as_of": None}
    for rows in ([older, ROW, undated], [undated, older, ROW]):
        (price,) = read(FilePriceBook(write(book(*rows)))).prices
        assert (price.price_usd, str(price.as_of)) == (Decimal("0.030"), "2026-11-01")


def test_another_currency_is_refused(write: Write) -> None:
    with pytest.raises(BadPrice, match=r"at its top, field 'currency'"):
        FilePriceBook(write({**book(ROW), "currency": "EUR"})).prices()


@pytest.mark.parametrize(
    "twin",
    [{"unit": "words"}, {"sku": "speech-2"}, {"price_usd": "1"}, {"unit": "x", "as_of": None}],
)
def test_no_article_has_two_prices(write: Write, twin: dict[str, str]) -> None:
    with pytest.raises(BadPrice, match="another row has"):
        FilePriceBook(write(book(ROW, {**ROW, **twin}))).prices()


def test_what_is_not_a_book_is_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(PriceBookUnreadable, match="Invalid JSON"):
        FilePriceBook(write("{")).prices()
    with pytest.raises(PriceBookUnreadable, match="No such file"):
        FilePriceBook(tmp_path / "none.json").prices()
    with pytest.raises(PriceBookUnreadable, match="should be an object"):
        FilePriceBook(write([])).prices()
    with pytest.raises(BadPrice, match=r"row 1, field 'the row itself'"):
        FilePriceBook(write({"version": "1", "currency": "USD", "prices": [3]})).prices()
