"""The least fleet that serves a day's minutes, and what breaks first in one that is given."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from benchmarks.scale.inputs import (
    CONNECTIONS_A_WORKER,
    CONNECTIONS_AN_API,
    KEPT_HOURS,
    STORED_GB_A_MINUTE,
    WATCHERS_AN_API,
    Demand,
    Fleet,
    Prices,
    Times,
)
from benchmarks.scale.model import Seen, mean_minutes, poisson, simulate

HOUR_S = 3600.0
FULL = 0.7
"""How much of the vendors' places may be in use on average; beyond, waiting grows steeply."""
LONGEST_WAIT_S = 30.0
"""How long 95 % of the jobs may wait at most until a worker takes them up."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """A fleet and what it does in the busiest hour."""

    demand: Demand
    fleet: Fleet
    seen: Seen
    jobs_an_hour: int
    apis: int
    connections: int
    stored_tb: float
    usd_a_minute: float


def need(demand: Demand, times: Times) -> Mapping[str, float]:
    """Places of each kind that are in use on average in the busiest hour (Little's law)."""
    mean_min = mean_minutes(demand, SEED)
    languages = demand.minutes_a_day * demand.peak / 86_400 / mean_min
    jobs = languages / demand.mean_languages
    lines = mean_min * times.lines_per_min
    spoken = lines * (1 + times.spoken_again)
    batches = math.ceil(lines / times.batch_lines)
    listen_s = times.listen_s + times.listen_per_min_s * mean_min
    ingest_s = times.ingest_cpu_s + times.ingest_cpu_per_min_s * mean_min
    finish_s = times.finish_cpu_s + times.finish_cpu_per_min_s * mean_min
    vendors_s = times.batch_s * math.ceil(batches / times.batches_at_once)
    vendors_s += times.line_s * spoken / times.lines_at_once
    return {
        "listen": jobs * listen_s,
        "translate": languages * batches * times.batch_s,
        "speak": languages * spoken * times.line_s,
        "cores": jobs * ingest_s + languages * finish_s,
        "threads": jobs * (listen_s + ingest_s) + languages * (vendors_s + finish_s),
    }


def plan(demand: Demand, times: Times, prices: Prices) -> Plan:
    """The least fleet under which jobs do not wait long, found by playing the busiest hour."""
    needed = need(demand, times)
    usual = Fleet(workers=1)
    fleet = replace(
        usual,
        listen=max(usual.listen, math.ceil(needed["listen"] / FULL)),
        translate=max(usual.translate, math.ceil(needed["translate"] / FULL)),
        speak=max(usual.speak, math.ceil(needed["speak"] / FULL)),
    )
    cores, threads = needed["cores"] / fleet.cores, needed["threads"] / fleet.threads
    workers = max(1, math.floor(max(cores, threads)))
    while True:
        fleet = replace(fleet, workers=workers)
        seen = simulate(poisson(demand, HOUR_S, SEED), fleet, times)
        if at(seen.waited_s, 0.95) <= LONGEST_WAIT_S:
            break
        workers += max(1, workers // 8)
    watched = sum(seen.took_s) / HOUR_S  # every job under way, by whoever sent it
    apis = max(2, math.ceil(watched / WATCHERS_AN_API))
    return Plan(
        demand=demand,
        fleet=fleet,
        seen=seen,
        jobs_an_hour=len(seen.took_s),
        apis=apis,
        connections=workers * CONNECTIONS_A_WORKER + apis * CONNECTIONS_AN_API,
        stored_tb=demand.minutes_a_day * STORED_GB_A_MINUTE * KEPT_HOURS / 24 / 1000,
        usd_a_minute=float(prices.per_minute_usd(demand.mean_languages, times)),
    )


def breaks_first(fleet: Fleet, connections: int, times: Times) -> Mapping[str, float]:
    """How many minutes a day each limit of a fleet bears, the least first."""
    one = Demand(minutes_a_day=100_000.0)
    needed = need(one, times)
    has = {
        "listen": FULL * fleet.listen,
        "translate": FULL * fleet.translate,
        "speak": FULL * fleet.speak,
        "cores": FULL * fleet.workers * fleet.cores,
        "threads": FULL * fleet.workers * fleet.threads,
    }
    bears = {name: one.minutes_a_day * have / needed[name] for name, have in has.items()}
    threads = (connections - 2 * CONNECTIONS_AN_API) / CONNECTIONS_A_WORKER * fleet.threads
    bears["connections"] = one.minutes_a_day * FULL * threads / needed["threads"]
    return dict(sorted(bears.items(), key=lambda each: each[1]))


def at(values: list[float], share: float) -> float:
    """The value below which this share of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
