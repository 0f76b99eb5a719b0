"""The process that calls vendors for a command on a machine of one's own.

A person may stop the command, and give it again: what the vendors were asked by then is answered
meanwhile, and stored. On Windows, where no process can be handed a socket, the command calls them
itself (`calls_here`), and a call under way ends with it.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event

from ytdubber.adapters.filesystem.keyed_lock import FileKeyedLock
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.bootstrap.engine_client import InProcess
from ytdubber.bootstrap.engines import results_folder
from ytdubber.bootstrap.prices import price_book
from ytdubber.bootstrap.vendor_process import Attended, AttendedSemaphores, RequestHandler, main
from ytdubber.bootstrap.vendors import VendorMiddleware, circuits, vendors
from ytdubber.engines.remote.server import RequestServer
from ytdubber.settings import Settings, load_settings

MODULE = "ytdubber.bootstrap.local_vendor_process"


def run(server: RequestServer) -> None:
    """Call vendors until the command has ended and every call, too. The ledger ends with it."""
    settings = load_settings()
    with calls_here(settings, server.deserted) as (here, usage):
        with closing(ScratchFolders(settings.data / "scratch")) as scratch:
            server.run(RequestHandler(lambda *_: here, scratch.folder, usage.spent_usd))


@contextmanager
def calls_here(settings: Settings, deserted: Event) -> Iterator[tuple[InProcess, MemoryLedger]]:
    """Vendors as this process asks them, and the ledger of what they charged.

    Args:
        settings: The settings in force.
        deserted: Set when nobody waits for anything new any more.
    """
    clock, money = SystemClock(), settings.money
    usage = MemoryLedger(price_book(money), money.job_budget_usd)
    semaphores = AttendedSemaphores(MemorySemaphores(), deserted)
    middleware = VendorMiddleware(clock, semaphores, circuits(clock), Attended(usage, deserted))
    folder = results_folder(settings)
    with closing(vendors(settings.vendors, middleware)) as made:
        yield InProcess(made, FileKeyedLock(folder), FolderResultStore(folder)), usage


if __name__ == "__main__":
    raise SystemExit(main(run, *sys.argv[1:]))
