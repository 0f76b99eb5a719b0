"""What receivers of alerts were told, in a file of this machine."""

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ytdubber.domain.told_alerts import Told, from_plain, to_plain
from ytdubber.log import get_logger

log = get_logger(__name__)


class FileToldAlerts:
    """`ToldAlerts` in a file, which is there only while there is something to keep. On a disk that
    takes nothing this process remembers it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._unkept: Told | None = None

    def load(self) -> Told:
        if self._unkept is not None:
            return self._unkept
        try:
            return from_plain(json.loads(self._file.read_bytes()))
        except (OSError, ValueError):
            return {}

    def save(self, told: Told) -> None:
        try:
            if any(told.values()):
                part = self._file.with_suffix(".part")
                part.write_text(json.dumps(to_plain(told)), encoding="utf-8")
                os.replace(part, self._file)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            if self._unkept is None:
                log.warning("alerts.not_kept", error=error)
            self._unkept = told
        else:
            self._unkept = None

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Inside the `with` no other process of this machine uses the file; false: one does now.
        Where no file can be made, nobody is kept out.
        """
        lock = FileLock(self._file.with_suffix(".lock"), timeout=0)
        mine = True
        with contextlib.suppress(OSError):
            try:
                lock.acquire()
            except Timeout:
                mine = False
        try:
            yield mine
        finally:
            lock.release()
