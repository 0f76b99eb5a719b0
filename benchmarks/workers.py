"""Jobs a minute with more and more workers, ten jobs beside one, and what the cores are used for."""

import random
import statistics
import sys
import time
from collections import UserDict
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.site import CORES, Site, site

TITLE = "Workers: jobs a minute"
COUNTS = (1, 2, 4, 8)
THREADS = 2
"""Of each, so that it is the vendors who are waited for, not the cores."""
EACH = 8
"""Jobs for each worker."""
SHARE = 0.25
"""Of the example's 27.7 s."""
LATENCY_S = {"listen": 10.0, "responses": 8.0, "speak": 3.0}
LANGUAGE = ("es",)
TEN, ROOMY = 10, 8
CPU_JOBS = 32


class Latencies(UserDict[str, float]):
    """Seconds by route, which vary by half, as vendors' do, so that jobs do not move in step."""

    def __getitem__(self, route: str) -> float:
        return super().__getitem__(route) * random.uniform(0.5, 1.5)  # noqa: S311  # no secret


@dataclass(frozen=True, slots=True)
class Rate:
    """What so many workers did."""

    workers: int
    jobs_a_minute: float
    cores_used: float


def run() -> str:
    """Tables of what was measured."""
    latency_s = Latencies()
    with site(latency_s, YTDUBBER_JOBS_AT_ONCE="1000", YTDUBBER_UPLOAD_GB_A_DAY="1000") as here:
        bound = [_rate(here, latency_s, workers) for workers in COUNTS]
        one_s, ten_s = _ten(here, latency_s)
        computing = _computing(here, latency_s)
    return "\n\n".join([_bound(bound), _beside(one_s, ten_s), computing])


def _rate(here: Site, latency_s: Latencies, workers: int) -> Rate:
    _ready(here, latency_s, workers, THREADS)
    latency_s.update(LATENCY_S)
    begin_s, begin_cpu_s = time.monotonic(), here.cpu_s()
    jobs = [here.send(LANGUAGE, SHARE) for _ in range(EACH * workers)]
    here.finish(jobs)
    took_s = time.monotonic() - begin_s
    rate = Rate(workers, 60 * len(jobs) / took_s, (here.cpu_s() - begin_cpu_s) / took_s)
    print(rate, file=sys.stderr)
    return rate


def _ready(here: Site, latency_s: Latencies, workers: int, threads: int) -> None:
    """Every worker has everything loaded."""
    latency_s.clear()
    here.staff(workers, threads)
    here.finish([here.send(LANGUAGE, SHARE) for _ in range(3 * workers)])


def _ten(here: Site, latency_s: Latencies) -> tuple[float, list[float]]:
    """One job, and each of ten at once, on one machine's workers."""
    _ready(here, latency_s, CORES, ROOMY)
    latency_s.update(LATENCY_S)
    one_s = here.dub(LANGUAGE, SHARE).took_s
    done = here.finish([here.send(LANGUAGE, SHARE) for _ in range(TEN)])
    return one_s, [each.took_s for each in done.values()]


def _computing(here: Site, latency_s: Latencies) -> str:
    """Vendors that answer at once: only the cores are in the way."""
    _ready(here, latency_s, CORES, ROOMY)
    begin_s, begin_cpu_s = time.monotonic(), here.cpu_s()
    here.finish([here.send(LANGUAGE) for _ in range(CPU_JOBS)])
    took_s = time.monotonic() - begin_s
    used = (here.cpu_s() - begin_cpu_s) / took_s / CORES
    return (
        f"Vendors that answer at once, {CORES} workers of {ROOMY} threads: {CPU_JOBS} jobs of 27.7 s,"
        f" {60 * CPU_JOBS / took_s:.1f} a minute; the {CORES} cores are in use for {used:.0%} of"
        " that time."
    )


def _bound(rates: list[Rate]) -> str:
    linear = rates[0].jobs_a_minute
    waits: Mapping[str, float] = LATENCY_S
    lines = [
        f"Workers of {THREADS} threads, {EACH} jobs for each, {SHARE * 27.7:.0f} s of speech into"
        f" one language; vendors that take {', '.join(f'{n} {s:g} s' for n, s in waits.items())},"
        " give or take half.",
        "",
        "| workers | jobs a minute | of linear | cores in use |",
        "| ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {each.workers} | {each.jobs_a_minute:.1f}"
        f" | {each.jobs_a_minute / (linear * each.workers):.2f} | {each.cores_used:.2f} of {CORES} |"
        for each in rates
    ]
    return "\n".join(lines)


def _beside(one_s: float, ten_s: list[float]) -> str:
    median_s, longest_s = statistics.median(ten_s), max(ten_s)
    return (
        f"On {CORES} workers of {ROOMY} threads, the same vendors: one job takes {one_s:.1f} s; of ten"
        f" at once the median {median_s:.1f} s = {median_s / one_s:.2f} x, the longest"
        f" {longest_s:.1f} s = {longest_s / one_s:.2f} x."
    )


if __name__ == "__main__":
    print(run())
