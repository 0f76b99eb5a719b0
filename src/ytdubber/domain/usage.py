"""What a call to an engine consumed."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .engine import EngineId


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of what a provider counts.

    Attributes:
        unit: `audio_seconds`, `diarized_seconds`, `keyterm_seconds`, `characters`, `input_tokens`,
            `cached_input_tokens`, `cache_write_tokens` (neither is among the input tokens) or
            `output_tokens`; the same with `flex_` before it at a tier that waits its turn.
        amount: How many.
    """

    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """One attempt at one engine: what was used, in the provider's units.

    Attributes:
        engine: Who was asked.
        operation: `transcribe`, `diarize`, `translate`, `shorten` or `speak`.
        quantities: What is paid for; a unit appears once.
        elapsed_ms: Wall time of the call.
        request_id: The provider's name for the call, where it gave one.
        reported: Whether the provider counted the quantities; if not, we did.
        measured: What we counted ourselves, kept beside what the provider reported.
    """

    engine: EngineId
    operation: str
    quantities: tuple[Quantity, ...]
    elapsed_ms: int
    request_id: str | None = None
    reported: bool = False
    measured: tuple[Quantity, ...] = ()

    def amount(self, unit: str) -> Decimal:
        """How much of a unit is paid for; 0 where none is."""
        return sum((each.amount for each in self.quantities if each.unit == unit), Decimal(0))


def total(receipts: Sequence[Receipt]) -> Receipt:
    """One receipt for work that took several calls: the engine and operation of the first."""
    if len(receipts) == 1:
        return receipts[0]
    return Receipt(
        receipts[0].engine,
        receipts[0].operation,
        _sums([each.quantities for each in receipts]),
        sum(each.elapsed_ms for each in receipts),
        reported=all(each.reported for each in receipts),
        measured=_sums([each.measured for each in receipts]),
    )


def _sums(parts: Sequence[tuple[Quantity, ...]]) -> tuple[Quantity, ...]:
    """The quantities added up, a unit once, in the order they first appear."""
    amounts: dict[str, Decimal] = {}
    for quantity in itertools.chain.from_iterable(parts):
        amounts[quantity.unit] = amounts.get(quantity.unit, Decimal(0)) + quantity.amount
    return tuple(itertools.starmap(Quantity, amounts.items()))
