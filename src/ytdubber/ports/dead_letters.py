"""Messages that were given up, for the operator who finds out why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message whose work failed for good.

    Attributes:
        message_id: The message.
        actor: What was to be done: `prepare` a job or `dub` a language task.
        row_id: The job or the language task.
        failed_at: When it was given up.
        error: What went wrong, in one line.
        traceback: Where, for a programmer.
        attempts: How often it was tried.
    """

    message_id: UUID
    actor: str
    row_id: UUID
    failed_at: datetime
    error: str
    traceback: str
    attempts: int


class DeadLetters(Protocol):
    """All of them."""

    def list(self) -> Sequence[DeadLetter]:
        """Those there are, newest first."""
        ...

    def since(self, begin: datetime | None, most: int) -> Sequence[tuple[UUID, datetime]]:
        """The ids of so many of those that failed then or later, or of all; oldest first, with when
        they failed.
        """
        ...

    def get(self, message_id: UUID) -> DeadLetter:
        """One of them.

        Raises:
            DeadLetterNotFound: there is none with this id.
        """
        ...

    def replay(self, message_id: UUID) -> None:
        """Put the message back into the queue and its job or language back to the start; what
        engines made before is remembered.

        Raises:
            DeadLetterNotFound: there is none with this id.
            NotReplayable: the work is not failed any more, or what it needs is gone.
        """
        ...

    def discard(self, message_id: UUID) -> None:
        """Forget it; its job or language stays failed.

        Raises:
            DeadLetterNotFound: there is none with this id.
        """
        ...
