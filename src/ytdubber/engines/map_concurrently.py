"""Pieces of one work, several at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from typing import TypeVar

from ytdubber.domain.errors import Cancelled
from ytdubber.log import ContextPool

Piece = TypeVar("Piece")
Made = TypeVar("Made")

_POLL_INTERVAL_S = 0.1
"""How often it is asked whether the work is still wanted."""


def map_concurrently(
    pieces: Sequence[Piece],
    make: Callable[[Piece], Made],
    at_once: int,
    check: Callable[[], None],
    made: Callable[[Piece], None],
) -> list[Made]:
    """What is made of each piece, in order.

    When a piece fails no other is begun, and those under way are waited for: they may be paid for,
    and what they give is remembered. When the work is not wanted any more, nothing is waited for.

    Args:
        pieces: In the order they are begun.
        make: Called in threads of its own.
        at_once: How many at once.
        check: Raises when the work is not wanted any more.
        made: Told of pieces that are finished, in this thread.

    Raises:
        Exception: what went wrong, of the first piece that failed; a cancellation only when
            nothing else did.
    """
    pool = ContextPool(max(1, min(at_once, len(pieces))), thread_name_prefix="piece")
    try:
        futures = {pool.submit(make, piece): piece for piece in pieces}
        pending: set[Future[Made]] = set(futures)
        while pending:
            done, pending = wait(pending, timeout=_POLL_INTERVAL_S, return_when=FIRST_EXCEPTION)
            check()
            if any(future.exception() for future in done):
                pool.shutdown(wait=True, cancel_futures=True)
                failures = [each.exception() for each in futures if not each.cancelled()]
                # A piece may have been cancelled because of another's failure.
                raise min(filter(None, failures), key=lambda e: isinstance(e, Cancelled))
            for future in done:
                made(futures[future])
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
