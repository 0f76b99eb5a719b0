"""The stages a language goes through, as everybody outside sees them."""

import enum


class Stage(enum.StrEnum):
    """Public stage names, in order; the last three end a task."""

    QUEUED = "queued"
    STT = "stt"
    TRANSLATING = "translating"
    DUBBING = "dubbing"
    MIXING = "mixing"
    EXPORTING = "exporting"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing follows."""
        return self in (Stage.COMPLETE, Stage.FAILED, Stage.CANCELLED)


WORKING = (
    Stage.QUEUED,
    Stage.STT,
    Stage.TRANSLATING,
    Stage.DUBBING,
    Stage.MIXING,
    Stage.EXPORTING,
    Stage.COMPLETE,
)
