"""A storm: people at work while everything breaks, and whether every promise held.

python -m tests.chaos [--minutes 30] [--seed 1] [--logs FOLDER]
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from uuid import uuid4

from tests.chaos.faults import Storm
from tests.chaos.invariants import broken
from tests.chaos.load import Person
from tests.chaos.stack import stack
from tests.chaos.vendors import Weather, outside

PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, and what was broken by it."""

    seconds: float
    parts: str
    jobs: Counter[str]
    happened: Counter[str]
    impossible: Sequence[str]
    answers: Counter[int]
    failed: Mapping[str, int]
    calls: int
    broken: Sequence[str]

    def __str__(self) -> str:
        rows = [
            f"{self.seconds:.0f} s on {self.parts}, jobs: {dict(self.jobs)}",
            f"disasters: {dict(sorted(self.happened.items()))}",
            *(f"NOT TRIED: {each}" for each in self.impossible),
            f"calls to vendors: {self.calls}; made to fail: {dict(self.failed)}",
            f"answers: {dict(sorted(self.answers.items()))}",
            *(f"BROKEN: {each}" for each in self.broken),
        ]
        return "\n".join(rows)


def storm(seconds: float, seed: int, logs: Path | None = None) -> Outcome:
    """Let it rage for so long, then wait until everything has ended, and look.

    Args:
        seconds: How long, or longer, until each kind of fault has happened once.
        seed: Of what happens, when and to whom. Every other seed wakes workers by Redis, and every
            other two keep files in Supabase Storage.
        logs: Where the processes' logs are copied to.
    """
    with_redis, with_storage = bool(seed & 1), not seed & 2
    weather = Weather(seed)
    begin_s = time.monotonic()
    with outside(weather, with_storage) as others, stack(others, with_redis) as up:
        secret = up.variables["YTDUBBER_SECRET"]
        people = [
            Person(up.url, others.token(uuid4(), secret), seed * 100 + number)
            for number in range(PEOPLE)
        ]
        over = threading.Event()
        threads = [threading.Thread(target=each.go_on, args=[over], daemon=True) for each in people]
        raging = Storm(up, seed)
        for thread in threads:
            thread.start()
        with raging.raging():
            over.wait(seconds)
        weather.bad = False
        over.set()
        for thread in threads:
            thread.join()
        for person in people:
            person.fetch()
            person.close()
        wrong = list(broken(up, people, others))
        if logs is not None:
            for role in up.roles.values():
                copy(role.log, logs)
        jobs = [job for person in people for job in person.jobs]
        return Outcome(
            seconds=time.monotonic() - begin_s,
            parts=" and ".join(
                [
                    "Redis" if with_redis else "PostgreSQL's queue",
                    "Supabase Storage" if with_storage else "a folder",
                ]
            ),
            jobs=Counter(str(job.last.get("stage")) for job in jobs),
            happened=raging.happened,
            impossible=raging.impossible,
            answers=sum((Counter(person.answers) for person in people), Counter()),
            failed=weather.failed,
            calls=len(others.vendors.calls),
            broken=wrong,
        )
