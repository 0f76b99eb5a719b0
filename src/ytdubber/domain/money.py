"""What engines cost, in US dollars: prices, the costs of receipts, and quotes.

Amounts are exact to `QUANTUM` and stay so in every sum; they are rounded to cents only to be shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Decimal,
    localcontext,
)

from .budget import first_guess
from .languages import language_of
from .usage import Quantity, Receipt

QUANTUM = Decimal("1E-10")
"""What the cost of a quantity is rounded to, half to even."""

OWN_SERVER = "openai-compatible"
"""A server of the operator's own that speaks OpenAI's language."""

LOCAL = frozenset({"faster-whisper", "firefox", "kokoro", "espeak-ng", "fake", OWN_SERVER})
"""Providers on machines of one's own: where a book has no price for them, they are free."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """What a provider asks for so much of a unit.

    Attributes:
        sku: The name of the article, unique in its book.
        provider: As in `EngineId`.
        model: As in `EngineId`.
        unit: As in `Quantity`.
        price_usd: The price of `per` units.
        per: How many units that price is for.
        operation: The one it holds for; any when None.
        ceiling_usd: The most `per` units may cost, where sources disagree; only quotes use it.
        source: Where the price was read.
        as_of: When it was true.
        note: Anything else a person should know.
    """

    sku: str
    provider: str
    model: str
    unit: str
    price_usd: Decimal
    per: Decimal
    operation: str | None = None
    ceiling_usd: Decimal | None = None
    source: str = ""
    as_of: date | None = None
    note: str = ""

    def cost_usd(self, amount: Decimal) -> Decimal:
        """What so many units cost."""
        return _cost_usd(amount, self.price_usd, self.per)

    def most_usd(self, amount: Decimal) -> Decimal:
        """What so many units may cost at most."""
        return _cost_usd(amount, max(self.price_usd, self.ceiling_usd or Decimal(0)), self.per)


def _cost_usd(amount: Decimal, price_usd: Decimal, per: Decimal) -> Decimal:
    with localcontext(prec=50):
        return (amount * price_usd / per).quantize(QUANTUM, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one edition of a book; an article appears once."""

    version: str
    prices: tuple[Price, ...]

    def find(self, provider: str, model: str, operation: str, unit: str) -> Price | None:
        """The price made for this operation, else the one for any operation, else None."""
        fitting = [
            price
            for price in self.prices
            if (price.provider, price.model, price.unit) == (provider, model, unit)
            and price.operation in (operation, None)
        ]
        return min(fitting, key=lambda price: price.operation is None, default=None)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one quantity of one receipt cost.

    Attributes:
        provider: Who asks for it.
        model: For which model.
        operation: For what.
        quantity: For how much.
        sku: The article in the book; None where there is none.
        amount_usd: The amount; 0 for an engine on this machine, None where a vendor's unit has no
            price: money was spent and nobody can say how much.
    """

    provider: str
    model: str
    operation: str
    quantity: Quantity
    sku: str | None
    amount_usd: Decimal | None


def price(receipt: Receipt, prices: PriceList) -> tuple[Cost, ...]:
    """What a receipt cost, one entry for each of its quantities that is not 0."""
    return tuple(_cost(receipt, each, prices) for each in receipt.quantities if each.amount)


def _cost(receipt: Receipt, quantity: Quantity, prices: PriceList) -> Cost:
    engine = receipt.engine
    found = prices.find(engine.provider, engine.model, receipt.operation, quantity.unit)
    if found:
        amount_usd: Decimal | None = found.cost_usd(quantity.amount)
    else:
        amount_usd = Decimal(0) if engine.provider in LOCAL else None
    sku = found.sku if found else None
    return Cost(engine.provider, engine.model, receipt.operation, quantity, sku, amount_usd)


def total_usd(costs: Iterable[Cost]) -> Decimal:
    """The sum of all that has a price; look at `unpriced` before calling it the whole sum."""
    return sum((cost.amount_usd for cost in costs if cost.amount_usd is not None), Decimal(0))


def unpriced(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """The costs nobody can say the amount of."""
    return tuple(cost for cost in costs if cost.amount_usd is None)


def to_cents(amount_usd: Decimal) -> Decimal:
    """The amount as it is shown: rounded to the nearest cent, halves up."""
    return amount_usd.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Span:
    """A figure that lies between two."""

    low: Decimal
    high: Decimal

    def __add__(self, other: "Span") -> "Span":
        """Both together."""
        return Span(self.low + other.low, self.high + other.high)

    def times(self, low: Decimal, high: Decimal | None = None) -> "Span":
        """Its low end times `low`, its high end times `high` (or `low` too)."""
        return Span(self.low * low, self.high * (low if high is None else high))

    def to_cents(self) -> "Span":
        """As it is shown: rounded away from the middle, so that the truth stays between."""
        return Span(self.low.quantize(_CENT, ROUND_FLOOR), self.high.quantize(_CENT, ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Expected:
    """A quantity that work not yet done will use."""

    provider: str
    model: str
    operation: str
    unit: str
    amount: Span


@dataclass(frozen=True, slots=True)
class Quote:
    """What work will cost.

    Attributes:
        usd: Between what and what; the high end at the ceiling of prices that have one.
        unpriced: What a vendor will charge for and the book has no price of; not in `usd`.
    """

    usd: Span
    unpriced: tuple[Expected, ...]


def quote(expected: Iterable[Expected], prices: PriceList) -> Quote:
    """The cost of all that is expected."""
    usd = Span(Decimal(0), Decimal(0))
    missing: list[Expected] = []
    for each in expected:
        found = prices.find(each.provider, each.model, each.operation, each.unit)
        if found:
            usd += Span(found.cost_usd(each.amount.low), found.most_usd(each.amount.high))
        elif each.provider not in LOCAL:
            missing.append(each)
    return Quote(usd, tuple(missing))


# Experience, not contract: somebody speaks for between half and all of a recording; lines that
# turn out too long are translated and spoken again.
_SPOKEN_SHARE = Decimal("0.5"), Decimal("1.1")
_AGAIN = Decimal("1.25")
_INPUT_SHARE = Decimal("1.5"), Decimal(4)  # instructions, context and ids go beside the text
_OUTPUT_SHARE = Decimal(2), Decimal(4)  # up to three candidates, and their ids


def expected_seconds(duration_ms: int) -> Span:
    """The seconds of a recording that are listened to: all of them."""
    seconds = Decimal(duration_ms) / 1000
    return Span(seconds, seconds)


def expected_characters(duration_ms: int, language: str) -> Span:
    """The characters said in a recording of this length, in a language."""
    per_second = Decimal(str(first_guess(language)))
    return expected_seconds(duration_ms).times(per_second).times(*_SPOKEN_SHARE)


def expected_speech(duration_ms: int, language: str) -> Span:
    """The characters a voice will be asked to speak to dub it."""
    return expected_characters(duration_ms, language).times(Decimal(1), _AGAIN)


def expected_tokens(duration_ms: int, source: str, target: str) -> tuple[Span, Span]:
    """The input and output tokens of its translation by a language model."""
    heard = expected_characters(duration_ms, source).times(_tokens_per_character(source))
    said = expected_characters(duration_ms, target).times(_tokens_per_character(target))
    again = Decimal(1), _AGAIN
    return heard.times(*_INPUT_SHARE).times(*again), said.times(*_OUTPUT_SHARE).times(*again)


def _tokens_per_character(language: str) -> Decimal:
    return Decimal("0.25") if language_of(language).spaces else Decimal(1)
