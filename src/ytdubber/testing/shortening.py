"""A shortener that needs no model: it leaves words out."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ytdubber.captions.units import units_of
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import VendorError
from ytdubber.domain.facts import keeps_facts
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.translator import TranslatedLine, Translation
from ytdubber.testing.engines import Calls


class FakeShortener:
    """Leaves out words from the end until the text fits its room, or can lose no more.

    Args:
        most: The largest share of a text's characters one call takes away.
        faults: What calls raise.
    """

    def __init__(self, most: float = 0.28, faults: Mapping[int, VendorError] | None = None) -> None:
        self._most = most
        self.calls = Calls(faults)
        self.asked: list[Overrun] = []

    def engine(self, source: str, target: str) -> EngineId:
        return EngineId("fake", f"shorter-{source}-{target}", "1")

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        call.raise_if_cancelled()
        self.calls.next()
        self.asked += overruns
        lines = tuple(TranslatedLine(each.id, self._text(each, target)) for each in overruns)
        chars = sum(len(each.text) for each in overruns)
        used = Quantity("characters", Decimal(chars))
        receipt = Receipt(self.engine(source, target), "shorten", (used,), elapsed_ms=0)
        return Translation(lines, receipt)

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """Nothing is held."""

    def _text(self, overrun: Overrun, target: str) -> str:
        wanted = len(overrun.text) * max(1 - self._most, overrun.room_ms / overrun.spoken_ms)
        words = [unit.text + unit.glue for unit in units_of(overrun.text, target, math.inf)]
        for count in range(len(words) - 1, 0, -1):
            shorter = "".join(words[:count]).rstrip()
            if len(shorter) <= wanted:
                kept = keeps_facts(overrun.text, shorter, target, overrun.source)
                return shorter if kept else overrun.text
        return overrun.text
