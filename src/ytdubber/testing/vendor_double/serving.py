"""The double as a server: in a thread of this process, or as the process."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from ytdubber.testing.serving import as_the_process, in_a_thread

from .application import application
from .double import VendorDouble


class DoubleBroken(AssertionError):
    """The double answered as its vendors would not: a defect of its own."""


@contextmanager
def running(double: VendorDouble) -> Iterator[str]:
    """Serve on a free port of the loopback address; gives the base URL.

    Calls still under way at the end are cut off.

    Raises:
        DoubleBroken: at the end, when a reply was not what a vendor's would be.
    """
    with closing(double), in_a_thread(application(double), "vendor-double") as url:
        yield url
    if double.broken:
        raise DoubleBroken("; ".join(double.broken))


def serve(double: VendorDouble, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; `ready` is given the base URL once it listens.

    Raises:
        OSError: the port cannot be had.
    """
    with closing(double):
        as_the_process(application(double), host, port, ready)
