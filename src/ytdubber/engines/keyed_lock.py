"""Who wants what somebody else is just having made waits, and finds it there."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class KeyedLock(Protocol):
    """A lock for each key."""

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Alone with the key inside the `with`."""
        ...


class ThreadKeyedLock:
    """`KeyedLock` among threads; a lock is there while somebody holds or wants it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, threading.Lock] = {}
        self._wanted: dict[str, int] = {}

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
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
class JobKeyedLock:
    """The locks of one job, whose results are its own."""

    locks: KeyedLock
    job_id: UUID

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Alone with the job's key inside the `with`."""
        return self.locks.hold(f"{self.job_id} {key}")
