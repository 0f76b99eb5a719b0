"""What goes wrong, at random moments that a seed gives again."""

import contextlib
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from tests.chaos.database import Database
from tests.chaos.processes import Role, of_folder, stopped, told
from tests.chaos.proxy import Proxy
from tests.chaos.stack import Redis, Stack
from tests.waiting import eventually

JUMP_S = 900.0
"""How far a clock jumps at most."""
CALLER = "ytdubber.bootstrap.service_vendor_process"
"""What calls vendors, in a process beside each worker that outlives it."""
CALLER_KILLED = "process that calls vendors killed (SIGKILL)"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one disaster follows the other.

    Attributes:
        lasts_s: How long what lasts does, from and to: a process is stopped, a clock wrong, a disk
            full, a way silent.
        pause_s: Between two, from and to.
        recovered: The share of them that strike a service which has answered somebody since the one
            before, however long that takes on a slow machine; the others strike wherever it stands.
    """

    lasts_s: tuple[float, float]
    pause_s: tuple[float, float]
    recovered: float


STEADY = Pace(lasts_s=(0.5, 5.0), pause_s=(0.3, 1.7), recovered=0.5)
BRISK = Pace(lasts_s=(0.3, 1.8), pause_s=(0.1, 0.5), recovered=0.2)
"""All kinds within little more than a minute."""

Disaster = tuple[str, Callable[[], object]]
"""A kind of fault, by its name; it returns when it is over."""


class Storm:
    """Lets one disaster follow the other: each of them once, in an order of its own, and again.

    Args:
        stack: What it strikes.
        seed: Of what happens, when and to whom.
        answered: How many requests of users were answered so far.
        pace: How fast.

    Attributes:
        happened: How many times each kind did.
        wrong: What the storm itself could not do.
    """

    def __init__(
        self, stack: Stack, seed: int, answered: Callable[[], int], pace: Pace = STEADY
    ) -> None:
        self._stack = stack
        self._answered = answered
        self._pace = pace
        self._draw = random.Random(seed)
        self._over = threading.Event()
        self._all = threading.Event()
        self._kinds = [*self._disasters()]
        self.happened: Counter[str] = Counter({name: 0 for name, _ in self._kinds})
        self.wrong: list[str] = []

    @contextmanager
    def raging(self) -> Iterator[None]:
        """While this is open, and until everything has happened once; afterwards all is up."""
        thread = threading.Thread(target=self._run, name="storm", daemon=True)
        thread.start()
        try:
            yield
            while thread.is_alive() and not self._all.wait(1.0):
                pass
        finally:
            self._over.set()
            thread.join()
            self._stack.calm()

    @property
    def impossible(self) -> list[str]:
        """What cannot be had here."""
        stack = self._stack
        found = [] if stack.disk else ["disk full: no disk of its own may be mounted"]
        return found if stack.clocks else [*found, "clock jumps: no compiler of C"]

    def _run(self) -> None:
        coming: list[Disaster] = []
        while not self._over.wait(self._draw.uniform(*self._pace.pause_s)):
            if not coming:
                coming = self._draw.sample(self._kinds, len(self._kinds))
            name, happen = coming.pop()
            try:
                happen()
            except Exception as error:
                self.wrong.append(f"{name}: {type(error).__name__}: {error}")
                raise
            self.happened[name] += 1
            if not coming:
                self._all.set()
            self._recover()

    def _recover(self) -> None:
        """Let the service come back, now and then."""
        before = self._answered()
        if self._draw.random() < self._pace.recovered:
            eventually(lambda: self._over.is_set() or self._answered() > before, every_s=0.1)

    def _wait(self) -> None:
        self._over.wait(self._draw.uniform(*self._pace.lasts_s))

    def _disasters(self) -> Iterator[Disaster]:
        stack = self._stack
        for role in stack.roles.values():
            yield from self._of_role(role)
        yield CALLER_KILLED, lambda: told(self._caller(), signal.SIGKILL)
        yield "process that calls vendors stopped (SIGSTOP)", self._caller_stopped
        if stack.disk:
            yield "disk full", self._filled
        yield from self._of_database(stack.database)
        if stack.redis is not None:
            yield from self._of_redis(stack.redis)
        for name, way in stack.ways.items():
            yield f"connections to {name} cut", way.cut
            yield f"connections to {name} silent", partial(self._silent, way)
            yield f"connections to {name} lost", partial(self._lost, way)

    def _of_role(self, role: Role) -> Iterator[Disaster]:
        name = role.name.partition("-")[0]
        yield f"{name} killed (SIGKILL)", partial(role.signal, signal.SIGKILL)
        yield f"{name} ended (SIGTERM)", partial(role.signal, signal.SIGTERM)
        yield f"{name} stopped (SIGSTOP)", partial(self._stopped, role.signal)
        if self._stack.clocks:
            yield f"{name}: clock jumps", partial(self._jumped, role)

    def _of_database(self, database: Database) -> Iterator[Disaster]:
        yield "database killed (SIGKILL)", database.kill
        yield "database restarted (SIGINT)", database.restart
        yield "database ended (SIGTERM)", database.end
        yield "database stopped (SIGSTOP)", partial(database.stop, self._wait)
        if database.proxy is None:
            yield "database's owner killed (SIGKILL)", database.kill_owner
            yield "database's owner told to end (SIGTERM)", database.end_owner
            yield "database's owner stopped (SIGSTOP)", partial(database.stop_owner, self._wait)

    def _of_redis(self, redis: Redis) -> Iterator[Disaster]:
        server = redis.server
        yield "redis killed (SIGKILL)", partial(self._away, server.kill, server.start)
        forget = partial(server.kill, forget=True)
        yield "redis killed, its data lost", partial(self._away, forget, server.start)
        yield "redis ended (SIGTERM)", partial(self._away, server.end, server.start)
        yield "redis stopped (SIGSTOP)", partial(self._stopped, server.signal)

    def _stopped(self, tell: Callable[[int], None]) -> None:
        tell(signal.SIGSTOP)
        self._wait()
        tell(signal.SIGCONT)

    def _caller(self) -> list[int]:
        """One of them, where there is one."""
        found = of_folder(self._stack.home)
        return [pid for pid, words in found.items() if CALLER in words][-1:]

    def _caller_stopped(self) -> None:
        with stopped(self._caller()):
            self._wait()

    def _away(self, end: Callable[[], None], start: Callable[[], None]) -> None:
        end()
        self._wait()
        start()

    def _jumped(self, role: Role) -> None:
        role.clock.jump(self._draw.uniform(-JUMP_S, JUMP_S))
        self._wait()
        role.clock.jump(0)

    def _filled(self) -> None:
        filler = self._stack.home / "home" / "filler"
        try:
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(2**20))
            self._wait()
        finally:
            filler.unlink(missing_ok=True)

    def _silent(self, way: Proxy) -> None:
        way.silence()
        self._wait()
        way.speak()

    def _lost(self, way: Proxy) -> None:
        way.lose()
        self._wait()
        way.keep()
