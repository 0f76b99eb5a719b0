from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.integration.money.desk import Desk, open_desk
from tests.integration.money.spending import BOOK
from tests.integration.money.till import Till, open_till
from tests.integration.worker.rows import Made, Rows

from ytdubber.adapters.db.database import Database, make_engine
from ytdubber.adapters.db.ledger import SqlLedger


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url, pool_size=8, name="money")
    yield made
    made.dispose()


@pytest.fixture
def rows(database_url: str) -> Rows:
    return Rows(database_url)


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(engine)


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return open_desk(database, tmp_path)


@pytest.fixture
def till(database: Database) -> Iterator[Till]:
    with open_till(database) as till:
        yield till


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    return SqlLedger(engine, BOOK)


@pytest.fixture
def job(rows: Rows) -> Made:
    return rows.job("pt", "es")
