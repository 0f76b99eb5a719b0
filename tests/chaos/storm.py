"""A storm: people at work while everything breaks, and whether every promise held.

python -m tests.chaos [--minutes 30] [--seed 1] [--logs FOLDER]
"""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copy
from uuid import uuid4

from tests.chaos.content import Distinct
from tests.chaos.faults import Storm, Weather
from tests.chaos.invariants import broken
from tests.chaos.load import Person
from tests.chaos.stack import Stack, stack

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.testing.vendor_double import VendorDouble, running

PEOPLE = 3
LATENCY_S = {"listen": 1.0, "responses": 0.7, "speak": 0.4}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, and what was broken by it."""

    seconds: float
    jobs: Counter[str]
    happened: Counter[str]
    answers: Counter[int]
    vendors_failed: int
    calls: int
    broken: Sequence[str]

    def __str__(self) -> str:
        rows = [
            f"{self.seconds:.0f} s, jobs: {dict(self.jobs)}",
            f"disasters: {dict(sorted(self.happened.items()))}",
            f"calls to vendors: {self.calls}, of them made to fail: {self.vendors_failed}",
            f"answers: {dict(sorted(self.answers.items()))}",
            *(f"BROKEN: {each}" for each in self.broken),
        ]
        return "\n".join(rows)


def storm(seconds: float, seed: int, logs: Path | None = None) -> Outcome:
    """Let it rage for so long, then wait until everything has ended, and look; the processes' logs
    are copied to a folder.
    """
    weather = Weather(seed)
    double = VendorDouble(Distinct(), latency_s=LATENCY_S, weather=weather)
    begin_s = time.monotonic()
    with running(double) as vendors_url, stack(vendors_url) as up:
        people = [Person(up.url, _token(up), seed * 100 + number) for number in range(PEOPLE)]
        over = threading.Event()
        threads = [threading.Thread(target=each.go_on, args=[over], daemon=True) for each in people]
        raging = Storm(up, seed)
        for each in threads:
            each.start()
        with raging.raging():
            over.wait(seconds)
        weather.bad = False
        over.set()
        for each in threads:
            each.join()
        for person in people:
            person.fetch()
        wrong = list(broken(up, people, double))
        if logs is not None:
            for role in up.roles.values():
                copy(role.log, logs)
        jobs = [job for person in people for job in person.jobs]
        return Outcome(
            seconds=time.monotonic() - begin_s,
            jobs=Counter(str(job.last.get("stage")) for job in jobs),
            happened=raging.happened,
            answers=sum((Counter(person.answers) for person in people), Counter()),
            vendors_failed=weather.failed,
            calls=len(double.calls),
            broken=wrong,
        )


def _token(up: Stack) -> str:
    who = uuid4()
    secret = up.variables["YTDUBBER_SECRET"]
    address = f"{who}@example.org"
    return local_session(secret, who, address, timedelta(days=1), False).access_token
