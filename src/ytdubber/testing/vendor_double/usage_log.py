"""What was asked of the double, and what it would charge."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ytdubber.domain.money import QUANTUM
from ytdubber.ports.price_book import PriceBook

from .faults import Kind


@dataclass(frozen=True, slots=True)
class Billed:
    """So many units of one article."""

    provider: str
    model: str
    operation: str
    unit: str
    amount: Decimal

    @property
    def sku(self) -> str:
        """What the double calls the article."""
        return f"{self.provider}/{self.model}/{self.unit}"


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call, as the double saw it.

    Attributes:
        number: Counts calls from 0, in the order they were answered.
        route: Which one: `listen`, `speak`, `responses`, `chat`, `tts`, `stripe.meter_events`...
        at: When it came in.
        status: What it was answered.
        billed: What it costs; nothing when it failed before the work.
        request_id: What the answer called it.
        query: Its query, repeated parameters apart.
        headers: Its headers but for the key.
        body: Its JSON or form; of anything else the type and size.
        tag: What the caller tagged it with.
        fault: What went wrong, by the script.
        delivered: Whether the answer went out whole.
        fingerprint: The SHA-256 of route, path, query and body: equal calls have equal ones.
    """

    number: int
    route: str
    at: datetime
    status: int
    billed: tuple[Billed, ...]
    request_id: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    tag: str | None = None
    fault: Kind | None = None
    delivered: bool = False
    fingerprint: str = ""


def fingerprint(route: str, path: str, query: Sequence[tuple[str, str]], body: bytes) -> str:
    """What equal calls have in common."""
    asked = hashlib.sha256(repr((route, path, sorted(query))).encode())
    asked.update(body)
    return asked.hexdigest()


class UsageLog:
    """Every call in order, from any thread."""

    def __init__(self) -> None:
        self._calls: list[RecordedCall] = []
        self._lock = threading.Lock()

    @property
    def calls(self) -> list[RecordedCall]:
        """All calls so far."""
        with self._lock:
            return list(self._calls)

    def add(self, call: RecordedCall) -> int:
        """Record a call; gives its number."""
        with self._lock:
            number = len(self._calls)
            self._calls.append(replace(call, number=number))
            return number

    def deliver(self, number: int) -> None:
        """Note that the answer to a call goes out whole."""
        with self._lock:
            self._calls[number] = replace(self._calls[number], delivered=True)

    def units(self) -> dict[str, Decimal]:
        """Units billed, per article."""
        sums: dict[str, Decimal] = {}
        for each in self._billed():
            sums[each.sku] = sums.get(each.sku, Decimal(0)) + each.amount
        return sums

    def invoice(self, price_book: PriceBook) -> list[tuple[str, Decimal, Decimal]]:
        """(sku, quantity, amount in US dollars) per article of the book, sorted.

        It is reckoned from the units in all, as vendors do, and in fractions: nothing of how a
        ledger adds up is taken for granted.

        Raises:
            ValueError: something was billed that the book has no price for.
        """
        prices = price_book.prices()
        quantities: dict[str, Decimal] = {}
        rates: dict[str, Fraction] = {}
        for each in self._billed():
            price = prices.find(each.provider, each.model, each.operation, each.unit)
            if price is None:
                raise ValueError(f"the price book has no price for {each.sku}")
            quantities[price.sku] = quantities.get(price.sku, Decimal(0)) + each.amount
            rates[price.sku] = Fraction(price.price_usd) / Fraction(price.per)
        return [
            (sku, quantity, _decimal(Fraction(quantity) * rates[sku]))
            for sku, quantity in sorted(quantities.items())
        ]

    def _billed(self) -> list[Billed]:
        return [each for call in self.calls for each in call.billed]


def _decimal(amount: Fraction) -> Decimal:
    return round(amount / Fraction(QUANTUM)) * QUANTUM
