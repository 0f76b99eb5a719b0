"""Workers' connections to the database: how many there are, and what their loss costs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from tests.hole import hole
from tests.integration.vendors.conftest import Open, Serve, Setting
from tests.integration.vendors.harness import ServiceHarness, Workers, billed, bursts
from tests.pooler import pooler
from tests.waiting import until

from ytdubber.testing.vendor_double import VendorDouble

LANGUAGES = ("es", "de", "fr", "pt")
BUDGET = 8
"""Of a worker of eight threads, whatever they are for."""

_VENDORS = """
  select count(*) from pg_stat_activity where datname = current_database()
    and application_name = 'ytdubber-vendors'
"""
_NAMES = """
  select pid from pg_stat_activity where datname = current_database()
    and application_name in ('ytdubber-worker', 'ytdubber-vendors', 'ytdubber-queue')
"""


@contextmanager
def counting(url: str) -> Iterator[Callable[[], int]]:
    """Looks all the time; tells the most connections at once of workers that start now."""
    most, done = 0, threading.Event()

    def look() -> None:
        nonlocal most
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.wait(0.02):
                most = max(most, len(_pids(connection) - before))

    with psycopg.connect(url, autocommit=True) as connection:
        before = _pids(connection)
    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: most
    finally:
        done.set()
        thread.join()


def _pids(connection: psycopg.Connection) -> set[int]:
    return {pid for (pid,) in connection.execute(_NAMES)}


def test_a_worker_of_eight_threads_has_eight_connections(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    serve(latency_s={"listen": 0.2, "responses": 0.2, "speak": 0.2})
    service = harness()
    jobs = [service.send(*LANGUAGES, recording=bursts()) for _ in range(3)]
    # The service has a process of its own that calls vendors, which connects when it is ready.
    until(lambda: service.rows(_VENDORS) != [(0,)], log=workers.log)
    with counting(service.shared.urls.owner) as most:
        workers.start(threads=8)
        until(lambda: service.ended(*jobs), log=workers.log)
    assert 3 < most() <= BUDGET
    assert service.rows("select max(attempts) from ytdubber.language_tasks") == [(1,)]


_MESSAGES = "select count(*) from ytdubber_queue.queue"
_OPEN = "select count(*) from ytdubber.usage_receipts where outcome in ('started', 'unknown')"


def speaking(double: VendorDouble, lines: int) -> bool:
    return len([call for call in double.calls if call.route == "speak"]) >= lines


def all_complete(service: ServiceHarness) -> bool:
    return service.rows("select distinct stage from ytdubber.language_tasks") == [("complete",)]


@pytest.mark.parametrize("silent_s", [0.0, 6.0], ids=["restarted", "silent"])
def test_an_outage_under_load_costs_nothing_and_fails_nothing(
    serve: Serve, harness: Open, workers: Workers, set_up: Setting, silent_s: float
) -> None:
    double = serve(latency_s={"listen": 0.2, "responses": 0.2, "speak": 0.5})
    service = harness()
    job_id = service.send(*LANGUAGES, recording=bursts())
    with hole(service.shared.urls.owner) as way:
        set_up(DATABASE_URL=way.url)
        workers.start(threads=8)
        until(lambda: speaking(double, 6), log=workers.log)
        if silent_s:
            way.swallow()
            threading.Event().wait(silent_s)
        way.forward()
        until(lambda: service.ended(job_id), log=workers.log)
        until(lambda: service.rows(_OPEN) == [(0,)], log=workers.log)
        until(lambda: service.rows(_MESSAGES) == [(0,)], log=workers.log)
        workers.close()
    assert all_complete(service)
    assert not double.repeated
    assert 0 < service.cost_usd() == billed(double)
    log = workers.log.read_text()
    assert "Traceback" not in log
    assert log.count("the database does not answer") <= 2  # one for each process


def test_a_worker_behind_a_transaction_pooler(
    serve: Serve, harness: Open, workers: Workers, set_up: Setting
) -> None:
    double, service = serve(), harness()
    job_id = service.send("es", "de", recording=bursts())
    with pooler(service.shared.urls.owner) as url:
        set_up(DATABASE_URL=url)
        workers.start(threads=8)
        until(lambda: service.ended(job_id), log=workers.log)
        workers.close()
    assert all_complete(service)
    assert 0 < service.cost_usd() == billed(double)
    assert '"event": "queue.mode"' in workers.log.read_text()
