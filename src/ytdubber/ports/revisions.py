"""Lines of finished dubs that their users change, and the dubs that are made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ytdubber.domain.line_edit import LineEdits


@dataclass(frozen=True, slots=True)
class Revision:
    """A dub of a language.

    Attributes:
        number: From 1, which was made before anybody changed a line.
        edits: What was changed in it.
        result: What it gives to the manifest; None until it is made.
        created_at: When it was asked for.
        finished_at: When it was made, or given up.
        error_message: Why it was given up.
    """

    number: int
    edits: LineEdits
    result: Mapping[str, object] | None
    created_at: datetime
    finished_at: datetime | None = None
    error_message: str | None = None


class Revisions(Protocol):
    """The lines' edits and the revisions of each language task."""

    def edits(self, task_id: UUID) -> LineEdits:
        """How the lines are to be in the next revision."""
        ...

    def save_edits(self, task_id: UUID, edits: LineEdits) -> int:
        """Have them be so; returns the number of this change."""
        ...

    def of_task(self, task_id: UUID) -> Sequence[Revision]:
        """All of a language's, by number; none before the second is begun."""
        ...

    def save(self, task_id: UUID, revision: Revision) -> None:
        """Store or replace one."""
        ...
