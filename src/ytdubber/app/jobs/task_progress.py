"""Progress into the rows of tasks: at most once a second, never backwards."""

import threading
from collections.abc import Mapping
from uuid import UUID

from ytdubber.app.pipeline.progress import Progress
from ytdubber.domain.stage import Stage
from ytdubber.ports.clock import Clock
from ytdubber.ports.unit_of_work import Transactions

EVERY_MS = 1_000


class TaskProgress:
    """A `OnProgress` that writes into tasks.

    Args:
        transactions: Begins a transaction.
        clock: Tells the time.
        tasks: The tasks concerned, by language.
    """

    def __init__(self, transactions: Transactions, clock: Clock, tasks: Mapping[str, UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._tasks = tasks
        self._lock = threading.Lock()
        self._stage: Stage | None = None
        self._due_ms = 0

    def __call__(self, progress: Progress) -> None:
        """Write it, unless something was written a moment ago."""
        with self._lock:
            now_ms = self._clock.monotonic_ms()
            if progress.stage is not self._stage:
                self._stage, self._due_ms = progress.stage, now_ms + EVERY_MS
                return
            if now_ms < self._due_ms:
                return
            self._due_ms = now_ms + EVERY_MS
        languages = [progress.language] if progress.language else list(self._tasks)
        with self._transactions() as work:
            for language in languages:
                work.tasks.advance(self._tasks[language], progress.fraction)
            work.commit()
