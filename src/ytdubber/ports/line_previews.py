"""Single lines that users want to hear before they have a dub made anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from ytdubber.domain.line_edit import LineEdit


@dataclass(frozen=True, slots=True)
class LinePreview:
    """A line that is to be spoken once, for its user to hear.

    Attributes:
        id: Its own.
        task_id: The language.
        line_id: The utterance.
        edit: How the line is to be.
        made: What came of it; None until it is spoken.
        error_code: Why it cannot be spoken, for programs.
        error_message: The same, for people.
    """

    id: UUID
    task_id: UUID
    line_id: str
    edit: LineEdit
    made: Mapping[str, object] | None = None
    error_code: str | None = None
    error_message: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.made is not None or self.error_code is not None


class LinePreviews(Protocol):
    """Those of users. Nothing is tried again: whoever waits asks again."""

    def add(self, preview: LinePreview) -> None:
        """Have it spoken by whoever is free: dispatched when this is committed."""
        ...

    def under_way(self, user_id: UUID) -> int:
        """How many a user waits for."""
        ...

    def get(self, preview_id: UUID) -> LinePreview | None:
        """As it is now, or None."""
        ...

    def take(self, preview_id: UUID) -> LinePreview | None:
        """Take it in hand; None where somebody has, or nobody waits for it any more."""
        ...

    def spoken(self, preview_id: UUID, made: Mapping[str, object]) -> None:
        """Record what came of it."""
        ...

    def failed(self, preview_id: UUID, code: str, message: str) -> None:
        """Record why nothing did."""
        ...
