"""Requests that can be given up while they block."""

import threading
from concurrent.futures import Future, wait
from dataclasses import dataclass

from ytdubber.log import carried
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result

from .base import Middleware

POLL_INTERVAL_S = 0.25
"""How often it is asked whether a request under way is still wanted."""


@dataclass(frozen=True, slots=True)
class AbandonOnCancel(Middleware):
    """Hears a cancellation within `POLL_INTERVAL_S`, whatever the inner engine is waiting for.

    The inner engine runs in a thread of its own. When the work is no longer wanted, that thread is
    left to end by itself, by its own time-out at the latest, and what it gives is dropped.
    """

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine."""
        done: Future[Result] = Future()

        def run() -> None:
            try:
                done.set_result(self.inner.run(operation, call))
            except BaseException as error:  # whoever waits raises it in its own thread
                done.set_exception(error)

        threading.Thread(target=carried(run), name=f"{operation.name}-call", daemon=True).start()
        while not wait([done], timeout=POLL_INTERVAL_S).done:
            call.raise_if_cancelled()
        return done.result()
