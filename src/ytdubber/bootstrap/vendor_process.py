"""A process that calls vendors for another, and outlives it until its calls have ended.

A service's is `service_vendor_process`, that of a command on a machine of one's own is
`local_vendor_process`:

    python -m ytdubber.bootstrap.service_vendor_process LOG_LEVEL SOCKET
"""

import shutil
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ytdubber.bootstrap.engine_client import EngineClient
from ytdubber.bootstrap.logs import start_log
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    Cancelled,
    DatabaseAway,
    DatabaseNotStarted,
    DiskFull,
    YtDubberError,
)
from ytdubber.domain.usage import Quantity
from ytdubber.engines.remote.client import VendorProcess
from ytdubber.engines.remote.protocol import DATABASE_AWAY, Request
from ytdubber.engines.remote.server import RequestServer
from ytdubber.files.encrypted import read_bytes
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.ledger import Attempt, Ledger
from ytdubber.ports.semaphores import Semaphores

ROOM_BYTES = 32 * 2**20
"""With less on the disk no call begins: what vendors give is written down before it is used."""

_AWAY = DatabaseAway, DatabaseNotStarted

log = get_logger(__name__)


def vendor_process(module: str, *, drops: bool, level: int) -> VendorProcess:
    """A process of this kind, not started yet, that logs from this level on."""
    return VendorProcess([sys.executable, "-m", module, str(level)], drops=drops)


@dataclass(frozen=True, slots=True)
class Attended:
    """A `Ledger` in which nothing is begun that nobody waits for any more."""

    ledger: Ledger
    deserted: threading.Event

    def attempt(
        self,
        call: CallContext,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> Attempt:
        """As the ledger.

        Raises:
            Cancelled: whoever asked is gone.
        """
        if self.deserted.is_set():
            raise Cancelled
        return self.ledger.attempt(call, engine, operation, estimate, key)


@dataclass(frozen=True, slots=True)
class AttendedSemaphores:
    """`Semaphores` of which none is waited for that nobody wants any more: the wait might have no
    end, and nothing is paid yet.
    """

    semaphores: Semaphores
    deserted: threading.Event

    def acquire(self, name: str, limit: int, call: CallContext) -> AbstractContextManager[None]:
        """As the semaphores.

        Raises:
            Cancelled: whoever asked is gone.
        """

        def wanted() -> None:
            if self.deserted.is_set():
                raise Cancelled
            call.raise_if_cancelled()

        return self.semaphores.acquire(name, limit, replace(call, raise_if_cancelled=wanted))


@dataclass(frozen=True, slots=True)
class RequestHandler:
    """Makes the calls.

    Attributes:
        client: How vendors are asked for a call, with a folder for what comes and goes.
        folder: Makes such a folder.
        spent_usd: What all calls cost so far.
    """

    client: Callable[[CallContext, Path], EngineClient]
    folder: Callable[[], AbstractContextManager[Path]]
    spent_usd: Callable[[], Decimal]

    def __call__(self, request: Request, call: CallContext) -> Any:
        """The operation's result, and the bytes of its sound file; or what all calls cost so far.

        Raises:
            DiskFull: there would be no room for what is paid for.
        """
        if request.target is None or request.operation is None:
            return self.spent_usd()
        with self.folder() as folder:
            if shutil.disk_usage(folder).free < ROOM_BYTES:
                raise DiskFull(where=folder)
            into = folder / "speech.wav"
            writes = request.operation.into is not None
            operation = request.operation.written_to(into) if writes else request.operation
            made = self.client(call, folder).engine(request.target).run(operation, call)
            return made, read_bytes(into) if writes else None


def main(run: Callable[[RequestServer], None], level: str, socket: str) -> int:
    """Call vendors until nobody is there who asks; what stops them must not stop the calls."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    start_log(int(level))
    try:
        run(RequestServer(Connection(int(socket))))
    except YtDubberError as error:
        if any(isinstance(each, _AWAY) for each in (error, error.__cause__)):
            return DATABASE_AWAY  # which the worker tells, and waits for
        log.error("vendor_process.not_started", error=error)
        return 1
    return 0
