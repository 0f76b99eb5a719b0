"""A storm: people at work while everything breaks, and whether every promise held.

python -m tests.chaos [--minutes 30] [--seed 1] [--brisk] [--logs FOLDER]
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from uuid import uuid4

from tests.chaos.aftermath import Aftermath
from tests.chaos.faults import STEADY, Pace, Storm
from tests.chaos.invariants import ENDS, broken
from tests.chaos.load import LoadUser
from tests.chaos.stack import Parts, Stack, stack
from tests.chaos.vendors import Outside, Weather, outside

PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, and what was broken by it.

    Attributes:
        seconds: How long it took in all.
        parts: What the service was made of.
        jobs: How many ended how.
        happened: How often each kind of fault did.
        impossible: What could not be tried here.
        restarts: How often each process was started again.
        answers: How many answers had which status; 0 stands for none.
        slowest_s: The longest that an answer took.
        calls: How often vendors were called.
        promises: Of every one, where it was not kept.
    """

    seconds: float
    parts: Parts
    jobs: Counter[str]
    happened: Mapping[str, int]
    impossible: Sequence[str]
    restarts: Mapping[str, int]
    answers: Counter[int]
    slowest_s: float
    calls: int
    promises: Mapping[str, Sequence[str]]

    @property
    def broken(self) -> list[str]:
        """Sentences that begin with the promise."""
        return [f"{promise}: {each}" for promise, found in self.promises.items() for each in found]

    def __str__(self) -> str:
        return "\n".join(self._rows())

    def _rows(self) -> Iterator[str]:
        yield f"{self.seconds:.0f} s on {self.parts}"
        yield f"jobs: {dict(self.jobs)}; calls to vendors: {self.calls}"
        yield f"answers: {dict(sorted(self.answers.items()))}, in {self.slowest_s:.1f} s at most"
        yield f"started again: {dict(self.restarts)}"
        yield from ("", "| kind | times |", "| --- | --- |")
        yield from (f"| {kind} | {times} |" for kind, times in sorted(self.happened.items()))
        yield from (f"| not tried: {each} | 0 |" for each in self.impossible)
        yield from ("", "| promise | kept |", "| --- | --- |")
        for promise, found in self.promises.items():
            yield f"| {promise} | {'NO' if found else 'yes'} |"
        yield from ("", *(f"BROKEN: {each}" for each in self.broken))


def storm(seconds: float, seed: int, logs: Path | None = None, *, pace: Pace = STEADY) -> Outcome:
    """Let it rage for so long, then wait until everything has ended, and look.

    Args:
        seconds: How long, or longer, until each kind of fault has happened once.
        seed: Of what happens, when and to whom, and what the service is made of, as `parts_of`.
        logs: Where the processes' logs are copied to.
        pace: How fast one thing follows the other.
    """
    parts, weather = parts_of(seed), Weather(seed)
    begin_s = time.monotonic()
    with outside(weather, parts.storage) as others, stack(others, parts) as up:
        with crowd(up, others, seed) as people:
            raging = Storm(up, seed, lambda: sum(each.answers[200] for each in people), pace)
            with raging.raging():
                time.sleep(seconds)
            weather.bad = False
        for load_user in people:
            load_user.fetch()
        after = Aftermath(up, people, others, raging)
        promises = broken(after)
        if logs is not None:
            for role in up.roles.values():
                copy(role.log, logs)
        restarts = {name: role.starts - 1 for name, role in up.roles.items()}
    return Outcome(
        seconds=time.monotonic() - begin_s,
        parts=parts,
        jobs=Counter(str(job.last.get("stage")) for job in after.jobs),
        happened={**raging.happened, **weather.failed},
        impossible=raging.impossible,
        restarts=restarts,
        answers=sum((load_user.answers for load_user in people), Counter()),
        slowest_s=max(load_user.slowest_s for load_user in people),
        calls=len(others.vendors.calls),
        promises=promises | {ENDS: up.wrong},
    )


def parts_of(seed: int) -> Parts:
    """Odd seeds wake workers by Redis; of four seeds two keep files in Supabase Storage, and of
    eight the second four have the service start its database itself.
    """
    return Parts(redis=bool(seed & 1), storage=not seed & 2, embedded=bool(seed & 4))


@contextmanager
def crowd(up: Stack, others: Outside, seed: int) -> Iterator[list[LoadUser]]:
    """People at work; at the end each sees the last job to its end."""
    secret = up.variables["YTDUBBER_SECRET"]
    people = []
    for number in range(PEOPLE):
        who = uuid4()
        up.grant(who)
        people.append(LoadUser(up.url, others.token(who, secret), seed * 100 + number))
    over = threading.Event()
    threads = [threading.Thread(target=each.go_on, args=[over], daemon=True) for each in people]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        over.set()
        for thread in threads:
            thread.join()
