"""What an operator looks up or books by hand, put together."""

from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.adapters.db.money.costs import SqlCosts
from ytdubber.app.money.billing import Billing
from ytdubber.app.money.costs import Costs
from ytdubber.bootstrap.backend import backend, database_urls
from ytdubber.settings import load_settings


@contextmanager
def costs() -> Iterator[Costs]:
    """Reports of what was spent on vendors."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=2) as shared:
        yield Costs(SqlCosts(shared.engine))


@contextmanager
def credit() -> Iterator[Billing]:
    """Users' credit, without payments."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=2) as shared:
        yield Billing(shared.database.as_user, shared.database.as_service, shared.clock)
