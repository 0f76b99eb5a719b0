"""What the storage can be made to do wrong, by operation, once per fault."""

import enum
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass


class Operation(enum.StrEnum):
    """What is asked of the storage."""

    SIGN_UPLOAD = "sign_upload"
    UPLOAD = "upload"
    SIGNED_UPLOAD = "signed_upload"
    SIGN_DOWNLOAD = "sign_download"
    DOWNLOAD = "download"
    SIGNED_DOWNLOAD = "signed_download"
    INFO = "info"
    LIST = "list"
    REMOVE = "remove"
    TUS = "tus"


@dataclass(frozen=True, slots=True)
class StorageFault:
    """One thing going wrong.

    Attributes:
        status: Answered in place of the work, such as 429, 500 or 503; 0 for none.
        retry_after_s: What such an answer says of when to come back, if anything.
        wait_s: How long nothing happens first.
        cut: The connection ends after the work is done: before the answer, or within a file.
        cut_in: The connection ends while a body is read, before the work.
        drip_s: After the work a byte of the answer comes every so many seconds, and never the last.
        endless: After the work the answer goes on and on.
    """

    status: int = 0
    retry_after_s: int | None = None
    wait_s: float = 0.0
    cut: bool = False
    cut_in: bool = False
    drip_s: float = 0.0
    endless: bool = False


Weather = Callable[[Operation], StorageFault | None]
"""What goes wrong with an operation for which nothing is scripted, if anything."""


class Faults:
    """Which faults come next."""

    def __init__(self, weather: Weather) -> None:
        self._weather = weather
        self._scripts: dict[Operation, deque[StorageFault]] = {}
        self._lock = threading.Lock()

    def script(self, operation: Operation, faults: Sequence[StorageFault]) -> None:
        """Let these happen to the next calls of an operation, one each."""
        with self._lock:
            self._scripts.setdefault(operation, deque()).extend(faults)

    def next(self, operation: Operation) -> StorageFault | None:
        with self._lock:
            script = self._scripts.get(operation)
            return script.popleft() if script else self._weather(operation)
