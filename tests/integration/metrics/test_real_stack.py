"""The dashboard and the alerts of a service that is really at work: API, worker, maintenance and
vendors in processes of their own, a job that is done, one that fails and one that waits out an
outage, scraped by Debian's Prometheus with our rules.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.e2e.operated import Operated, operated
from tests.integration.metrics.asked import drawn, found, scraped
from tests.integration.metrics.scraping import free_port, told
from tests.integration.metrics.test_dashboard import QUERIES
from tests.integration.metrics.test_rules import FOLDER, RULES
from tests.waiting import until

from ytdubber.testing.vendor_double.faults import Fault

pytestmark = pytest.mark.xdist_group("real stack")  # one process brings it up
RATE_INTERVAL = "10s"
OUTAGE = timedelta(minutes=20)
_ALL_DONE = 'sum(ytdubber_languages_finished_total{outcome="complete"} offset 3s) >= 2'
"""Prometheus has it for some scrapes."""
_NOW = (
    "update ytdubber.dubbing_jobs set not_before = now() where not_before is not null",
    "update ytdubber.language_tasks set not_before = now() where not_before is not null",
)
_EARLIER = """
update ytdubber.language_tasks set waiting = jsonb_set(waiting, '{since}', to_jsonb(%s::text))
where waiting is not null
"""


@dataclass(frozen=True)
class Seen:
    """What was seen of the stack.

    Attributes:
        client: Asks Prometheus.
        since_s: When it began.
        until_s: When all was done.
        stages: How each job ended.
        waited: What the job that met the outage told its user.
    """

    client: httpx.Client
    since_s: float
    until_s: float
    stages: Mapping[str, str]
    waited: str


def firing(client: httpx.Client) -> set[str]:
    """The alerts that fire now."""
    return {each["metric"]["alertname"] for each in found(client, 'ALERTS{alertstate="firing"}')}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("stack")
    ports = {name: free_port() for name in ("api", "worker", "maintenance")}
    roles = {name: {"YTDUBBER_METRICS_PORT": str(port)} for name, port in ports.items()}
    with operated(folder, YTDUBBER_DAY_BUDGET_USD="50") as service:
        service.serve(**roles["api"])
        service.start("maintenance", "maintenance", **roles["maintenance"])
        service.work(**roles["worker"])
        until(lambda: all(told(port) for port in ports.values()), service.log)
        since_s = time.time()
        with (
            scraped(folder, list(ports.values()), [FOLDER / "rules.yml"]) as client,
            service.user() as ann,
        ):
            done = service.send(ann, "es")
            stages = {"done": service.ended(ann, done), "failed": failed(service, ann)}
            waits = service.send(ann, "es")
            waited = outage(service, client, ann, waits)
            stages["waited"] = service.ended(ann, waits)
            until(lambda: "VendorAway" not in firing(client), service.log)
            until(lambda: bool(found(client, _ALL_DONE)), service.log)
            yield Seen(client, since_s, time.time(), stages, waited)


def failed(service: Operated, ann: httpx.Client) -> str:
    """A vendor refuses the key; how the job ends."""
    service.weather.faults["responses"] = Fault.status(401)
    stage = service.ended(ann, service.send(ann, "de"))
    service.weather.faults.clear()
    return stage


def outage(service: Operated, client: httpx.Client, ann: httpx.Client, job_id: UUID) -> str:
    """Who listens is away, until its circuit is open and the operator is told, and for what the
    rows say are twenty minutes; what the job's user reads meanwhile.
    """
    service.weather.faults["listen"] = Fault.status(503)

    def tried() -> bool:
        """Whether its circuit is open; what waits is tried at once."""
        again(service)
        return bool(found(client, "max(ytdubber_vendor_circuit_open) == 1"))

    until(tried, service.log)

    def waits() -> dict[str, Any] | None:
        (language,) = service.job(ann, job_id)["languages"]
        waiting: dict[str, Any] | None = language["waiting"]
        return waiting

    until(lambda: waits() is not None, service.log)
    service.rows(_EARLIER, (datetime.now(UTC) - OUTAGE).isoformat())
    until(lambda: {"VendorAway"} <= firing(client), service.log)
    message: str = service.job(ann, job_id)["message"]
    service.weather.faults.clear()

    def back() -> bool:
        again(service)
        return waits() is None

    until(back, service.log)
    return message


def again(service: Operated) -> None:
    """What waits is tried now."""
    for statement in _NOW:
        service.rows(statement)


def test_every_query_of_the_dashboard_has_data(seen: Seen) -> None:
    empty = {
        name
        for name, query in QUERIES.items()
        if not drawn(
            seen.client,
            query.replace("$__rate_interval", RATE_INTERVAL),
            seen.since_s,
            seen.until_s,
        )
    }
    assert empty == set()


def test_the_alerts_fired_that_had_to_and_no_others(seen: Seen) -> None:
    fired = {
        rule["alert"]
        for rule in RULES
        if drawn(
            seen.client,
            f'ALERTS{{alertname="{rule["alert"]}",alertstate="firing"}}',
            seen.since_s,
            seen.until_s,
        )
    }
    # A disk of this machine may be full.
    assert fired - {"DiskFull"} == {"DeadLetters", "VendorAway", "VendorRefusesTheKey"}


def test_who_waited_was_told_and_everything_else_ended_as_it_should(seen: Seen) -> None:
    assert seen.stages == {"done": "complete", "failed": "failed", "waited": "complete"}
    assert seen.waited.startswith("Waiting for Deepgram since ")
