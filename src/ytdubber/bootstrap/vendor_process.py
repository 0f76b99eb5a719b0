"""The process that calls vendors for one worker, and outlives it until its calls have ended.

python -m ytdubber.bootstrap.vendor_process LOG_LEVEL SOCKET
"""

import logging
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ytdubber.adapters.calling.messages import Asked
from ytdubber.adapters.calling.process import VendorProcess
from ytdubber.adapters.calling.server import CallServer
from ytdubber.adapters.db.slots import SqlSlots
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.app.breaker import Breaker
from ytdubber.app.job_files import JobResults
from ytdubber.app.turns import Turns
from ytdubber.audio.sealed import read_bytes
from ytdubber.bootstrap.asking import AskedHere
from ytdubber.bootstrap.backend import backend, database_urls
from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.money import ledger
from ytdubber.bootstrap.vendors import VendorGuards, Vendors, opened, vendors
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Cancelled, YtDubberError
from ytdubber.domain.usage import Quantity
from ytdubber.ports.call import Call
from ytdubber.ports.ledger import Attempt, Ledger
from ytdubber.ports.media_store import MediaStore
from ytdubber.settings import load_settings

CONNECTIONS = 8
"""To the database: a call needs one for moments only."""

log = logging.getLogger(__name__)


def vendor_process() -> VendorProcess:
    """The process of this worker, not started yet."""
    level = logging.getLogger().getEffectiveLevel()
    return VendorProcess([sys.executable, "-m", __name__, str(level)])


@dataclass(frozen=True, slots=True)
class Attended:
    """A `Ledger` in which nothing is begun that nobody waits for any more."""

    ledger: Ledger
    deserted: threading.Event

    def attempt(
        self,
        call: Call,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> Attempt:
        """As the ledger.

        Raises:
            Cancelled: the worker is gone.
        """
        if self.deserted.is_set():
            raise Cancelled
        return self.ledger.attempt(call, engine, operation, estimate, key)


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes the calls.

    Attributes:
        vendors: The engines and their guards.
        media: Where jobs keep what was made.
        scratch: Folders for intermediate files.
        turns: Of all jobs.
    """

    vendors: Vendors
    media: MediaStore
    scratch: ScratchFolders
    turns: Turns

    def __call__(self, asked: Asked, call: Call) -> Any:
        """What the method gives; of speech, its sound with it."""
        with self.scratch.folder() as folder:
            here = AskedHere(self.vendors, self.turns, JobResults(self.media, call.job_id, folder))
            return self._made(here, asked, call, folder / "speech.wav")

    @staticmethod
    def _made(here: AskedHere, asked: Asked, call: Call, into: Path) -> Any:
        target, arguments = asked.target, asked.arguments
        match target.port:
            case "transcribe":
                return here.listener(target.vendor).transcribe(**arguments, call=call)
            case "translate":
                return here.translator(target.vendor, target.place).translate(
                    **arguments, call=call
                )
            case "shorten":
                return here.shortener(target.vendor, target.place).shorten(**arguments, call=call)
            case "speak":
                speech = here.speaker(target.vendor).speak(**arguments, into=into, call=call)
                return speech, read_bytes(into)


def run(server: CallServer) -> None:
    """Call vendors until the worker is gone and every call has ended."""
    settings = load_settings()
    with (
        database_urls(settings) as urls,
        backend(settings, urls, pool_size=CONNECTIONS) as shared,
    ):
        scratch = ScratchFolders(settings.data / "scratch")
        slots = SqlSlots(shared.engine)
        book = Attended(ledger(shared.engine, settings.money), server.deserted)
        guards = VendorGuards(shared.clock, slots, Breaker(shared.clock, opened=opened), book)
        made = vendors(settings.vendors, guards)
        _get_ready(made, shared.clock.now().date())
        try:
            server.run(Caller(made, shared.media, scratch, Turns()))
        finally:
            made.close()
            slots.close()
            scratch.close()


def _get_ready(made: Vendors, today: date) -> None:
    """Load the vendors' clients and ask how long models last, in the background."""

    def ask() -> None:
        try:
            made.warm_up()
            made.warn_of_shutdowns(today)
        except Exception:  # nothing depends on it, and the process may end meanwhile
            log.info("it was not found out how long models last", exc_info=True)

    threading.Thread(target=ask, name="shutdowns", daemon=True).start()


def main(level: str, socket: str) -> int:
    """Run; what stops the worker must not stop its calls."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    start_log(int(level))
    try:
        run(CallServer(Connection(int(socket))))
    except YtDubberError as error:
        log.error("vendors cannot be called: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
