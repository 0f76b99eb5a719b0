"""How work ends that is not complete."""

from collections.abc import Sequence

from .base import BadInput, NotFound, YtDubberError


class AllLanguagesFailed(YtDubberError):
    """No language could be dubbed. {detail}"""

    # `errors` says why, a reason each.
    code = "all_languages_failed"
    errors: Sequence[YtDubberError] = ()

    @classmethod
    def because(cls, errors: Sequence[YtDubberError]) -> "AllLanguagesFailed":
        """The error, with each reason told once."""
        failed = cls(detail=" ".join(dict.fromkeys(str(error) for error in errors)))
        failed.errors = tuple(errors)
        return failed


class LeaseLost(YtDubberError):
    """Another worker has taken this work over."""

    code = "lease_lost"


class CallUnderWay(YtDubberError):
    """The same is being asked of the same engine by another process."""

    code = "call_under_way"


class PutOff(YtDubberError):
    """It waits for a vendor or for the storage."""

    # `delay_s` is how long.
    code = "put_off"
    delay_s: float = 0.0

    @classmethod
    def until(cls, delay_s: float) -> "PutOff":
        """The error of work that is tried again after so long."""
        put_off = cls()
        put_off.delay_s = delay_s
        return put_off


class HandedBack(YtDubberError):
    """The worker stops; the work goes on in another."""

    code = "handed_back"


class DeadlineExceeded(YtDubberError):
    """This took longer than a job may take and was given up. Submit it again, or in shorter
    parts."""

    code = "deadline_exceeded"


class BegunTooOften(YtDubberError):
    """This was begun again and again, never came to an end and was given up. It may be the
    recording: export it again and submit it once more."""

    code = "begun_too_often"


class DeadLetterNotFound(NotFound):
    """There is no dead letter {message_id}, or not any more."""

    code = "dead_letter_not_found"


class NotReplayable(BadInput):
    """This cannot be done again: {reason}."""

    code = "not_replayable"


class BadTransition(YtDubberError):
    """A task cannot go from {before} to {after}."""

    code = "bad_transition"


class QueueAway(YtDubberError):
    """The broker that wakes workers cannot be reached: {cause}."""

    code = "queue_away"
