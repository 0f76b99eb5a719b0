"""Who may ask, and how often."""

from .base import BadInput, YtDubberError


class Unauthorized(YtDubberError):
    code = "unauthorized"
    template = "You are not signed in: {reason}. Sign in and try again."
    reason: str


class SignInUnavailable(YtDubberError):
    code = "sign_in_unavailable"
    template = "Sign-ins cannot be checked just now. Try again in {retry_after_s} seconds."
    retry_after_s: float | None


class Forbidden(YtDubberError):
    code = "forbidden"
    template = "Only an administrator may do this."


class WrongHost(YtDubberError):
    code = "wrong_host"
    template = "This server answers to {hosts} only. Open it under that address."
    hosts: str


class LaunchCodeSpent(YtDubberError):
    code = "launch_code_spent"
    template = (
        "This launch link has been used or is too old. Take the newest one that the program "
        "printed, or start it again."
    )


class InvalidRequest(BadInput):
    code = "invalid_request"
    template = "{problem}."
    problem: str


class TooManyRequests(YtDubberError):
    code = "too_many_requests"
    template = "Too many requests. Try again in {retry_after_s} seconds."
    retry_after_s: float | None


class TooManyStreams(TooManyRequests):
    code = "too_many_streams"
    template = (
        "You have {limit} live views of jobs open, as many as may be. Close one, and try again."
    )
    limit: int


class TooManyJobs(TooManyRequests):
    code = "too_many_jobs"
    template = (
        "You have {limit} unfinished jobs, as many as may run at once. Wait for one, or cancel it."
    )
    limit: int


class TooManyLanguages(TooManyRequests):
    code = "too_many_languages"
    template = (
        "{limit} languages of your jobs are unfinished, as many as may be. Wait for some, or "
        "cancel a job."
    )
    limit: int


class TooManyMinutes(TooManyRequests):
    code = "too_many_minutes"
    template = (
        "{limit} minutes of your jobs are still to be dubbed, as many as may be. Wait for some, "
        "or cancel a job."
    )
    limit: int


class TooManyUploads(YtDubberError):
    code = "too_many_uploads"
    template = (
        "With this you would have uploaded or announced more than {limit_gb:.3g} GB within a day, "
        "as much as you may. Try again tomorrow, or in an hour when files you announced did not "
        "come."
    )
    limit_gb: float
    retry_after_s: int = 3600

    @classmethod
    def of_a_day(cls, limit_bytes: int) -> "TooManyUploads":
        """More than so many bytes."""
        return cls(limit_gb=limit_bytes / 1024**3)


class TooManyAnnounced(TooManyRequests):
    code = "too_many_announced"
    template = "{limit} of your jobs wait to be submitted, as many as may. Submit one or delete it."
    limit: int


class QueueFull(YtDubberError):
    code = "queue_full"
    template = (
        "Too many jobs are waiting just now, and you have your share of them. Try again in "
        "{retry_after_s} seconds."
    )
    retry_after_s: float | None
