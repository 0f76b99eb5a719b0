"""The process that calls vendors for one worker of a service."""

import sys
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from ytdubber.adapters.db.coordination.budget import VENDOR_PROCESS, VENDORS
from ytdubber.adapters.db.coordination.semaphores import SqlSemaphores
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.prometheus.ledger import CountedLedger
from ytdubber.app.uploads.job_files import JobResults
from ytdubber.app.vendors.held_results import HeldResults, held_outage
from ytdubber.bootstrap.backend import backend, database_urls
from ytdubber.bootstrap.engine_client import InProcess
from ytdubber.bootstrap.metrics import metrics
from ytdubber.bootstrap.money import ledger
from ytdubber.bootstrap.prices import price_book
from ytdubber.bootstrap.tracing import tracing
from ytdubber.bootstrap.vendor_process import Attended, AttendedSemaphores, RequestHandler, main
from ytdubber.bootstrap.vendors import VendorMiddleware, Vendors, circuits, vendors
from ytdubber.engines.keyed_lock import JobKeyedLock, ThreadKeyedLock
from ytdubber.engines.remote.server import RequestServer
from ytdubber.log import get_logger
from ytdubber.settings import load_settings

MODULE = "ytdubber.bootstrap.service_vendor_process"

log = get_logger(__name__)


def run(server: RequestServer) -> None:
    """Call vendors until the worker is gone and every call has ended."""
    settings = load_settings()
    with (
        tracing("vendors"),
        database_urls(settings) as urls,
        backend(settings, urls, pool_size=VENDORS, name=VENDOR_PROCESS) as shared,
        metrics(settings, "vendors", tells=False) as counted,
    ):
        scratch, locks = ScratchFolders(settings.data / "scratch"), ThreadKeyedLock()
        held, semaphores = held_outage(), SqlSemaphores(shared.engine)
        recorder, prices = counted.recorder, price_book(settings.money)
        kept = CountedLedger(ledger(shared.engine, settings.money, settings.data), recorder, prices)
        usage = Attended(kept, server.deserted)
        attended = AttendedSemaphores(semaphores, server.deserted)
        known = circuits(shared.clock, recorder.circuit_opened, recorder.circuit_closed)
        middleware = VendorMiddleware(
            shared.clock, attended, known, usage, retried=recorder.retried
        )
        made = vendors(settings.vendors, middleware)
        threading.Thread(
            target=_get_ready,
            args=(made, shared.clock.now().date(), recorder.model_ends),
            daemon=True,
        ).start()
        try:
            server.run(
                RequestHandler(
                    lambda call, folder: InProcess(
                        made,
                        JobKeyedLock(locks, call.job_id),
                        HeldResults(
                            JobResults(shared.media, call.job_id, folder), held, call.delayed
                        ),
                    ),
                    scratch.folder,
                    spent_usd=Decimal,  # jobs' costs are in the database
                )
            )
        finally:
            made.close()
            semaphores.close()
            scratch.close()


def _get_ready(made: Vendors, today: date, told: Callable[[str, str, date], None]) -> None:
    """Load the vendors' clients, and tell the operator how long models last."""
    try:
        made.warm_up()
        made.warn_of_shutdowns(today, told)
    except Exception as error:  # nothing depends on it, and the process may end meanwhile
        log.info("model.end_unknown", error=error)


if __name__ == "__main__":
    raise SystemExit(main(run, *sys.argv[1:]))
