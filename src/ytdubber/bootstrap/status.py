"""The look at the service, put together."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ytdubber.adapters.db.connection.service_role import login_role
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.db.status.service_detail import SqlServiceDetail
from ytdubber.adapters.db.status.service_state import SqlServiceState
from ytdubber.adapters.db.status.told_alerts import SqlLately
from ytdubber.app.operations.service_status import WAITED_S, Disk, LookAtService
from ytdubber.bootstrap.alerts import FactsHere, free_share
from ytdubber.bootstrap.backend import Backend, backend, database_urls
from ytdubber.domain.spending import Budgets
from ytdubber.ports.line import Line
from ytdubber.settings import Settings, load_settings
from ytdubber.version import __version__


def look_at_service(shared: Backend, line: Line, wait_s: float = WAITED_S) -> LookAtService:
    """The look over a backend; it waits so long for storage and queue."""
    settings, money = shared.settings, shared.settings.money
    return LookAtService(
        facts=FactsHere(
            settings,
            shared.clock,
            SqlServiceState(shared.engine, line, now=shared.clock.now),
            SqlLately(shared.engine),
            partial(free_share, _folders(settings)),
            dict,  # nobody is asked for a look: alerts tell of models that end
        ),
        detail=SqlServiceDetail(shared.engine),
        checks={
            "migrations": partial(migrate.check_current, shared.engine),
            "storage": shared.media.check,
            "queue": partial(queue_answers, shared),
        },
        disks=partial(_disks, settings),
        budgets=Budgets(money.job_budget_usd, money.user_month_budget_usd, money.day_budget_usd),
        vendors=tuple(sorted(settings.vendors.configured)),
        clock=shared.clock,
        version=__version__,
        wait_s=wait_s,
    )


def queue_answers(shared: Backend) -> None:
    """Make sure that workers can be woken.

    Raises:
        QueueAway: the broker does not answer.
    """
    with login_role(shared.engine) as connection:
        shared.queue.check(connection)


@contextmanager
def service_looked_at(wait_s: float = WAITED_S) -> Iterator[LookAtService]:
    """The look at the service of the settings in force; it waits so long for storage and queue."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=2) as shared:
        yield look_at_service(shared, SqlLine(shared.engine), wait_s)


def _folders(settings: Settings) -> Mapping[str, Path]:
    return {"data": settings.data, "models": settings.models}


def _disks(settings: Settings) -> Mapping[str, Disk]:
    there = {name: _disk(folder) for name, folder in _folders(settings).items()}
    return {name: disk for name, disk in there.items() if disk is not None}


def _disk(folder: Path) -> Disk | None:
    """None for one that is not there yet."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(usage.free, usage.total)
