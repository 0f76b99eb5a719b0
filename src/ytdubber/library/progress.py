"""How far a dub is."""

import time
from dataclasses import dataclass

from ytdubber.domain.stage import Stage

_WEIGHTS = {
    Stage.STT: 3.0,
    Stage.TRANSLATING: 0.1,
    Stage.DUBBING: 7.0,
    Stage.MIXING: 1.5,
    Stage.EXPORTING: 0.1,
}
"""How long the stages take against one another, measured on a two-core machine."""
_LANGUAGE = sum(weight for stage, weight in _WEIGHTS.items() if stage is not Stage.STT)

_FORETELLS = 0.05
"""From this share on the time that was taken says how long it still takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a language is, or what all languages share.

    Attributes:
        language: The code of the language; None for what all languages share: the recording while
            it is read and transcribed, and at the end videos while they are exported.
        stage: What is being done: `stt`, `translating`, `dubbing`, `mixing`, `exporting`, and
            `complete` once its files are in place.
        fraction: How much of the stage is done, 0 to 1.
        done: How much is done of what is shared at this time, or of all stages of the language, 0
            to 1, weighted by how long stages take.
        left_s: How long that still takes at its pace so far; None while that cannot be told.
    """

    language: str | None
    stage: Stage
    fraction: float
    done: float
    left_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """How far a model is that is being fetched to this machine.

    Attributes:
        model: Its name.
        done_bytes: How much of it is here.
        total_bytes: How much it is.
    """

    model: str
    done_bytes: int
    total_bytes: int


class ProgressMeter:
    """Works out how much is done, and how long the rest takes."""

    def __init__(self) -> None:
        self._begun_s: dict[tuple[str | None, bool], float] = {}
        self._done: dict[tuple[str | None, bool], float] = {}

    def read(self, language: str | None, stage: Stage, fraction: float) -> Progress:
        """How far a language is that is so far in a stage; what is done is never less again."""
        now_s = time.monotonic()
        work = (
            language,
            language is None and stage is Stage.EXPORTING,
        )  # videos, apart from the rest
        taken_s = now_s - self._begun_s.setdefault(work, now_s)
        done = max(self._done.get(work, 0.0), _done(language, stage, fraction))
        self._done[work] = done
        left_s = taken_s / done * (1 - done) if done > _FORETELLS else None
        return Progress(language=language, stage=stage, fraction=fraction, done=done, left_s=left_s)


def _done(language: str | None, stage: Stage, fraction: float) -> float:
    if stage is Stage.COMPLETE:
        return 1.0
    if language is None:
        return fraction
    done = 0.0
    for each, weight in _WEIGHTS.items():
        if each is stage:
            return (done + weight * fraction) / _LANGUAGE
        done += 0.0 if each is Stage.STT else weight
    return 0.0
