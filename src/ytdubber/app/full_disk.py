"""Disks that are full: how that is known, and how what was paid for waits for room."""

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ytdubber.log import get_logger

T = TypeVar("T")

WAIT_S = 600.0
"""How long something that was paid for waits for room."""
POLL_INTERVAL_S = 0.5
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_SPACE = os.strerror(errno.ENOSPC)
_LEAST_BYTES = 1 << 20
"""With less than this, what fails fails for want of room: libraries do not always say so."""

log = get_logger(__name__)


def full_place(error: BaseException | None, folder: Path) -> object | None:
    """The file or folder whose disk is full; None where that is not what went wrong.

    Args:
        error: What was raised.
        folder: Where most is written.
    """
    cause = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return cause.filename or folder
        if _NO_SPACE in str(cause):  # of another process
            return folder
        cause = cause.__cause__ or cause.__context__
    try:
        return folder if shutil.disk_usage(folder).free < _LEAST_BYTES else None
    except OSError:
        return None


def written_when_there_is_room(write: Callable[[], T], folder: Path, wait_s: float = WAIT_S) -> T:
    """Write what was paid for: it is in memory alone until the disk takes it.

    Args:
        write: Writes all of it; called again until there is room.
        folder: Where most of it goes.
        wait_s: After so long, what `write` raises is raised.
    """
    end_s = time.monotonic() + wait_s
    told = False
    while True:
        try:
            return write()
        except Exception as error:  # libraries wrap it in errors of their own; all others go on
            if full_place(error, folder) is None or time.monotonic() >= end_s:
                raise
        if not told:
            log.warning("disk.full", folder=folder, waits="what a vendor was paid for")
            told = True
        time.sleep(POLL_INTERVAL_S)
