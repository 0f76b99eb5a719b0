from collections.abc import Iterator
from uuid import UUID

import pytest
from tests.integration.api.person import Person, person
from tests.integration.api.rig import Rig, api


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A service whose limits nobody meets; each test comes as users of its own."""
    with api(tmp_path_factory.mktemp("api")) as rig:
        yield rig


@pytest.fixture
def ann(rig: Rig) -> Iterator[Person]:
    with person(rig) as ann:
        yield ann


@pytest.fixture
def bob(rig: Rig) -> Iterator[Person]:
    with person(rig) as bob:
        yield bob


@pytest.fixture(scope="session")
def dora(rig: Rig) -> Iterator[Person]:
    """Whoever has the job `dubbed`, which tests only look at."""
    with person(rig, email="dora@example.org") as dora:
        yield dora


@pytest.fixture(scope="session")
def dubbed(dora: Person) -> UUID:
    """A complete job in two languages with a background."""
    return dora.dubbed("pt", "es")
