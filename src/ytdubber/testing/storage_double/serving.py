"""The double as a server: in a thread of this process, or as the process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ytdubber.testing.serving import as_the_process, in_a_thread

from .application import application
from .double import StorageDouble


@contextmanager
def running(double: StorageDouble) -> Iterator[str]:
    """Serve on a free port of the loopback address; gives the project's URL."""
    with in_a_thread(application(double), "storage-double") as url:
        yield url


def serve(double: StorageDouble, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; `ready` is given the project's URL once it listens.

    Raises:
        OSError: the port cannot be had.
    """
    as_the_process(application(double), host, port, ready)
