"""What is asked of engines, as values, and whoever carries it out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.usage import Quantity, Receipt

from .call_context import CallContext


class Answer(Protocol):
    """What every engine gives back."""

    @property
    def receipt(self) -> Receipt:
        """What it used."""
        ...


Result = TypeVar("Result", bound=Answer)


class Operation(ABC, Generic[Result]):
    """A request to an engine: a frozen value that knows what every middleware has to know of it.

    Attributes:
        name: What ledgers, metrics and logs call it.
        result: The type of what it gives.
    """

    __slots__ = ()

    name: ClassVar[str]
    result: ClassVar[type[Any]]

    @property
    @abstractmethod
    def routing_language(self) -> str | None:
        """The language whose engines are asked (ISO 639-1); None where it is not known yet."""

    @abstractmethod
    def cache_parameters(self) -> Mapping[str, object]:
        """What its result depends on, beside the engine: JSON values, and `AudioFile`s, which
        stand for their samples.
        """

    @abstractmethod
    def size(self) -> tuple[Quantity, ...]:
        """How much is asked: `audio_seconds` (and as many `keyterm_seconds` where there is a
        glossary) or `characters`. Providers may count in other units.
        """

    @abstractmethod
    def engine_of(self, port: Any) -> EngineId:
        """Who carries it out where the port is asked; cheap, loads nothing."""

    @abstractmethod
    def supported_by(self, port: Any) -> bool:
        """Whether the port can carry it out."""

    @abstractmethod
    def ask(self, port: Any, call: CallContext) -> Result:
        """Have the port carry it out.

        Raises:
            VendorError: the engine could not do it.
        """

    @property
    def items(self) -> int:
        """How many things are asked for that can be asked for apart."""
        return 1

    @property
    def reads(self) -> Path | None:
        """The file it reads."""
        return None

    @property
    def into(self) -> Path | None:
        """The sound file that it writes."""
        return None

    def written_to(self, path: Path) -> "Operation[Result]":
        """The same, with its sound file elsewhere."""
        raise TypeError(f"{self.name} writes no file, so none can be {path.name}")

    def with_file(self, result: Result) -> Result:
        """A result from elsewhere, its sound file in the place where this operation has it."""
        return result

    def otherwise(self, receipt: Receipt) -> Result | None:
        """What does where no engine can; None where the failure has to be known."""
        del receipt
        return None


class Engine(Protocol):
    """Carries out operations: an adapter, or a middleware around another engine."""

    def describe(self, operation: Operation[Any]) -> EngineId:
        """Who would carry it out; cheap, loads nothing."""
        ...

    def supports(self, operation: Operation[Any]) -> bool:
        """Whether it can carry it out."""
        ...

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """Carry it out. Safe to call from several threads.

        Raises:
            VendorError: it could not.
            Cancelled: the work is no longer wanted.
        """
        ...

    def warm_up(self) -> None:
        """Load now what the first operation would load. Safe beside operations of other threads.

        Raises:
            BadInput: a model is missing or corrupt.
            VendorError: it cannot be loaded.
        """
        ...

    def close(self) -> None:
        """Give back memory and connections; asking again loads again."""
        ...
