"""Rows that are ours for as long as we say so, again and again."""

import threading
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from ytdubber.domain.errors import DatabaseAway
from ytdubber.log import get_logger

log = get_logger(__name__)


class Renewal:
    """A thread that renews what is held, there while anything is.

    Args:
        what: What is held, for whoever reads the log.
        every_s: How often.
        renew: Renews the ids it is given.
    """

    def __init__(self, what: str, every_s: float, renew: Callable[[Sequence[UUID]], None]) -> None:
        self._what = what
        self._every_s = every_s
        self._renew = renew
        self._lock = threading.Lock()
        self._held: set[UUID] = set()
        self._running = False
        self._stopped = threading.Event()

    def hold(self, row_id: UUID) -> None:
        """Renew this one, too."""
        with self._lock:
            self._held.add(row_id)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name=self._what, daemon=True).start()

    def let_go(self, row_id: UUID) -> None:
        """Renew it no more."""
        with self._lock:
            self._held.discard(row_id)

    def close(self) -> None:
        """Renew nothing any more."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            with self._lock:
                held = list(self._held)
                if not held:
                    self._running = False
                    return
            try:
                self._renew(held)
            except DatabaseAway:  # which is told elsewhere; the next time it may be back
                continue
            except SQLAlchemyError as error:
                log.warning("row.not_renewed", what=self._what, error=error)
