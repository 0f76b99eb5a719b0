"""Which processes of the service are on this machine, where they share an embedded database."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from ytdubber.adapters.filesystem.presence import gone, present
from ytdubber.domain.errors import FolderNotWritable, ServiceRunning
from ytdubber.settings import Settings

_SERVICE, _WORKERS = "running/service", "running/workers"


@contextmanager
def only_service(settings: Settings, url: str) -> Iterator[None]:
    """Be the one API of an embedded database's home; any number may share a database server.

    Raises:
        ServiceRunning: there is one already.
        FolderNotWritable: the home cannot be used.
    """
    if settings.database_url:
        yield
        return
    note = f"process {os.getpid()} of {_user()}, at {url}"
    file = settings.data / _SERVICE
    with ExitStack() as stack:
        try:
            other = stack.enter_context(present(file, note))
        except OSError as error:
            raise FolderNotWritable(folder=settings.data, reason=error.strerror or error) from error
        if other is not None:
            raise ServiceRunning(home=settings.data, who=other or "it is just starting")
        yield


@contextmanager
def known_worker(settings: Settings, worker_id: UUID) -> Iterator[None]:
    """Be known as a worker, so that others can tell when this process has died."""
    if settings.database_url:
        yield
        return
    with present(settings.data / _WORKERS / str(worker_id), ""):
        yield


def free_the_dead(settings: Settings, abandon: Callable[[UUID], int]) -> int:
    """Free what workers have in hand that are known to be dead; how much that was.

    Where the database is a server, its workers may be on other machines, and their leases end by
    themselves.
    """
    if settings.database_url:
        return 0
    return sum(abandon(UUID(name)) for name in gone(settings.data / _WORKERS))


def _user() -> str:
    import pwd  # noqa: PLC0415  # Windows has none, and there no service runs

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
