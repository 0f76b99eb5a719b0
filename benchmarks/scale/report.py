"""What the model says, as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from benchmarks.scale.inputs import Demand, Fleet, Prices, Times
from benchmarks.scale.plan import FULL, LONGEST_WAIT_S, Plan, at, breaks_first, plan

VOLUMES = (10_000.0, 100_000.0, 1_000_000.0)
SMALL = Fleet(workers=2)
CONNECTIONS = 100
"""PostgreSQL's own limit."""
_NAMES = {
    "speak": "Deepgram's 15 lines spoken at once",
    "translate": "our 16 batches translated at once",
    "listen": "Deepgram's 50 recordings heard at once",
    "cores": "the cores of 2 workers (2 each)",
    "threads": "the threads of 2 workers (8 each)",
    "connections": "PostgreSQL's 100 connections, all for workers but two APIs' 24 each",
}


def tables(times: Times, prices: Prices) -> str:
    """Both tables."""
    plans = [plan(Demand(volume), times, prices) for volume in VOLUMES]
    return f"{_fleets(plans)}\n\n{_limits(times)}\n\n{_money(prices, times)}"


def _fleets(plans: Sequence[Plan]) -> str:
    rows: list[tuple[str, list[str]]] = [
        ("jobs in the busiest hour", [f"{each.jobs_an_hour:,}" for each in plans]),
        ("worker processes (8 threads, 2 cores)", [f"{each.fleet.workers}" for each in plans]),
        ("API processes", [f"{each.apis}" for each in plans]),
        ("database connections", [f"{each.connections}" for each in plans]),
        ("recordings heard at once", [f"{each.fleet.listen}" for each in plans]),
        ("batches translated at once", [f"{each.fleet.translate}" for each in plans]),
        ("lines spoken at once", [f"{each.fleet.speak}" for each in plans]),
        (
            "95 % are taken up within",
            [f"{at(each.seen.waited_s, 0.95):.0f} s" for each in plans],
        ),
        (
            "a job takes, median and 95 %",
            [
                f"{at(each.seen.took_s, 0.5):.0f} s, {at(each.seen.took_s, 0.95):.0f} s"
                for each in plans
            ],
        ),
        ("threads, cores in use", [_shares(each) for each in plans]),
        ("storage for 48 hours", [f"{each.stored_tb:.1f} TB" for each in plans]),
        ("vendors, a minute", [f"${each.usd_a_minute:.4f}" for each in plans]),
        (
            "vendors, a day",
            [f"${each.usd_a_minute * each.demand.minutes_a_day:,.0f}" for each in plans],
        ),
    ]
    head = ["dubbed minutes a day", *(f"{each.demand.minutes_a_day:,.0f}" for each in plans)]
    return _table(head, [[name, *values] for name, values in rows])


def _shares(each: Plan) -> str:
    return f"{each.seen.busy['threads']:.0%}, {each.seen.busy['cores']:.0%}"


def _limits(times: Times) -> str:
    bears = breaks_first(SMALL, CONNECTIONS, times)
    rows = [[_NAMES[name], f"{minutes:,.0f}"] for name, minutes in bears.items()]
    head = [f"limit of the usual settings, {FULL:.0%} full in the busiest hour", "minutes a day"]
    return _table(head, rows)


def _money(prices: Prices, times: Times) -> str:
    rows = [
        [f"{count}", f"${float(prices.per_minute_usd(count, times)):.4f}", f"{share:.0%}"]
        for count, share in _speech(prices, times).items()
    ]
    return _table(["languages of a job", "vendors, a dubbed minute", "of it speech"], rows)


def _speech(prices: Prices, times: Times) -> Mapping[int, float]:
    mute = replace(prices, spoken_per_1000=Decimal(0))
    return {
        count: 1 - float(mute.per_minute_usd(count, times) / prices.per_minute_usd(count, times))
        for count in (1, 3, 12)
    }


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def assumed(times: Times) -> str:
    """What the tables rest on, in a sentence."""
    return (
        f"A worker's processor time: {times.ingest_cpu_s:.2f} s and {times.ingest_cpu_per_min_s:.2f}"
        f" s a minute for a job, {times.finish_cpu_s:.2f} s and {times.finish_cpu_per_min_s:.2f} s a"
        f" minute for each of its languages. Vendors: {times.listen_s:.0f} s and"
        f" {times.listen_per_min_s:.1f} s a minute to hear, {times.batch_s:.0f} s for a batch of"
        f" {times.batch_lines} lines, {times.line_s:.1f} s for a line, {times.spoken_again:.0%} of"
        f" them twice. The fleet is the least under which 95 % of the jobs of the busiest hour are"
        f" taken up within {LONGEST_WAIT_S:.0f} s."
    )
