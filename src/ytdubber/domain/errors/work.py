"""How work ends that is not complete."""

from collections.abc import Sequence
from uuid import UUID

from ytdubber.domain.stage import Stage

from .base import BadInput, NotFound, YtDubberError


class AllLanguagesFailed(YtDubberError):
    code = "all_languages_failed"
    template = "No language could be dubbed. {detail}"
    errors: Sequence[YtDubberError]

    @property
    def detail(self) -> str:
        """Each reason, told once."""
        return " ".join(dict.fromkeys(map(str, self.errors)))


class LeaseLost(YtDubberError):
    code = "lease_lost"
    template = "Another worker has taken this work over."


class CallUnderWay(YtDubberError):
    code = "call_under_way"
    template = "The same is being asked of the same engine by another process."


class PutOff(YtDubberError):
    """Work is tried again after so long."""

    code = "put_off"
    template = "It waits for a vendor or for the storage."
    delay_s: float = 0.0


class HandedBack(YtDubberError):
    code = "handed_back"
    template = "The worker stops; the work goes on in another."


class DeadlineExceeded(YtDubberError):
    code = "deadline_exceeded"
    template = (
        "This took longer than a job may take and was given up. Submit it again, or in shorter "
        "parts."
    )


class BegunTooOften(YtDubberError):
    code = "begun_too_often"
    template = (
        "This was begun again and again, never came to an end and was given up. It may be the "
        "recording: export it again and submit it once more."
    )


class DeadLetterNotFound(NotFound):
    code = "dead_letter_not_found"
    template = "There is no dead letter {message_id}, or not any more."
    message_id: UUID


class NotReplayable(BadInput):
    code = "not_replayable"
    template = "This cannot be done again: {reason}."
    reason: str


class BadTransition(YtDubberError):
    code = "bad_transition"
    template = "A task cannot go from {before} to {after}."
    before: Stage
    after: Stage


class QueueAway(YtDubberError):
    code = "queue_away"
    template = "The broker that wakes workers cannot be reached: {cause}."
    cause: str
