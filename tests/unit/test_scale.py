"""The model of scale: it keeps the laws that every queue keeps."""

from dataclasses import replace

import pytest
from benchmarks.scale.inputs import Demand, Fleet, Prices, Times
from benchmarks.scale.model import Job, poisson, simulate
from benchmarks.scale.plan import breaks_first, need, plan
from hypothesis import given
from hypothesis import strategies as st

TIMES = Times()
ROOMY = Fleet(workers=50, listen=1_000, translate=1_000, speak=5_000)


def test_one_job_takes_the_sum_of_its_steps() -> None:
    seen = simulate(iter([Job(0.0, 10.0, 1)]), ROOMY, replace(TIMES, spoken_again=0.0))
    lines = 113  # of ten minutes
    heard_s = TIMES.ingest_cpu_s + 10 * TIMES.ingest_cpu_per_min_s
    heard_s += TIMES.listen_s + 10 * TIMES.listen_per_min_s
    spoken_s = -(-lines // TIMES.lines_at_once) * TIMES.line_s
    finish_s = TIMES.finish_cpu_s + 10 * TIMES.finish_cpu_per_min_s
    assert seen.took_s == [pytest.approx(heard_s + TIMES.batch_s + spoken_s + finish_s)]
    assert seen.waited_s == [0.0]


@given(st.lists(st.floats(0.5, 4.0), min_size=1, max_size=5), st.integers(1, 3))
def test_nothing_is_lost_and_no_place_is_taken_twice(lengths: list[float], languages: int) -> None:
    jobs = [Job(float(index), length, languages) for index, length in enumerate(lengths)]
    seen = simulate(iter(jobs), Fleet(workers=1, threads=2, speak=3), TIMES)
    assert len(seen.took_s) == len(seen.waited_s) == len(jobs)
    assert seen.minutes == pytest.approx(sum(lengths) * languages)
    assert all(0.0 <= share <= 1.0 + 1e-9 for share in seen.busy.values())
    lines = sum(
        round(max(1, round(length * TIMES.lines_per_min)) * (1 + TIMES.spoken_again))
        for length in lengths
    )
    assert seen.busy["speak"] * 3 * seen.end_s == pytest.approx(lines * languages * TIMES.line_s)


def test_what_is_in_use_is_what_littles_law_says() -> None:
    demand = Demand(20_000.0, sigma=0.2)
    hours = 4
    seen = simulate(poisson(demand, hours * 3_600.0, seed=3), ROOMY, TIMES)
    needed = need(demand, TIMES)
    for name, places in (("speak", ROOMY.speak), ("listen", ROOMY.listen)):
        assert seen.busy[name] * places == pytest.approx(needed[name], rel=0.15), name


def test_a_plan_keeps_its_promise_and_is_the_least() -> None:
    made = plan(Demand(20_000.0), TIMES, Prices())
    waited_s = sorted(made.seen.waited_s)
    assert waited_s[int(0.95 * len(waited_s))] <= 30.0
    assert made.fleet.workers * made.fleet.threads >= need(made.demand, TIMES)["threads"]
    assert made.connections == made.fleet.workers * 8 + made.apis * 24


def test_what_breaks_first_is_told_first() -> None:
    bears = breaks_first(Fleet(workers=2), 100, TIMES)
    assert list(bears.values()) == sorted(bears.values())
    assert next(iter(bears)) == "speak"
    assert breaks_first(Fleet(workers=4), 100, TIMES)["cores"] == pytest.approx(2 * bears["cores"])


def test_a_minute_costs_less_in_more_languages() -> None:
    costs = [Prices().per_minute_usd(count, TIMES) for count in (1, 3, 12)]
    assert costs == sorted(costs, reverse=True)
