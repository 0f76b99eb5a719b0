"""What the service asks its database costs what there is to find, not what was ever done.

Every statement that API, workers and periodic tasks make is planned by the database as it runs, in
its own role and under row-level security, among 10,000 jobs of long ago; `python -m
benchmarks.plans` does it among 100,000.
"""

from collections.abc import Iterator

import pytest
from tests.integration.api.asking import Plans, everything, explained, tell_plans
from tests.integration.api.harness import ApiHarness, api
from tests.integration.api.seeding import seed

JOBS = 10_000


@pytest.fixture(scope="module")
def plans() -> Iterator[Plans]:
    with explained() as plans:
        yield plans


@pytest.fixture(scope="module")
def harness(plans: Plans, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    """A service of old, which tells how it finds what it is asked for."""
    with api(tmp_path_factory.mktemp("old")) as harness:
        seed(harness.backend.urls.owner, JOBS)
        tell_plans(harness)
        plans.asked.clear()
        yield harness


def test_nothing_grows_with_all_jobs_ever_made(harness: ApiHarness, plans: Plans) -> None:
    everything(harness)
    assert "\n".join(plans.growing()) == ""
    assert plans.untold() == []
    assert len(plans.told) > 120, "the database tells its plans"
