"""Waiting for what must happen: tests wait for events, however slow the machine is.

Only a test that fails waits as long as `PATIENCE_S`, so it is the one limit of all tests, well
beyond what anything takes beside other work and below what pytest-timeout gives a whole test.
"""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 600.0
"""How long something that must happen may take."""
FOR_EVER_S = 3600.0
"""What takes so long does not end by itself while a test waits."""


def eventually(
    holds: Callable[[], bool], within_s: float = PATIENCE_S, every_s: float = 0.02
) -> bool:
    """Whether it holds, as soon as it does; a shorter time is for what must not happen."""
    end = time.monotonic() + within_s
    while not (true := holds()) and time.monotonic() < end:
        time.sleep(every_s)
    return true


def until(holds: Callable[[], bool], log: Path | None = None) -> None:
    """Wait until it holds; a failure shows the log."""
    if not eventually(holds):
        raise AssertionError(
            f"it did not happen; {log.read_text() if log and log.exists() else ''}"
        )
