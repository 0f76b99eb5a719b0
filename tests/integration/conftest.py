"""Databases for every test that wants one."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from tests import postgres_server

from ytdubber.adapters.db.database import sqlalchemy_url
from ytdubber.adapters.db.schema import migrate

TEMPLATE = "migrated"


def migrated(url: str) -> None:
    """Bring a database to this version."""
    engine = create_engine(sqlalchemy_url(url))
    migrate.upgrade(engine)
    engine.dispose()


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The URL of a database of the test's own, with nothing in it."""
    url = postgres_server.fresh_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def database_url() -> Iterator[str]:
    """The URL of a database of the test's own, migrated."""
    postgres_server.ensure_template(TEMPLATE, migrated)
    url = postgres_server.fresh_database(TEMPLATE)
    yield url
    postgres_server.drop_database(url)
