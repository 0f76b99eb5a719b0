"""How far a language is in all its stages, and how long it will still take."""

from collections.abc import Mapping

from .stage import WORKING, Stage

_ENDS = {
    Stage.QUEUED: 0.0,
    Stage.STT: 0.15,
    Stage.TRANSLATING: 0.25,
    Stage.DUBBING: 0.70,
    Stage.MIXING: 0.90,
    Stage.EXPORTING: 0.99,
    Stage.COMPLETE: 1.0,
}
"""The share of all work that is done when a stage ends."""

FIRST_SPEEDS = {
    Stage.STT: 0.12,
    Stage.TRANSLATING: 0.02,
    Stage.DUBBING: 0.40,
    Stage.MIXING: 0.03,
    Stage.EXPORTING: 0.01,
}
"""Seconds a stage takes for a second of sound, before any was measured."""


def work_speeds(speeds: Mapping[str, float]) -> tuple[float, float]:
    """Seconds that hearing a second of sound takes, and dubbing it into one language.

    Args:
        speeds: Seconds each stage takes for a second of sound, where measured.
    """
    known = {stage: speeds.get(stage.value, first) for stage, first in FIRST_SPEEDS.items()}
    hearing = known.pop(Stage.STT)
    return hearing, sum(known.values())


def percent(stage: Stage, progress: float) -> float:
    """How much of all the work for a language is done, 0 to 100; never less in a later stage."""
    if stage.final:
        return 100.0
    place = WORKING.index(stage)
    begin = _ENDS[WORKING[place - 1]] if place else 0.0
    return round(100 * (begin + (_ENDS[stage] - begin) * progress), 1)


def remaining_s(
    stage: Stage, progress: float, duration_ms: int, speeds: Mapping[str, float]
) -> float:
    """How long a language will still take, by what its stages took lately.

    Args:
        stage: Where it is.
        progress: How much of the stage is done, 0 to 1.
        duration_ms: How long the recording is.
        speeds: Seconds each stage takes for a second of sound, where measured.
    """
    if stage.final:
        return 0.0
    place = WORKING.index(stage)
    left = 0.0
    for later in WORKING[max(place, 1) : -1]:
        speed = speeds.get(later.value, FIRST_SPEEDS[later])
        left += speed * (1 - progress if later is stage else 1.0)
    return left * duration_ms / 1000
