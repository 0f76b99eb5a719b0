"""What becomes of jobs, told to whoever counts it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from ytdubber.app.pipeline.artifacts import Dub
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage


class JobObserver(Protocol):
    """Told after it was written down; quick, and never raises."""

    def heard(self, timings_ms: Mapping[str, int], total_ms: int) -> None:
        """A recording was heard: how long each stage took, and how long it lasts."""
        ...

    def dubbed(self, dub: Dub) -> None:
        """A language is complete."""
        ...

    def ended(self, stage: Stage, tasks: Sequence[LanguageTask]) -> None:
        """A job ended in this stage, with these languages."""
        ...


class Unobserved:
    """A `JobObserver` that does not care."""

    def heard(self, timings_ms: Mapping[str, int], total_ms: int) -> None:
        """Nothing."""

    def dubbed(self, dub: Dub) -> None:
        """Nothing."""

    def ended(self, stage: Stage, tasks: Sequence[LanguageTask]) -> None:
        """Nothing."""
