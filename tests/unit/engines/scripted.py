"""An operation, answers and failures for the tests of middlewares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.engines.middleware.base import Around
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import SynthesisRequest

ENGINE = EngineId("deepgram", "aura-2", "1")
OPERATION = Synthesize(SynthesisRequest("Hello there.", "en", "thalia"), Path("line.wav"))
RECEIPT = Receipt(ENGINE, "speak", (Quantity("characters", Decimal(12)),), 5)
CALL = CallContext(UUID(int=1))


@dataclass(frozen=True)
class Answer:
    receipt: Receipt = RECEIPT


def failure(fault: ErrorKind, **more: object) -> VendorError:
    return VendorError("deepgram", fault, "no", **more)  # type: ignore[arg-type]  # by name


@dataclass
class Scripted:
    """An engine that fails as told, call by call; after the last failure it answers."""

    failures: Sequence[BaseException] = ()
    answer: Callable[[], Any] = Answer
    engine: EngineId = ENGINE
    asked: int = 0

    def describe(self, operation: Operation[Any]) -> EngineId:
        return self.engine

    def supports(self, operation: Operation[Any]) -> bool:
        return True

    def run(self, operation: Operation[Any], call: CallContext) -> Any:
        self.asked += 1
        if self.asked <= len(self.failures):
            raise self.failures[self.asked - 1]
        return self.answer()

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """Nothing is held."""


def outcome(around: Around, engine: Scripted, call: CallContext = CALL) -> object:
    """What comes of one operation."""
    try:
        return around(engine).run(OPERATION, call)
    except VendorError as error:
        return error
