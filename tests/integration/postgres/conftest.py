from collections.abc import Iterator
from pathlib import Path

import pytest

from ytdubber.adapters.postgres.server import EmbeddedPostgres


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pg") / "a home"  # short enough for a socket's address


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    """A server that was not started; it is stopped at the end."""
    server = EmbeddedPostgres(home)
    yield server
    server.stop()
