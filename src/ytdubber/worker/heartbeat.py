"""The heartbeat that keeps a process's leases."""

import threading
import time
from collections.abc import Callable
from uuid import UUID

from ytdubber.domain.errors import Cancelled, DatabaseAway, HandedBack, LeaseLost, YtDubberError
from ytdubber.log import bound, get_logger
from ytdubber.ports.leases import Later, Lease, Leases

log = get_logger(__name__)


class HeldLease:
    """A lease and whether the work under it should go on."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.renewed_s = time.monotonic()
        self._end: type[YtDubberError] | None = None

    def check(self) -> None:
        """Return while the work is wanted.

        Raises:
            Cancelled: its user wants no more of it.
            LeaseLost: another worker has it, or it was ended by somebody else.
            HandedBack: this process stops; the work goes on in another.
        """
        if self._end is not None:
            raise self._end

    def end(self, reason: type[YtDubberError]) -> None:
        """Have `check` raise from now on; the first reason stays."""
        self._end = self._end or reason


class Heartbeat:
    """Renews all leases of the process, in one thread.

    Args:
        leases: Where they are.
        every_s: How often; as fast a cancellation reaches the work.
        ttl_s: How long a lease lasts. Unheard for so long, the database may have given it to
            another worker.
        alive: Says that this process takes work, as often.
    """

    def __init__(
        self,
        leases: Leases,
        every_s: float = 3.0,
        ttl_s: float = 60.0,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._leases = leases
        self._alive = alive
        self._every_s = every_s
        self._ttl_s = ttl_s
        self._held: dict[UUID, HeldLease] = {}
        self._lock = threading.Lock()
        self._takes_work = True
        self._away = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._live()
        self._thread.start()

    def retire(self) -> None:
        """Keep leases alive, and say no more that this process takes work."""
        self._takes_work = False

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()

    def hold(self, lease: Lease) -> HeldLease:
        """Keep a lease alive."""
        held = HeldLease(lease)
        with self._lock:
            self._held[lease.owner] = held
        return held

    def drop(self, held: HeldLease, later: Later = Later()) -> None:  # noqa: B008  # frozen
        """Renew it no more, and give it up: the work goes on when it is said."""
        with self._lock:
            if self._held.pop(held.lease.owner, None) is None:
                return
        try:
            self._leases.release(held.lease, later)
        except DatabaseAway:
            pass  # it ends by itself
        except Exception as error:
            with bound(**held.lease.ids):
                log.warning("lease.left_to_run_out", row_id=held.lease.id, error=error)

    def release(self) -> None:
        """Ask all work to end at its next check, so that its lease is free for another worker."""
        for held in self._all():
            held.end(HandedBack)

    def drop_all(self) -> None:
        """Give up every lease, whatever still runs: nothing it writes lasts from now on."""
        for held in self._all():
            with bound(**held.lease.ids):
                log.warning("work.not_ended_in_time", kind=held.lease.kind, row_id=held.lease.id)
            held.end(HandedBack)
            self.drop(held)

    def _all(self) -> list[HeldLease]:
        with self._lock:
            return list(self._held.values())

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            self._live()
            for held in self._all():
                self._beat(held)

    def _live(self) -> None:
        if not self._takes_work:
            return
        try:
            self._alive()
        except Exception as error:  # it is said with the next beat
            self._tell(error)
        else:
            self._away = False

    def _tell(self, error: Exception) -> None:
        if not self._away and not isinstance(error, DatabaseAway):  # which is told elsewhere
            log.warning("lease.not_renewed", error=error)
        self._away = True

    def _beat(self, held: HeldLease) -> None:
        now_s = time.monotonic()
        try:
            beat = self._leases.beat(held.lease)
        except Exception as error:  # while the database is away, the next beat may get through
            self._tell(error)
            if now_s - held.renewed_s > self._ttl_s:
                held.end(LeaseLost)
            return
        self._away = False
        held.renewed_s = now_s
        if not beat.held:
            held.end(LeaseLost)
        elif beat.cancel_requested:
            held.end(Cancelled)
