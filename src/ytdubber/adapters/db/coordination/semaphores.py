"""Semaphores that all worker processes of a service share.

Every permit is a row with a lease: whoever holds it renews it, and a dead holder's permit is free
after `TTL_S`. Advisory locks would be free at once, but a pooler in transaction mode hands the
connection that holds one to somebody else.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.renewal import Renewal
from ytdubber.domain.errors import DatabaseAway
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext

TTL_S = 20.0
"""How long a permit is kept for a holder that is not heard of."""
POLL_INTERVAL_S = 0.04
"""How often a process that waits looks for a free permit, on average."""
_MAKE_EVERY_S = 5.0  # a crash of the server empties the table

_MAKE = text(
    "insert into ytdubber.slots (name, number)"
    " select :name, generate_series(0, :limit - 1) on conflict do nothing"
)
_TAKE = text(
    """
    update ytdubber.slots set holder = :holder, until = now() + :ttl
    where name = :name and number = (
      select number from ytdubber.slots
      where name = :name and number < :limit and coalesce(until < now(), true)
      order by number limit 1 for update skip locked)
    """
)
_RENEW = text("update ytdubber.slots set until = now() + :ttl where holder = any(:holders)")
_FREE = text(
    "update ytdubber.slots set holder = null, until = null where name = :name and holder = :holder"
)

log = get_logger(__name__)


class SqlSemaphores:
    """`Semaphores` that all processes on a database share.

    Of the threads of this process that wait for a name one looks, the others stand in line: many
    waiters do not make many questions. Processes get their turns at random.

    Args:
        engine: The database.
        ttl_s: How long a permit is kept for a holder that is not heard of.
        draw: Gives a number from 0 to 1, so that processes do not look in step.
    """

    def __init__(
        self, engine: Engine, ttl_s: float = TTL_S, draw: Callable[[], float] = random.random
    ) -> None:
        self._engine = engine
        self._draw = draw
        self._ttl = timedelta(seconds=ttl_s)
        self._lock = threading.Lock()
        self._lines: dict[str, threading.Lock] = {}
        self._stopped = threading.Event()
        self._renewal = Renewal("places", ttl_s / 4, self._renew)

    @contextmanager
    def acquire(self, name: str, limit: int, call: CallContext) -> Iterator[None]:
        holder = uuid4()
        self._renewal.hold(holder)
        try:
            self._wait(name, limit, holder, call)
            yield
        finally:
            self._let_go(name, holder)

    @contextmanager
    def attempt(self, name: str) -> Iterator[bool]:
        """The only permit of a semaphore, if it is free; false when somebody else has it."""
        holder = uuid4()
        self._make(name, 1)
        if not self._take(name, 1, holder):
            yield False
            return
        self._renewal.hold(holder)
        try:
            yield True
        finally:
            self._let_go(name, holder)

    def close(self) -> None:
        """Renew nothing any more."""
        self._stopped.set()
        self._renewal.close()

    def _wait(self, name: str, limit: int, holder: UUID, call: CallContext) -> None:
        with self._lock:
            line = self._lines.setdefault(name, threading.Lock())
        while not line.acquire(timeout=POLL_INTERVAL_S):
            call.raise_if_cancelled()
        try:
            made_s = float("-inf")
            while True:
                call.raise_if_cancelled()
                try:
                    if self._take(name, limit, holder):
                        return
                    if time.monotonic() - made_s > _MAKE_EVERY_S:
                        made_s = time.monotonic()
                        self._make(name, limit)
                        continue
                except DatabaseAway as away:
                    self._stopped.wait(away.again_s * (0.5 + self._draw()))
                self._stopped.wait(POLL_INTERVAL_S * (0.5 + self._draw()))
        finally:
            line.release()

    def _make(self, name: str, limit: int) -> None:
        with service_role(self._engine) as connection:
            connection.execute(_MAKE, {"name": name, "limit": limit})

    def _take(self, name: str, limit: int, holder: UUID) -> bool:
        values = {"name": name, "limit": limit, "holder": holder, "ttl": self._ttl}
        with service_role(self._engine) as connection:
            return connection.execute(_TAKE, values).rowcount > 0

    def _let_go(self, name: str, holder: UUID) -> None:
        """Free the permit. What was done in it must not be lost because that fails."""
        self._renewal.let_go(holder)
        try:
            with service_role(self._engine) as connection:
                connection.execute(_FREE, {"name": name, "holder": holder})
        except DatabaseAway:
            log.debug("slot.left_to_run_out", slot=name)
        except SQLAlchemyError as error:
            log.warning("slot.left_to_run_out", slot=name, error=error)

    def _renew(self, holders: Sequence[UUID]) -> None:
        with service_role(self._engine) as connection:
            connection.execute(_RENEW, {"ttl": self._ttl, "holders": list(holders)})


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0]
