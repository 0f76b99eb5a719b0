"""How loud each line is spoken against the original."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

LARGEST_CHANGE_DB = 6.0
"""No line is moved further than this from the others."""
LARGEST_STEP_DB = 3.0
"""No line is moved further than this from the one before it."""


def line_gains_db(source_lufs: Sequence[float], spoken_lufs: Sequence[float]) -> list[float]:
    """The gain for each line that gives it the level of its original.

    One gain brings the whole voice to the original's level; each line then follows its original's
    own level within bounds, so that a whisper stays softer without the voice jumping.
    """
    wanted = [a - b for a, b in zip(source_lufs, spoken_lufs, strict=True)]
    if not wanted:
        return []
    base = median(wanted)
    limited = [min(LARGEST_CHANGE_DB, max(-LARGEST_CHANGE_DB, w - base)) for w in wanted]
    steps = [limited[0]]
    for _, own in pairwise(limited):
        last = steps[-1]
        steps.append(min(last + LARGEST_STEP_DB, max(last - LARGEST_STEP_DB, own)))
    return [base + step for step in steps]
