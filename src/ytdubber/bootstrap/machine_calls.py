"""The process that calls vendors for a command on a machine of one's own.

A person may stop the command, and give it again: what the vendors were asked by then is answered
meanwhile, and stored.
"""

import sys
from contextlib import closing

from ytdubber.adapters.calling.server import CallServer
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.filesystem.turns import FileTurns
from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.slots import MemorySlots
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.bootstrap.asking import AskedHere
from ytdubber.bootstrap.calls import Attended, Caller, main
from ytdubber.bootstrap.engines import results_folder
from ytdubber.bootstrap.prices import price_book
from ytdubber.bootstrap.vendors import VendorGuards, breaker, vendors
from ytdubber.settings import load_settings

MODULE = "ytdubber.bootstrap.machine_calls"


def run(server: CallServer) -> None:
    """Call vendors until the command has ended and every call, too. The book ends with it."""
    settings = load_settings()
    clock, money = SystemClock(), settings.money
    book = MemoryLedger(price_book(money), money.job_budget_usd)
    attended = Attended(book, server.deserted)
    guards = VendorGuards(clock, MemorySlots(), breaker(clock), attended)
    made = vendors(settings.vendors, guards)
    results = FolderResultStore(results_folder(settings))
    here = AskedHere(made, FileTurns(results_folder(settings)), results)
    with closing(made), closing(ScratchFolders(settings.data / "scratch")) as scratch:
        server.run(Caller(lambda *_: here, scratch.folder, book.spent_usd))


if __name__ == "__main__":
    raise SystemExit(main(run, *sys.argv[1:]))
