"""Requests while the database is away: none hangs, none is a 500, and the log says it once."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.hole import Hole, hole
from tests.integration.api.harness import ApiHarness, api, as_login
from tests.plain_http import NO_TLS
from tests.waiting import eventually

from ytdubber.bootstrap.backend import API_LOGIN, Urls

LINES = ["database.away", "database.back"]


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[tuple[ApiHarness, Hole]]:
    """The API, and the way from it to the database."""
    with ExitStack() as stack:
        ways: list[Hole] = []

        def by_way_of(urls: Urls) -> Urls:
            ways.append(stack.enter_context(hole(urls.owner)))
            return Urls(ways[0].url, as_login(ways[0].url, API_LOGIN))

        with api(tmp_path, by_way_of=by_way_of) as harness:
            yield harness, ways[0]
            ways[0].close()


@pytest.mark.timeout(120)
def test_a_silent_database_is_503_at_once_and_one_line(
    cut: tuple[ApiHarness, Hole], caplog: pytest.LogCaptureFixture
) -> None:
    harness, way = cut
    token = harness.token(uuid4(), "ann@example.org")
    paths = [
        "/api/jobs",
        f"/api/jobs/{uuid4()}",
        "/api/users/me/stats",
        "/ready",
        "/api/billing/transactions",
    ]

    def ask(number: int) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(
            harness.url + paths[number % len(paths)], headers=headers, verify=NO_TLS, timeout=10
        )

    assert ask(0).status_code == 200
    caplog.set_level(logging.INFO)
    way.swallow()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(60)))
    assert {answer.status_code for answer in answers} == {503}
    told = [answer for answer in answers if answer.url.path != "/ready"]
    assert {answer.json()["error"] for answer in told} <= {"database_away", "database_busy"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in told)
    way.forward()
    assert eventually(lambda: ask(0).status_code == 200)
    ours = [r for r in caplog.records if r.name.startswith("ytdubber")]
    warned = [r.getMessage() for r in ours if r.levelno >= logging.WARNING]
    # A busy machine may lose the connection on which it listens, which is told besides.
    assert [each for each in warned if each != "feed.mode"] == LINES
    assert warned.count("feed.mode") <= 1
    assert not [record for record in caplog.records if record.exc_info]
