"""Whole jobs while Redis wakes the workers: it dies with all it knew, and is given up for the
database with jobs in flight.
"""

from pathlib import Path

import httpx
import pytest
from tests.e2e.serving import Served, serving
from tests.e2e.test_serve import check_dub
from tests.plain_http import NO_TLS
from tests.redis_server import running

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("serve")]


def _ready(served: Served) -> tuple[int, str]:
    answer = httpx.get(f"{served.url}/ready", verify=NO_TLS)
    return answer.status_code, answer.json()["checks"]["queue"]


def test_whole_jobs_while_redis_dies_forgets_and_is_given_up(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "serve.log"
    with running(tmp_path / "redis") as redis:
        with serving(home, REDIS_URL=redis.url) as served:
            first = served.send_job("pt")
            served.until(first, {"dubbing"})
            redis.kill(forget=True)
            assert _ready(served) == (503, "does not work")
            second = served.send_job("pt")  # it is taken all the same
            assert served.job(second)["stage"] == "queued"
            redis.start()
            for job in (first, second):
                done = served.until(job, {"complete"})
                assert done["status"] == "complete", done["message"]
                check_dub(served, job, "pt")
            assert _ready(served) == (200, "ok")
            waits, begun = served.send_job("pt"), served.send_job("pt")
            served.until(begun, {"dubbing"})
    with serving(home) as served:  # the database wakes workers now
        for job in (waits, begun):
            done = served.until(job, {"complete"})
            assert done["status"] == "complete", done["message"]
            check_dub(served, job, "pt")
    assert "Traceback" not in log.read_text()
