"""The service as a discrete-event simulation: threads, cores and vendors' places, and who waits."""

import math
import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import simpy

from benchmarks.scale.inputs import Demand, Fleet, Times

Steps = Generator[simpy.Event, Any, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A recording and how many languages it goes into."""

    begin_s: float
    minutes: float
    languages: int


@dataclass(slots=True)
class Seen:
    """What came of it.

    Attributes:
        waited_s: From each job's arrival until a thread took it up.
        took_s: From each job's arrival until its last language was done.
        minutes: Dubbed.
        end_s: When the last job was done.
        busy: By resource, the mean share of it in use.
    """

    waited_s: list[float] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)
    minutes: float = 0.0
    end_s: float = 0.0
    busy: dict[str, float] = field(default_factory=dict)


SLICE_S = 0.5
"""How long a core works on one thing before it takes up the next that waits."""


class Places:
    """A resource that tells how much of it was in use."""

    def __init__(self, world: simpy.Environment, count: int) -> None:
        self._world, self._count = world, count
        self._resource = simpy.PriorityResource(world, count)
        self._busy_s = 0.0

    def take(self, seconds: float) -> Steps:
        """Hold one place for so long."""
        with self._resource.request() as place:
            yield place
            yield self._world.timeout(seconds)
            self._busy_s += seconds

    def share(self, seconds: float) -> Steps:
        """The same in slices, with whatever else wants it in between."""
        while seconds > 0:
            yield from self.take(min(SLICE_S, seconds))
            seconds -= SLICE_S

    def request(self, rank: int) -> Any:
        """A place, to be held as long as wanted; who has the lowest rank goes first."""
        return self._resource.request(rank)

    def held(self, seconds: float) -> None:
        """Count a place that was held without `take`."""
        self._busy_s += seconds

    def busy(self, seconds: float) -> float:
        """The mean share in use."""
        return self._busy_s / (self._count * seconds) if seconds else 0.0


class Service:
    """Workers whose threads take jobs in the order in which they came, and a job's languages before
    what came after it.
    """

    def __init__(self, fleet: Fleet, times: Times, seen: Seen) -> None:
        self.world = simpy.Environment()
        self._times, self._seen = times, seen
        self.places = {
            "threads": Places(self.world, fleet.workers * fleet.threads),
            "cores": Places(self.world, max(1, round(fleet.workers * fleet.cores))),
            "listen": Places(self.world, fleet.listen),
            "translate": Places(self.world, fleet.translate),
            "speak": Places(self.world, fleet.speak),
        }

    def arrivals(self, jobs: Iterator[Job]) -> Steps:
        """Every job at its time."""
        for rank, job in enumerate(jobs):
            yield self.world.timeout(max(0.0, job.begin_s - self.world.now))
            self.world.process(self._job(job, rank))

    def _job(self, job: Job, rank: int) -> Steps:
        times = self._times
        begin_s = self.world.now
        with self.places["threads"].request(rank) as thread:
            yield thread
            taken_s = self.world.now
            self._seen.waited_s.append(taken_s - begin_s)
            ingest_s = times.ingest_cpu_s + times.ingest_cpu_per_min_s * job.minutes
            yield from self.places["cores"].share(ingest_s)
            listen_s = times.listen_s + times.listen_per_min_s * job.minutes
            yield from self.places["listen"].take(listen_s)
            self.places["threads"].held(self.world.now - taken_s)
        languages = [self.world.process(self._language(job, rank)) for _ in range(job.languages)]
        yield self.world.all_of(languages)
        self._seen.took_s.append(self.world.now - begin_s)
        self._seen.minutes += job.minutes * job.languages
        self._seen.end_s = self.world.now

    def _language(self, job: Job, rank: int) -> Steps:
        times = self._times
        lines = max(1, round(job.minutes * times.lines_per_min))
        spoken = round(lines * (1 + times.spoken_again))
        with self.places["threads"].request(rank) as thread:
            yield thread
            taken_s = self.world.now
            batches = math.ceil(lines / times.batch_lines)
            yield self._side_by_side("translate", batches, times.batches_at_once, times.batch_s)
            yield self._side_by_side("speak", spoken, times.lines_at_once, times.line_s)
            finish_s = times.finish_cpu_s + times.finish_cpu_per_min_s * job.minutes
            yield from self.places["cores"].share(finish_s)
            self.places["threads"].held(self.world.now - taken_s)

    def _side_by_side(self, name: str, calls: int, at_once: int, seconds: float) -> simpy.Event:
        """Calls of one language, so many at once."""
        rows = min(calls, at_once)
        share = [calls // rows + (row < calls % rows) for row in range(rows)]
        return self.world.all_of(
            [self.world.process(self._row(name, count, seconds)) for count in share]
        )

    def _row(self, name: str, count: int, seconds: float) -> Steps:
        for _ in range(count):
            yield from self.places[name].take(seconds)


def simulate(jobs: Iterator[Job], fleet: Fleet, times: Times, until_s: float | None = None) -> Seen:
    """Play the jobs; to their end, or for so many seconds."""
    seen = Seen()
    service = Service(fleet, times, seen)
    service.world.process(service.arrivals(jobs))
    service.world.run(until=until_s)
    over_s = until_s or seen.end_s
    seen.busy = {name: places.busy(over_s) for name, places in service.places.items()}
    return seen


def poisson(demand: Demand, seconds: float, seed: int) -> Iterator[Job]:
    """Jobs of the busiest hour, for so long."""
    draw = random.Random(seed)  # noqa: S311  # a simulation
    mean_min = mean_minutes(demand, seed)
    jobs_a_day = demand.minutes_a_day / (mean_min * demand.mean_languages)
    pause_s = 86_400 / (jobs_a_day * demand.peak)
    now_s = draw.expovariate(1 / pause_s)
    while now_s < seconds:
        yield Job(now_s, _length(demand, draw), _languages(demand, draw))
        now_s += draw.expovariate(1 / pause_s)


def mean_minutes(demand: Demand, seed: int, count: int = 20_000) -> float:
    """How long a recording is on average."""
    draw = random.Random(seed)  # noqa: S311  # a simulation
    return sum(_length(demand, draw) for _ in range(count)) / count


def _length(demand: Demand, draw: random.Random) -> float:
    length = draw.lognormvariate(math.log(demand.median_min), demand.sigma)
    return min(demand.longest_min, max(demand.shortest_min, length))


def _languages(demand: Demand, draw: random.Random) -> int:
    """Geometric from one on, with the mean asked for."""
    more = math.log(1 - draw.random()) / math.log(1 - 1 / demand.mean_languages)
    return min(demand.most_languages, 1 + math.floor(more))
