"""What real roles tell on their ports."""

import os
import signal

import httpx
import pytest
from tests.integration.metrics.promtool import complaints
from tests.integration.metrics.scraping import Scrape, free_port, scrape, told
from tests.integration.roles.home import Home, Role
from tests.integration.roles.test_roles import workers_of
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.xdist_group("roles")
MARK = "marked-secret-of-32-letters-or-so"


def start(made: Home, url: str, port: int, *words: str) -> Role:
    role = made.start(
        *words, DATABASE_URL=url, YTDUBBER_METRICS_PORT=str(port), YTDUBBER_SECRET=MARK
    )
    until(lambda: told(port) or role.process.poll() is not None, made.log)
    assert role.process.poll() is None, made.log.read_text()
    return role


def well(page: Scrape) -> None:
    """Make sure that Prometheus takes it as it is, and that it holds no secret."""
    assert complaints(page.text) == ""
    assert MARK not in page.text


def test_the_api_tells_its_requests_and_not_what_the_database_knows(made: Home, url: str) -> None:
    port = free_port()
    api = start(made, url, port, "serve", "--port", "0", "--no-worker")
    until(lambda: api.status("/health") == 200, made.log)
    for path in ("/api/jobs", "/nothing/here?token=" + MARK, "/nothing/there"):
        httpx.get(api.url + path, headers={"Authorization": MARK}, verify=NO_TLS)
    page = scrape(port)
    well(page)
    count = "http_requests_total"
    assert page.value(count, route="/api/jobs", method="GET", status="401") == 1
    assert page.value(count, route="unmatched", method="GET", status="404") == 2
    assert page.value("http_request_duration_seconds_count", route="/health", method="GET")
    assert page.value("event_streams") == 0
    assert page.value("database_up") is None
    assert httpx.get(api.url + "/metrics", verify=NO_TLS).status_code == 404
    assert api.end(signal.SIGTERM) == 0


def test_workers_tell_together_and_what_the_database_knows(made: Home, url: str) -> None:
    port = free_port()
    parent = start(made, url, port, "worker", "--processes", "2", "--threads", "1")
    until(lambda: scrape(port).value("workers", queue="io") == 2, made.log)
    page = scrape(port)
    well(page)
    assert page.value("database_up") == 1
    assert page.value("queue_waiting", queue="io") == 0
    assert page.total("build_info", role="worker") == 1
    (victim, _) = sorted(workers_of(parent.process.pid))
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(workers_of(parent.process.pid) - {victim}) == 2, made.log)
    assert scrape(port).value("database_up") == 1
    assert parent.end(signal.SIGTERM) == 0
    assert not told(port)


def test_maintenance_tells_and_a_port_that_is_taken_is_refused(made: Home, url: str) -> None:
    port = free_port()
    maintenance = start(made, url, port, "maintenance")
    until(lambda: scrape(port).value("database_up") == 1, made.log)
    page = scrape(port)
    well(page)
    assert page.total("build_info", role="maintenance") == 1
    second = made.start("maintenance", DATABASE_URL=url, YTDUBBER_METRICS_PORT=str(port))
    assert second.process.wait(PATIENCE_S) == 2
    assert "YTDUBBER_METRICS_PORT: metrics cannot be told at 127.0.0.1:" in made.log.read_text()
    assert maintenance.end(signal.SIGTERM) == 0
