from collections.abc import Iterator

import pytest
from tests.integration.roles.home import Home, home


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Where roles are started, each as a command."""
    with home(tmp_path_factory.mktemp("r")) as made:
        yield made


@pytest.fixture
def url(database_url: str) -> str:
    """A database of the test's own, migrated."""
    return database_url
