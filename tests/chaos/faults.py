"""What goes wrong, at random moments that a seed gives again."""

import contextlib
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos.stack import Role, Stack
from tests.redis_server import RedisServer

STOPPED_S = (1.0, 6.0)
"""How long a process is stopped, or the database silent."""
JUMP_S = 900.0
"""How far a clock jumps at most."""
PAUSE_S = (0.5, 3.0)
"""Between two faults."""


@dataclass(frozen=True, slots=True)
class Disaster:
    """A kind of fault."""

    name: str
    happen: Callable[[], None]


class Storm:
    """Lets one disaster follow the other: each of them once, in an order of its own, and again."""

    def __init__(self, stack: Stack, seed: int) -> None:
        self._stack = stack
        self._draw = random.Random(seed)
        self._over = threading.Event()
        self._all = threading.Event()
        self.happened: Counter[str] = Counter()

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

    @property
    def impossible(self) -> list[str]:
        """What cannot be had here."""
        stack = self._stack
        found = [] if stack.disk else ["disk full: no disk of its own may be mounted"]
        return found if stack.clocks else [*found, "clock jumps: no compiler of C"]

    def _run(self) -> None:
        coming: list[Disaster] = []
        while not self._over.wait(self._draw.uniform(*PAUSE_S)):
            if not coming:
                coming = list(self._kinds())
                self._draw.shuffle(coming)
            kind = coming.pop()
            self.happened[kind.name] += 1
            kind.happen()
            if not coming:
                self._all.set()

    def _kinds(self) -> Iterator[Disaster]:
        for role in self._stack.roles.values():
            what = role.name.partition("-")[0]
            yield Disaster(f"{what} killed", lambda role=role: role.signal(signal.SIGKILL))  # type: ignore[misc]  # bound now
            yield Disaster(f"{what} ended", lambda role=role: role.signal(signal.SIGTERM))  # type: ignore[misc]  # bound now
            yield Disaster(f"{what} stopped", lambda role=role: self._stopped(role))  # type: ignore[misc]  # bound now
            if self._stack.clocks:
                yield Disaster(f"{what}'s clock jumps", lambda role=role: self._jumped(role))  # type: ignore[misc]  # bound now
        if self._stack.disk:
            yield Disaster("disk full", self._filled)
        database = self._stack.database
        yield Disaster("database killed", database.kill)
        yield Disaster("database restarted", database.restart)
        yield Disaster("connections cut", database.proxy.cut)
        yield Disaster("connections silent", self._silent)
        if (redis := self._stack.redis) is not None:
            yield Disaster("redis killed", self._redis_killed)
            yield Disaster("redis killed, its data lost", lambda: self._redis_killed(forget=True))
            yield Disaster("redis stopped", lambda: self._redis_stopped(redis))

    def _stopped(self, role: Role) -> None:
        role.signal(signal.SIGSTOP)
        self._over.wait(self._draw.uniform(*STOPPED_S))
        role.signal(signal.SIGCONT)

    def _jumped(self, role: Role) -> None:
        role.clock.jump(self._draw.uniform(-JUMP_S, JUMP_S))
        self._over.wait(self._draw.uniform(*STOPPED_S))
        role.clock.jump(0)

    def _filled(self) -> None:
        filler = self._stack.home / "home" / "filler"
        try:
            with filler.open("wb") as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(2**20))
                    file.flush()
            self._over.wait(self._draw.uniform(*STOPPED_S))
        finally:
            filler.unlink(missing_ok=True)

    def _redis_killed(self, *, forget: bool = False) -> None:
        redis = self._stack.redis
        assert redis is not None
        redis.kill(forget=forget)
        self._over.wait(self._draw.uniform(*STOPPED_S))
        redis.start()

    def _redis_stopped(self, redis: RedisServer) -> None:
        redis.signal(signal.SIGSTOP)
        self._over.wait(self._draw.uniform(*STOPPED_S))
        redis.signal(signal.SIGCONT)

    def _silent(self) -> None:
        proxy = self._stack.database.proxy
        proxy.silence()
        self._over.wait(self._draw.uniform(*STOPPED_S))
        proxy.speak()
