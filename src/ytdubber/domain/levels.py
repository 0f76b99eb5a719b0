"""How loud each line is spoken against the original."""

from collections.abc import Sequence
from statistics import median

LARGEST_CHANGE_DB = 6.0
"""No line is moved further than this from the others."""
LARGEST_STEP_DB = 3.0
"""No line is moved further than this from the one before it."""


def voice_gain_db(source_lufs: Sequence[float], spoken_lufs: Sequence[float]) -> float:
    """The gain that brings the whole voice to the original's level; 0 where nobody speaks."""
    wanted = [a - b for a, b in zip(source_lufs, spoken_lufs, strict=True)]
    return median(wanted) if wanted else 0.0


def line_gains_db(
    source_lufs: Sequence[float],
    spoken_lufs: Sequence[float],
    base_db: float,
    held_db: Sequence[float | None],
) -> list[float]:
    """The gain for each line that gives it the level of its original.

    Each follows its original's own level within bounds around the whole voice's gain, so that a
    whisper stays softer without the voice jumping.

    Args:
        source_lufs: How loud each was in the original.
        spoken_lufs: How loud each is spoken.
        base_db: The whole voice's gain.
        held_db: The gain that a line had before and keeps; None for one that is made anew.
    """
    gains: list[float] = []
    for source, spoken, held in zip(source_lufs, spoken_lufs, held_db, strict=True):
        own = source - spoken - base_db
        own = min(LARGEST_CHANGE_DB, max(-LARGEST_CHANGE_DB, own))
        if gains:
            last = gains[-1] - base_db
            own = min(last + LARGEST_STEP_DB, max(last - LARGEST_STEP_DB, own))
        gains.append(base_db + own if held is None else held)
    return gains
