"""Stopping a call that is under way."""

from threading import Event

from ytdubber.domain.errors import Cancelled


class CancelToken:
    """A request to stop, made from any thread, for every call that is given this token.

    A call that is cancelled raises `Cancelled` when the piece of work in hand has ended, after some
    seconds at most, and leaves no half-written file.

    Args:
        grace_s: How long that piece is waited for. What takes longer is abandoned: it goes on in a
            thread of its own to its end, which is for a program that ends then, too. By default
            there is no limit: once the call has raised, nothing is under way.
    """

    def __init__(self, *, grace_s: float | None = None) -> None:
        self.grace_s = grace_s
        self._cancelled = Event()

    @property
    def cancelled(self) -> bool:
        """Whether calls are to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask calls to stop."""
        self._cancelled.set()

    def raise_if_cancelled(self) -> None:
        """Stop here, where calls are to stop.

        Raises:
            Cancelled: they are.
        """
        if self.cancelled:
            raise Cancelled
