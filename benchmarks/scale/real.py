"""A real service of small size: what work costs it, and whether the model foretells how long it
takes. The vendors are a double; the machine should have nothing else to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.scale.inputs import Fleet, Times
from benchmarks.scale.model import Job, simulate
from benchmarks.site import CORES, THREADS, Done, Site, site
from benchmarks.vendors import LATENCY_S

LANGUAGES = ("es", "de", "fr", "it")
LONGER = 4
"""The longer recording is the example so many times over."""
ROUNDS = 2
WORKERS, JOBS, EACH = 2, 24, 3
"""Of the load: jobs of so many languages each, all at once."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The model against the service: until all jobs were done, and a job's mean time."""

    real_s: float
    model_s: float
    real_mean_s: float
    model_mean_s: float


def costs(here: Site, usual: Times) -> tuple[Times, Times]:
    """The processor time of work, of the workers and of everything, from jobs of one and four
    languages, short and long: a job takes (a + b minutes) once and (c + d minutes) for each
    language.
    """
    rows, took = [], []
    for count in (1, len(LANGUAGES)):
        for over in (1, LONGER):
            here.dub(LANGUAGES[:count], over)  # nothing is loaded or compiled while it counts
            begin_s = here.workers_cpu_s(), here.cpu_s()
            for _ in range(ROUNDS):
                here.dub(LANGUAGES[:count], over)
            end_s = here.workers_cpu_s(), here.cpu_s()
            minutes = here.minutes(over)
            rows.append((1, minutes, count, count * minutes))
            took.append([(end - begin) / ROUNDS for begin, end in zip(begin_s, end_s, strict=True)])
    workers, everything = np.maximum(0, np.linalg.solve(rows, took)).T.tolist()
    return _costing(usual, workers), _costing(usual, everything)


def _costing(usual: Times, cpu_s: Sequence[float]) -> Times:
    once_s, once_min_s, each_s, each_min_s = cpu_s
    return replace(
        usual,
        ingest_cpu_s=once_s,
        ingest_cpu_per_min_s=once_min_s,
        finish_cpu_s=each_s,
        finish_cpu_per_min_s=each_min_s,
    )


def against_model(here: Site, latency_s: dict[str, float], cost: Times) -> Compared:
    """A load on the real service, and the same in the model, fed with `cost` of all processes."""
    here.staff(WORKERS)
    here.finish([here.send(LANGUAGES) for _ in range(2 * WORKERS)])  # everything is loaded
    latency_s.update(LATENCY_S)
    done = list(here.finish([here.send(LANGUAGES[:EACH]) for _ in range(JOBS)]).values())
    begin_s = min(each.submitted_s for each in done)
    seen = simulate(iter(_sent(done, begin_s, here.minutes(1))), fleet(), answering(cost))
    return Compared(
        real_s=max(each.finished_s for each in done) - begin_s,
        model_s=seen.end_s,
        real_mean_s=sum(each.took_s for each in done) / JOBS,
        model_mean_s=sum(seen.took_s) / JOBS,
    )


def fleet() -> Fleet:
    """The model's, of that size."""
    return Fleet(WORKERS, THREADS, CORES / WORKERS)


def answering(cost: Times) -> Times:
    """With the double's latencies."""
    return replace(
        cost,
        listen_s=LATENCY_S["listen"],
        listen_per_min_s=0.0,
        batch_s=LATENCY_S["responses"],
        line_s=LATENCY_S["speak"],
        spoken_again=0.0,
    )


def _sent(done: Sequence[Done], begin_s: float, minutes: float) -> list[Job]:
    times_s = sorted(each.submitted_s - begin_s for each in done)
    return [Job(each_s, minutes, EACH) for each_s in times_s]


def measure() -> tuple[Times, Compared]:
    """What work costs a worker, and the model against the service."""
    latency_s: dict[str, float] = {}
    with site(latency_s, YTDUBBER_JOBS_AT_ONCE=str(10 * JOBS)) as here:
        here.staff(1)
        here.dub(LANGUAGES)
        workers, everything = costs(here, Times())
        return workers, against_model(here, latency_s, everything)
