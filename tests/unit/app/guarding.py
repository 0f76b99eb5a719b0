"""Work, answers and failures for the tests of guards."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from ytdubber.app.guard import Guard, Work
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, VendorError
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call import Call

ENGINE = EngineId("deepgram", "aura-2", "1")
SIZE = (Quantity("characters", Decimal(12)),)
RECEIPT = Receipt(ENGINE, "speak", SIZE, 5)
CALL = Call(UUID(int=1))


@dataclass(frozen=True)
class Answer:
    receipt: Receipt = RECEIPT


def work(call: Call = CALL, engine: EngineId = ENGINE) -> Work:
    return Work(call, engine, "speak", SIZE)


def failure(fault: Fault, **more: object) -> VendorError:
    return VendorError("deepgram", fault, "no", **more)  # type: ignore[arg-type]  # by name


@dataclass
class Engine:
    """Fails as told, call by call; after the last failure it answers."""

    failures: Sequence[BaseException] = ()
    asked: int = 0

    def __call__(self) -> Answer:
        self.asked += 1
        if self.asked <= len(self.failures):
            raise self.failures[self.asked - 1]
        return Answer()


def outcome(guard: Guard, engine: Engine, call: Call = CALL) -> Answer | VendorError:
    """What comes of one piece of work."""
    try:
        return guard(work(call), engine)
    except VendorError as error:
        return error
