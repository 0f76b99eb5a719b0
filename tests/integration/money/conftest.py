from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.integration.money.harness import BillingHarness, open_desk
from tests.integration.money.spending import BOOK
from tests.integration.money.stripe_harness import StripeHarness, open_stripe_harness
from tests.integration.worker.rows import Made, Rows

from ytdubber.adapters.db.database import Database, make_engine
from ytdubber.adapters.db.money.ledger import SqlLedger


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
def harness(database: Database, tmp_path: Path) -> BillingHarness:
    return open_desk(database, tmp_path)


@pytest.fixture
def stripe_harness(database: Database) -> Iterator[StripeHarness]:
    with open_stripe_harness(database) as stripe_harness:
        yield stripe_harness


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    """Renews nothing while a test plays a process that is not heard of any more."""
    return SqlLedger(engine, BOOK, ttl_s=3600)


@pytest.fixture
def job(rows: Rows) -> Made:
    return rows.job("pt", "es")
