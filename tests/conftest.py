"""Databases for every test that wants one, and nobody's vendors."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from tests import postgres_server

from ytdubber.adapters.db import migrate
from ytdubber.adapters.db.database import sqlalchemy_url
from ytdubber.settings import variables

TEMPLATE = "migrated"
MODELS = ("YTDUBBER_MODELS", "YTDUBBER_TRANSLATION_MODELS", "YTDUBBER_OFFLINE", "PGBIN")
"""Settings of whoever runs the tests that hold for the tests: where models are, and PostgreSQL."""

for name in variables().keys() - set(MODELS):
    os.environ.pop(name, None)  # neither their vendors nor their database may be touched


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that make whole dubs: each dub starts processes that decode."""
    for item in items:
        if "studio" in getattr(item, "fixturenames", ()):
            item.add_marker("dubs")


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
