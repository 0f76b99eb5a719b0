"""Work that a person can stop at once, whatever it is doing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

GRACE_S = 0.5
"""How long stopped work may take to end by itself; the process ends then."""


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Have a termination signal raise `KeyboardInterrupt`, as Ctrl-C does."""

    def on_terminate(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, on_terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
