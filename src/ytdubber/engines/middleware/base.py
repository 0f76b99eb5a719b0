"""What all middlewares have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ytdubber.domain.engine import EngineId
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine, Operation, Result

Around = Callable[[Engine], Engine]
"""Puts middlewares around an engine."""


def nothing_around(engine: Engine) -> Engine:
    """The engine itself."""
    return engine


@dataclass(frozen=True, slots=True)
class Middleware:
    """An `Engine` around another, which it passes everything on to.

    Attributes:
        inner: The other engine.
    """

    inner: Engine

    def describe(self, operation: Operation[Any]) -> EngineId:
        """As the inner engine."""
        return self.inner.describe(operation)

    def supports(self, operation: Operation[Any]) -> bool:
        """As the inner engine."""
        return self.inner.supports(operation)

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine."""
        return self.inner.run(operation, call)

    def warm_up(self) -> None:
        """Warm up the inner engine."""
        self.inner.warm_up()

    def close(self) -> None:
        """Close the inner engine."""
        self.inner.close()
