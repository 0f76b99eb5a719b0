"""Semaphores: how many calls may be under way at once."""

from contextlib import AbstractContextManager
from typing import Protocol

from .call_context import CallContext


class Semaphores(Protocol):
    """Semaphores by name, shared by everything that shares this object's backing."""

    def acquire(self, name: str, limit: int, call: CallContext) -> AbstractContextManager[None]:
        """Wait for one of `limit` permits under the name and hold it inside the `with`.

        A permit whose holder died is free again.

        Raises:
            Cancelled: `call.raise_if_cancelled` raised it while waiting.
        """
        ...
