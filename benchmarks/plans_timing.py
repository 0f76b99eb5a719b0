"""How long a service takes for what is asked most, among many jobs of long ago; prints JSON.

Run by `benchmarks.plans`, also with an older tree's modules: it asks only what both have.
"""

import json
import os
import runpy
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.api.api_user import api_user
from tests.integration.api.harness import api

from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.app.operations.retention import Retention
from ytdubber.ports.retention import Terms

TIMES = 7


def median_ms(act: Callable[[], object], times: int = TIMES) -> float:
    """How long it takes, of so many times."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    """Seed, ask, print."""
    with tempfile.TemporaryDirectory() as folder, api(Path(folder)) as harness:
        runpy.run_path(os.environ["SEEDING"])["seed"](harness.backend.urls.owner, int(sys.argv[1]))
        retention = Retention(SqlExpiryRepository(harness.backend.engine), harness.backend.media)
        retention(Terms())  # what the seeds leave to do
        with api_user(harness) as ann:
            ann.dubbed("pt")

            def read(path: str) -> Callable[[], object]:
                return lambda: ann.http.get(path).raise_for_status()

            waiting = [ann.uploaded("pt") for _ in range(TIMES)]
            found = {
                "`GET /api/users/me`": median_ms(read("/api/users/me")),
                "`GET /api/jobs`": median_ms(read("/api/jobs")),
                "`POST /api/jobs/upload-urls`": median_ms(lambda: ann.announce("pt")),
                "`POST /api/jobs/` (submit)": median_ms(lambda: _submitted(ann, waiting.pop())),
                "a round of retention, nothing due": median_ms(lambda: retention(Terms()), 5),
                "a round of reconciling": median_ms(harness.hands._reconcile, 5),
            }
    print(json.dumps(found))


def _submitted(ann: Any, job: Any) -> None:
    ann.submit(job).raise_for_status()


if __name__ == "__main__":
    main()
