"""One user's 150 jobs and fifty of four others, on a real service: who waits how long.

    BENCH_BEFORE=/path/to/an/older/tree BENCH_SECTIONS=fairness make bench

The large user sends first, and all lie in the queue when the workers begin: times are from then.
Measured without them, and with them, and with them by an older tree's service, where one is given
(installed in its own `.venv`).
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from benchmarks.site import Done, Site, site
from ytdubber.adapters.identity.tokens import local_session
from ytdubber.ports.identity import Claims

TITLE = "Fairness: 150 jobs of one user beside fifty of four others"
LARGE, SMALL = 150, (13, 13, 12, 12)
WORKERS, THREADS = 2, 4
SHARE = 0.25
"""Of the example's 27.7 s."""
LATENCY_S = {"listen": 5.0, "responses": 4.0, "speak": 1.5}
LANGUAGES = ("es",)
PAUSE_S = 0.05
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # of a service that lives for minutes
SETTINGS = {
    "YTDUBBER_JOBS_AT_ONCE": "1000",
    "YTDUBBER_QUEUED_LANGUAGES": "10000",
    "YTDUBBER_UPLOAD_GB_A_DAY": "1000",
    "YTDUBBER_REQUESTS_A_MINUTE": "1000000",
    "YTDUBBER_SECRET": SECRET,
}


@dataclass(slots=True)
class Watch:
    """How long reads of the API take and what the workers hold, while something runs.

    Whoever reads is a process of its own: this one has the double's threads, too, and they take
    turns with all others here.
    """

    api: "Api"
    reads_ms: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    @property
    def p99_ms(self) -> float:
        return statistics.quantiles(self.reads_ms, n=100, method="inclusive")[98]

    @contextmanager
    def while_it_runs(self, here: Site) -> Iterator[None]:
        """Read the list again and again."""
        over = threading.Event()

        def weigh() -> None:
            while not over.wait(1.0):
                self.memory_mb.append(here.memory_mb())

        words = [sys.executable, "-m", "benchmarks.fairness", "read", self.api.url, self.api.token]
        weighing = threading.Thread(target=weigh)
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as reader:
            weighing.start()
            try:
                yield
            finally:
                over.set()
                weighing.join()
                said, _ = reader.communicate()
                self.reads_ms += json.loads(said)


def reads_ms(url: str, token: str) -> list[float]:
    """How long each read takes, until standard input ends."""
    took_ms: list[float] = []
    over = threading.Event()

    def hear() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=hear, daemon=True).start()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as http:
        while not over.wait(PAUSE_S):
            begin_s = time.monotonic()
            http.get("/api/jobs").raise_for_status()
            took_ms.append((time.monotonic() - begin_s) * 1000)
    return took_ms


@dataclass(frozen=True, slots=True)
class Played:
    """Jobs that were done.

    Attributes:
        begin_s: When the workers began, in seconds since the epoch.
        done: All of them.
    """

    begin_s: float
    done: Sequence[Done]

    def median_s(self, whose: Sequence[Claims]) -> float:
        """The median over these users' jobs, from when the workers began."""
        ids = {user.user_id for user in whose}
        return statistics.median(
            each.finished_s - self.begin_s for each in self.done if each.user in ids
        )

    def end_s(self, user: UUID | None = None) -> float:
        """When the last job, or the last of a user's, was done."""
        ends_s = (each.finished_s for each in self.done if user in (None, each.user))
        return max(ends_s) - self.begin_s


def users(count: int) -> Sequence[Claims]:
    """So many people."""
    return [Claims(uuid4(), None, "authenticated", {}) for _ in range(count)]


def equal_share_s(jobs: Mapping[UUID, int], a_second: float) -> dict[UUID, float]:
    """When each user's last job ends if all have the same share of what the service does at any
    moment, and who has finished leaves theirs to the others.

    Args:
        jobs: How many each has, all sent at once and of one size.
        a_second: Jobs that the service does.
    """
    ends_s: dict[UUID, float] = {}
    done, now_s = 0, 0.0
    order = sorted(jobs, key=lambda user: jobs[user])
    for place, user in enumerate(order):
        sharing = len(order) - place
        now_s += (jobs[user] - done) * sharing / a_second
        done = jobs[user]
        ends_s[user] = now_s
    return ends_s


def jain(values: Sequence[float]) -> float:
    """1 where all are equal, 1/n where one has everything (Jain, Chiu and Hawe, 1984)."""
    return sum(values) ** 2 / (len(values) * sum(value**2 for value in values))


