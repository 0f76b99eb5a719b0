"""How the service is now, as one value, for whoever runs it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ytdubber.app.operations.conditions import Part, needed
from ytdubber.domain.alerts import Seen
from ytdubber.domain.errors import DatabaseAway, YtDubberError
from ytdubber.domain.spending import Budgets, Scope
from ytdubber.log import get_logger
from ytdubber.log.errors import described
from ytdubber.ports.alerts import Facts
from ytdubber.ports.clock import Clock
from ytdubber.ports.service_state import ServiceDetail

log = get_logger(__name__)

KEPT_S = 2.0
"""For how long what was seen is shown again, to whoever else looks."""
CHECKED_EVERY_S = 15.0
"""How often the storage and the queue are tried: a storage may charge for each request."""
WAITED_S = 1.0
"""How long a look waits for them, when not set; of one that takes longer what was known is told."""
SLOW_S = 5.0
"""After so long without an answer that is what is told of it."""
_DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of a folder, in bytes."""

    free: int
    size: int


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How the service is.

    Attributes:
        at: When that was.
        version: The program's that looked.
        vendors: Those that are set up, where it was looked.
        facts: What is judged, the figures among it; None where the database does not say.
        detail: What stands behind the figures, likewise.
        parts: What the service cannot do without.
        budgets_usd: The most that may be spent.
        disks: Those of the machine that looked, by folder.
        conditions: What needs a person.
    """

    at: datetime
    version: str
    vendors: Sequence[str]
    facts: Facts | None
    detail: ServiceDetail | None
    parts: Sequence[Part]
    budgets_usd: Mapping[Scope, Decimal]
    disks: Mapping[str, Disk]
    conditions: Sequence[Seen]


@dataclass(slots=True, eq=False)
class LookAtService:
    """Looks at the service, once for all who ask at about the same time.

    Attributes:
        facts: What is judged; raises where the database does not say.
        detail: What stands behind them, likewise.
        checks: What must work beside the database, by name; each raises when it does not.
        disks: The disks of this machine.
        budgets: The most that may be spent.
        vendors: Those that are set up.
        clock: Tells the time.
        version: This program's.
        wait_s: How long a look waits for the checks.
    """

    facts: Callable[[], Facts]
    detail: Callable[[], ServiceDetail]
    checks: Mapping[str, Callable[[], object]]
    disks: Callable[[], Mapping[str, Disk]]
    budgets: Budgets
    vendors: Sequence[str]
    clock: Clock
    version: str
    wait_s: float = WAITED_S
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: ServiceStatus | None = None
    _kept_s: float = 0.0
    _since: dict[str, datetime] = field(default_factory=dict)
    _faults: dict[str, str] = field(default_factory=dict)
    _checking: threading.Thread | None = None
    _checked_s: float | None = None
    _trying: tuple[str, float] | None = None

    def __call__(self) -> ServiceStatus:
        """The status now; it says so where the database is away."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept_s >= KEPT_S:
                self._kept = self._look()
                self._kept_s = time.monotonic()
            return self._kept

    def changed(self) -> None:
        """Somebody did something about it: who asks next is to see what came of it."""
        with self._lock:
            self._kept = None

    def _look(self) -> ServiceStatus:
        self._check()
        facts, detail = None, None
        faults = {**self._unanswered(), **self._faults}
        try:
            facts, detail = self.facts(), self.detail()
        except DatabaseAway as error:
            faults[_DATABASE] = _fault(_DATABASE, error)
        except Exception as error:  # whatever it is, whoever looks has to be told
            log.exception("status.state_unknown", error=error)
            faults[_DATABASE] = _fault(_DATABASE, error)
        now = self.clock.now()
        parts = tuple(self._parts(faults, now))
        return ServiceStatus(
            at=now,
            version=self.version,
            vendors=self.vendors,
            facts=facts if detail else None,
            detail=detail,
            parts=parts,
            budgets_usd=dict(self.budgets.limits()),
            disks=self.disks(),
            conditions=needed(facts, parts),
        )

    def _parts(self, faults: Mapping[str, str], now: datetime) -> Iterator[Part]:
        for name in (_DATABASE, *self.checks):
            if name in faults:
                yield Part(name, faults[name], self._since.setdefault(name, now))
            else:
                self._since.pop(name, None)
                yield Part(name)

    def _check(self) -> None:
        """Have the parts beside the database tried now and then, and wait a moment for it."""
        running = self._checking is not None and self._checking.is_alive()
        due = self._checked_s is None or time.monotonic() - self._checked_s >= CHECKED_EVERY_S
        if not running and due:
            self._checked_s = time.monotonic()
            self._checking = threading.Thread(target=self._try, name="status", daemon=True)
            self._checking.start()
        if self._checking is not None:
            self._checking.join(self.wait_s)

    def _unanswered(self) -> Mapping[str, str]:
        """What has been tried for so long that it counts as away."""
        trying = self._trying
        for_s = time.monotonic() - trying[1] if trying else 0.0
        if trying is None or for_s < SLOW_S:
            return {}
        return {trying[0]: f"The {trying[0]} has not answered for {for_s:.0f} s."}

    def _try(self) -> None:
        for name, check in self.checks.items():
            self._trying = name, time.monotonic()
            try:
                check()
            except DatabaseAway:  # which is told for itself
                continue
            except Exception as error:  # whatever it is, it is why the part does not work
                self._faults[name] = _fault(name, error)
            else:
                self._faults.pop(name, None)
            finally:
                self._trying = None


def _fault(name: str, error: Exception) -> str:
    """Why a part does not work, in a sentence for an operator."""
    if isinstance(error, DatabaseAway):
        said = described(error.__cause__)[1] if error.__cause__ else None
        return f"The database does not answer{f' ({said})' if said else ''}."
    if isinstance(error, YtDubberError):
        return str(error)
    code, said = described(error)
    return f"The {name} does not work: {code}{f' ({said})' if said else ''}."
