"""What `answering` is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.usage import Quantity
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation


@dataclass(frozen=True)
class Do(Operation[Any]):
    """To take so many seconds, to wait for so many calls, to fail so, or what the word says."""

    name: ClassVar[str] = "speak"
    what: float | str | Exception
    id: int | str = "call"

    @property
    def routing_language(self) -> None:
        return None

    def cache_parameters(self) -> Mapping[str, object]:
        return {}

    def size(self) -> tuple[Quantity, ...]:
        return ()

    def engine_of(self, port: Any) -> EngineId:
        raise NotImplementedError

    def supported_by(self, port: Any) -> bool:
        return False

    def ask(self, port: Any, call: CallContext) -> Any:
        raise NotImplementedError
