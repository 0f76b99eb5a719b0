from collections.abc import Iterator
from uuid import UUID

import pytest
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    """A service whose limits nobody meets; each test comes as users of its own."""
    with api(tmp_path_factory.mktemp("api")) as harness:
        yield harness


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann


@pytest.fixture
def bob(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as bob:
        yield bob


@pytest.fixture(scope="session")
def dora(harness: ApiHarness) -> Iterator[ApiUser]:
    """Whoever has the job `dubbed`, which tests only look at."""
    with api_user(harness, email="dora@example.org") as dora:
        yield dora


@pytest.fixture(scope="session")
def dubbed(dora: ApiUser) -> UUID:
    """A complete job in two languages with a background."""
    return dora.dubbed("pt", "es")
