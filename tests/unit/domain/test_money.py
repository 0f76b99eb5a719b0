from datetime import date
from decimal import Decimal

import pytest

from ytdubber.domain.engine import EngineId
from ytdubber.domain.money import (
    Expected,
    Price,
    PriceList,
    Span,
    expected_seconds,
    expected_speech,
    expected_tokens,
    price,
    quote,
    to_cents,
    total_usd,
    unpriced,
)
from ytdubber.domain.usage import Quantity, Receipt

LISTEN = Price(
    "listen", "deepgram", "nova-3", "audio_seconds", Decimal("0.0043"), Decimal(60),
    "transcribe", Decimal("0.0077"), "a page", date(2026, 5, 5),
)  # fmt: skip
INPUT = Price("in", "openai", "luna", "input_tokens", Decimal("0.10"), Decimal(1_000_000))
SHORTEN = Price(
    "in-shorten", "openai", "luna", "input_tokens", Decimal("0.05"), Decimal(1_000_000), "shorten"
)
BOOK = PriceList("1", (LISTEN, INPUT, SHORTEN))


def receipt(provider: str, model: str, operation: str, **used: object) -> Receipt:
    quantities = tuple(Quantity(unit, Decimal(str(amount))) for unit, amount in used.items())
    return Receipt(EngineId(provider, model, "1"), operation, quantities, elapsed_ms=0)


def test_a_cost_is_exact_to_ten_places() -> None:
    (cost,) = price(receipt("deepgram", "nova-3", "transcribe", audio_seconds="12.345"), BOOK)
    assert cost.sku == "listen"
    assert cost.amount_usd == Decimal("0.0008847250")
    (third,) = price(receipt("deepgram", "nova-3", "transcribe", audio_seconds="1"), BOOK)
    assert third.amount_usd == Decimal("0.0000716667")


def test_many_small_costs_add_up_before_anything_is_rounded_to_cents() -> None:
    each = price(receipt("openai", "luna", "translate", input_tokens=40_000), BOOK)
    assert to_cents(total_usd(each)) == Decimal("0.00")
    assert to_cents(total_usd(each * 25)) == Decimal("0.10")


def test_halves_of_a_cent_are_shown_rounded_up() -> None:
    assert to_cents(Decimal("0.125")) == Decimal("0.13")
    assert to_cents(Decimal("0.1249999999")) == Decimal("0.12")


def test_a_price_for_the_operation_goes_before_one_for_any() -> None:
    (made,) = price(receipt("openai", "luna", "shorten", input_tokens=1), BOOK)
    (other,) = price(receipt("openai", "luna", "translate", input_tokens=1), BOOK)
    assert (made.sku, other.sku) == ("in-shorten", "in")


def test_work_on_this_machine_is_free() -> None:
    (cost,) = price(receipt("kokoro", "82m", "speak", characters=100), BOOK)
    assert cost.sku is None
    assert cost.amount_usd == 0
    assert not unpriced([cost])


def test_a_vendors_unit_without_a_price_is_not_zero() -> None:
    costs = price(receipt("openai", "luna", "translate", input_tokens=10, output_tokens=5), BOOK)
    assert [cost.amount_usd for cost in costs] == [Decimal("0.000001"), None]
    assert [cost.quantity.unit for cost in unpriced(costs)] == ["output_tokens"]
    assert total_usd(costs) == Decimal("0.000001")


def test_what_was_not_used_costs_nothing_and_needs_no_price() -> None:
    used = receipt("openai", "luna", "translate", input_tokens=10, cached_input_tokens=0)
    assert [cost.quantity.unit for cost in price(used, BOOK)] == ["input_tokens"]


def test_a_quote_lies_between_the_price_and_its_ceiling() -> None:
    minute = expected_seconds(60_000)
    made = quote([Expected("deepgram", "nova-3", "transcribe", "audio_seconds", minute)], BOOK)
    assert made.usd == Span(Decimal("0.0043"), Decimal("0.0077"))
    assert not made.unpriced
    assert made.usd.to_cents() == Span(Decimal("0.00"), Decimal("0.01"))


def test_a_quote_names_what_it_cannot_price() -> None:
    some = Span(Decimal(1), Decimal(2))
    vendor = Expected("elevenlabs", "v9", "speak", "characters", some)
    local = Expected("espeak-ng", "formant", "speak", "characters", some)
    made = quote([vendor, local], BOOK)
    assert made.unpriced == (vendor,)
    assert made.usd == Span(Decimal(0), Decimal(0))


@pytest.mark.parametrize("language", ["pt", "de", "ja"])
def test_what_is_expected_of_a_minute_of_speech_holds_what_is_usual(language: str) -> None:
    usual = Decimal(60 * (5 if language == "ja" else 15)) * Decimal("0.8")
    speech = expected_speech(60_000, language)
    assert speech.low < usual < speech.high
    assert speech.high < 3 * usual
    sent, received = expected_tokens(60_000, "en", language)
    assert 0 < sent.low < sent.high
    assert 0 < received.low < received.high


def test_two_spans_add_and_stretch_end_by_end() -> None:
    span = Span(Decimal(1), Decimal(2)) + Span(Decimal(3), Decimal(4))
    assert span.times(Decimal(2)) == Span(Decimal(8), Decimal(12))
    assert span.times(Decimal(1), Decimal(3)) == Span(Decimal(4), Decimal(18))
