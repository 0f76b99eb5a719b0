"""What goes with every call to an engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


def _noop(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class CallContext:
    """The work a call belongs to.

    Attributes:
        job_id: The job it is made for.
        task_id: The language task, or None for work all languages share.
        raise_if_cancelled: Raises `Cancelled` when the work is no longer wanted. Engines call it
            between pieces.
        progress: Told the fraction done, 0 to 1, whenever it is known.
        deadline_ms: When, on the clock's monotonic milliseconds, nothing is tried again any more.
        spoken: Told the language of a recording as soon as it is known, by engines that know it
            before they have heard the rest; may raise, so that the rest is not heard.
        waits: Whether whoever asks comes again later: an engine that is away for a while is then
            not replaced by another.
        delayed: Told why what was made cannot be handed over yet. It will be there for whoever asks
            again later: nobody has to wait for it.
        cache_key: What the result is stored under, where it is: the same is then not asked for by
            two processes.
        keep: Stores the result. Whoever keeps the ledger calls it before the entry is closed: what
            the ledger says is paid for and over is then there for whoever looks for it.
        keep_failure: The same for a failure that is an answer, too.
    """

    job_id: UUID
    task_id: UUID | None = None
    raise_if_cancelled: Callable[[], None] = _noop
    progress: Callable[[float], None] = _noop
    deadline_ms: int | None = None
    spoken: Callable[[str], None] = _noop
    waits: bool = False
    delayed: Callable[[Exception], None] = _noop
    cache_key: str = ""
    keep: Callable[[Any], None] = _noop
    keep_failure: Callable[[Exception], None] = _noop
