"""Calls that can be given up while they block."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait

from ytdubber.app.guard import Made, Work
from ytdubber.log import carried

LOOK_S = 0.25
"""How often a call under way is asked whether it is still wanted."""


def interruptible(work: Work, make: Callable[[], Made]) -> Made:
    """The guard that hears a cancellation within `LOOK_S`, whatever `make` is waiting for.

    `make` runs in a thread of its own. When the work is no longer wanted, that thread is left to
    end by itself, by its own time-out at the latest, and what it gives is dropped.
    """
    done: Future[Made] = Future()

    def run() -> None:
        try:
            done.set_result(make())
        except BaseException as error:  # whoever waits raises it in its own thread
            done.set_exception(error)

    threading.Thread(target=carried(run), name=f"{work.operation}-call", daemon=True).start()
    while not wait([done], timeout=LOOK_S).done:
        work.call.check()
    return done.result()
