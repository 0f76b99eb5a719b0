"""Whoever wants the same thing waits for whoever came first."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class TakesTurns(Protocol):
    """A lock for each key."""

    def take(self, key: str) -> AbstractContextManager[None]:
        """Alone with the key inside the `with`."""
        ...


class Turns:
    """`TakesTurns` among threads; a lock is there while somebody holds or wants it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, threading.Lock] = {}
        self._wanted: dict[str, int] = {}

    @contextmanager
    def take(self, key: str) -> Iterator[None]:
        """Alone with the key inside the `with`."""
        with self._lock:
            held = self._held.setdefault(key, threading.Lock())
            self._wanted[key] = self._wanted.get(key, 0) + 1
        try:
            with held:
                yield
        finally:
            with self._lock:
                self._wanted[key] -= 1
                if not self._wanted[key]:
                    del self._wanted[key], self._held[key]


@dataclass(frozen=True, slots=True)
class JobTurns:
    """The turns of one job, whose results are its own."""

    turns: TakesTurns
    job_id: UUID

    def take(self, key: str) -> AbstractContextManager[None]:
        return self.turns.take(f"{self.job_id} {key}")
