"""How far the work is, for whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass

from ytdubber.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class Progress:
    """One language in one stage, with the fraction of that stage done, 0 to 1.

    While a stage is shared by all languages, `language` is None.
    """

    language: str | None
    stage: Stage
    fraction: float


OnProgress = Callable[[Progress], None]
"""Told of progress; may be called from any thread and must return quickly."""
