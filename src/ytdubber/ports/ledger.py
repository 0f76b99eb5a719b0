"""What was asked of engines and what it used, attempt by attempt."""

from collections.abc import Sequence
from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind
from ytdubber.domain.usage import Quantity, Receipt

from .call_context import CallContext


class Attempt(Protocol):
    """One call that was written down before it was made. Exactly one method is called, once.

    An attempt that none was called for was under way when the process died: its outcome is unknown.
    """

    def settle(self, receipt: Receipt) -> None:
        """It succeeded and used this."""
        ...

    def failed(self, fault: ErrorKind, receipt: Receipt | None) -> None:
        """It failed and used this, or nothing."""
        ...

    def unknown(self) -> None:
        """Nobody knows whether it was carried out: it may have used all of its estimate."""
        ...


class Ledger(Protocol):
    """A book that is only added to."""

    def attempt(
        self,
        call: CallContext,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> Attempt:
        """Write down, lastingly, that a call is about to be made.

        Args:
            call: The work it belongs to.
            engine: Who is asked.
            operation: `transcribe`, `translate`, `shorten` or `speak`.
            estimate: What it is expected to use, in the provider's units.
            key: What is asked for, where the same is not to be asked for twice at once.

        Raises:
            CallUnderWay: another process is asking for the same, or has just been given it; the
                call is not made.
            YtDubberError: the money it may cost must not be spent; the call is not made.
        """
        ...