def played(here: Site, sent: Sequence[tuple[Claims, int]], watch: Watch | None = None) -> Played:
    """All jobs, one user's after the other's, to the last one's end.

    Raises:
        RuntimeError: some failed, so that their times say nothing.
    """
    here.close()
    ids = [here.send(LANGUAGES, SHARE, user) for user, count in sent for _ in range(count)]
    begin_s = time.time()
    here.staff(WORKERS, THREADS)
    with watch.while_it_runs(here) if watch else nullcontext():
        done = list(here.finish(ids).values())
    if failed := sum(not each.complete for each in done):
        raise RuntimeError(f"{failed} of {len(done)} jobs failed")
    return Played(begin_s, done)


@dataclass(frozen=True, slots=True)
class Api:
    """Where the API is, and the token of somebody who reads."""

    url: str
    token: str


@contextmanager
def api() -> Iterator[Api]:
    """The API in a process of its own."""
    words = [sys.executable, "-m", "ytdubber", "serve", "--no-worker", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout  # noqa: S101  # it was asked for
        url = next(word for line in server.stdout for word in line.split() if "://" in word)
        drain = threading.Thread(target=server.stdout.read, daemon=True)
        drain.start()
        session = local_session(SECRET, uuid4(), "reader@example.org", timedelta(hours=1))
        yield Api(url.rstrip("."), session.access_token)
        server.terminate()


def by_another(tree: str) -> tuple[float, float]:
    """The same load on another tree's service: the medians of the small users and of the large."""
    python = f"{tree}/.venv/bin/python"
    words = [python, "-m", "benchmarks.fairness", "alone"]
    root = Path(__file__).parents[1]
    done = subprocess.run(words, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    small_s, large_s = json.loads(done.stdout.splitlines()[-1])
    return small_s, large_s


def mixed() -> tuple[float, float]:
    """What `by_another` tells."""
    large, *small = users(1 + len(SMALL))
    with site(LATENCY_S, **SETTINGS) as here:
        both = played(here, [(large, LARGE), *zip(small, SMALL, strict=True)])
    return both.median_s(small), both.median_s([large])


def run() -> str:
    """A table of what was measured."""
    large, *small = users(1 + len(SMALL))
    few = list(zip(small, SMALL, strict=True))
    with site(LATENCY_S, **SETTINGS) as here, api() as served:
        idle, busy = Watch(served), Watch(served)
        with idle.while_it_runs(here):
            time.sleep(20)
        alone = played(here, few)
        both = played(here, [(large, LARGE), *few], busy)
    counts = {large.user_id: LARGE} | {user.user_id: count for user, count in few}
    a_second = len(both.done) / both.end_s()
    ideal_s = equal_share_s(counts, a_second)
    slowdown = [both.end_s(user) / ideal_s[user] for user in counts]
    without_s, with_s, large_s = alone.median_s(small), both.median_s(small), both.median_s([large])
    third = len(busy.memory_mb) // 3
    held = [
        statistics.mean(busy.memory_mb[third : 2 * third]),
        statistics.mean(busy.memory_mb[-third:]),
    ]
    rows = [
        ("jobs complete", f"{len(both.done)} of {LARGE + sum(SMALL)}, none refused"),
        ("jobs a minute", f"{a_second * 60:.1f}"),
        ("four small users' median turnaround without the large one's jobs", f"{without_s:.1f} s"),
        ("- with them", f"{with_s:.1f} s = {with_s / without_s:.2f} x"),
        ("the large user's median turnaround", f"{large_s:.1f} s"),
        *_older(large_s, with_s),
        ("Jain's index of when users are done over an equal share's", f"{jain(slowdown):.3f}"),
        (
            "`GET /api/jobs` p99, idle and meanwhile",
            f"{idle.p99_ms:.1f} ms, {busy.p99_ms:.1f} ms = {busy.p99_ms / idle.p99_ms:.2f} x",
        ),
        ("workers' memory in the second and the last third", f"{held[0]:.0f} MB, {held[1]:.0f} MB"),
    ]  # fmt: skip
    head = (
        f"{WORKERS} workers of {THREADS} threads; {SHARE * 27.7:.0f} s of speech into one language;"
        f" vendors that take {', '.join(f'{name} {s:g} s' for name, s in LATENCY_S.items())}."
    )
    return "\n".join(
        [head, "", "| what | measured |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)]
    )


def _older(large_s: float, small_s: float) -> list[tuple[str, str]]:
    tree = os.environ.get("BENCH_BEFORE")
    if not tree:
        return []
    before_small_s, before_large_s = by_another(tree)
    return [
        (
            "- by first come, first served (the older tree)",
            f"{before_large_s:.1f} s, so that ours is {large_s / before_large_s:.2f} x",
        ),
        (
            "- the small users' there",
            f"{before_small_s:.1f} s, so that ours is {small_s / before_small_s:.2f} x",
        ),
    ]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["alone"]:
            print(json.dumps(mixed()))
        case ["read", url, token]:
            print(json.dumps(reads_ms(url, token)))
        case _:
            print(run())
