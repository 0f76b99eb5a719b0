"""A process that writes down what calls used, and is killed at one of its lines.

Processes are forked from one that has loaded everything: see `die_at`.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import UUID

from tests.integration.money.spending import spoken

from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.money import kept_receipts
from ytdubber.adapters.db.money import ledger as ledger_module
from ytdubber.adapters.db.money.kept_receipts import KeptReceipts
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.prices.price_book import FilePriceBook

Act = Callable[[SqlLedger, UUID, int], None]
FILES = {str(kept_receipts.__file__), str(ledger_module.__file__)}
STEPS = {
    "close",
    "keep",
    "written",
    "write_kept",
    "_write",
    "_keep",
    "_kept_written",
    "_settle",
    "_correct",
}
"""Functions that change something, by name."""
NAME = "killed"
"""What the database calls it."""
LINES = 100
"""More than they have."""


def keep(ledger: SqlLedger, receipt_id: UUID, used: int) -> None:
    """Write down what a call used, as soon as it is known."""
    ledger.close(receipt_id, "succeeded", spoken(used))


def write_kept(ledger: SqlLedger, receipt_id: UUID, used: int) -> None:
    """Write down what was kept."""
    ledger.write_kept()


def die_at(line: int, act: Act, *more: Any) -> bool:
    """Do it in a process of its own that is killed before the so-manieth line that it comes to;
    whether it was.
    """
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    process = forks.Process(target=_until, args=(line, act, *more))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


def _until(
    line: int,
    act: Act,
    url: str,
    folder: Path,
    receipt_id: UUID,
    used: int,
) -> None:
    engine = make_engine(url, pool_size=2, name=NAME)
    book = SqlLedger(engine, FilePriceBook(), kept=KeptReceipts(folder))
    passed: set[int] = set()

    def trace(frame: FrameType, happened: str, argument: object) -> Any:
        if frame.f_code.co_filename not in FILES or frame.f_code.co_name not in STEPS:
            return None
        if happened == "line":
            passed.add(hash((frame.f_code.co_filename, frame.f_lineno)))
            if len(passed) == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    act(book, receipt_id, used)
    sys.settrace(None)
