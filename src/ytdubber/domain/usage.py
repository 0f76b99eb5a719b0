"""What a call to an engine consumed."""

from dataclasses import dataclass
from decimal import Decimal

from .engine import EngineId


@dataclass(frozen=True, slots=True)
class Receipt:
    """One attempt at one engine: what was used, in the provider's unit.

    Attributes:
        engine: Who was asked.
        operation: `transcribe`, `translate` or `speak`.
        unit: What the provider counts: `audio_seconds`, `characters`, `tokens`.
        quantity: How many of them.
        elapsed_ms: Wall time of the call.
    """

    engine: EngineId
    operation: str
    unit: str
    quantity: Decimal
    elapsed_ms: int
