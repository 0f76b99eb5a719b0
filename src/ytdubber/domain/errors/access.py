"""Who may ask, and how often."""

from .base import BadInput, YtDubberError


class Unauthorized(YtDubberError):
    """You are not signed in: {reason}. Sign in and try again."""

    code = "unauthorized"


class SignInUnavailable(YtDubberError):
    """Sign-ins cannot be checked just now. Try again in {retry_after_s} seconds."""

    code = "sign_in_unavailable"


class Forbidden(YtDubberError):
    """Only an administrator may do this."""

    code = "forbidden"


class WrongHost(YtDubberError):
    """This server answers to {hosts} only. Open it under that address."""

    code = "wrong_host"


class LaunchCodeSpent(YtDubberError):
    """This launch link has been used or is too old. Take the newest one that the program printed,
    or start it again."""

    code = "launch_code_spent"


class InvalidRequest(BadInput):
    """{problem}."""

    code = "invalid_request"


class TooManyRequests(YtDubberError):
    """Too many requests. Try again in {retry_after_s} seconds."""

    code = "too_many_requests"


class TooManyStreams(TooManyRequests):
    """You have {limit} live views of jobs open, as many as may be. Close one, and try again."""

    code = "too_many_streams"


class TooManyJobs(TooManyRequests):
    """You have {limit} unfinished jobs, as many as may run at once. Wait for one, or cancel it."""

    code = "too_many_jobs"


class TooManyLanguages(TooManyRequests):
    """{limit} languages of your jobs are unfinished, as many as may be. Wait for some, or cancel a
    job."""

    code = "too_many_languages"


class TooManyMinutes(TooManyRequests):
    """{limit} minutes of your jobs are still to be dubbed, as many as may be. Wait for some, or
    cancel a job."""

    code = "too_many_minutes"


class TooManyUploads(YtDubberError):
    """With this you would have uploaded or announced more than {limit_gb:.3g} GB within a day, as
    much as you may. Try again tomorrow, or in an hour when files you announced did not come."""

    code = "too_many_uploads"

    @classmethod
    def of_a_day(cls, limit_bytes: int) -> "TooManyUploads":
        """More than so many bytes."""
        return cls(limit_gb=limit_bytes / 1024**3, retry_after_s=3600)


class TooManyAnnounced(TooManyRequests):
    """{limit} of your jobs wait to be submitted, as many as may. Submit one or delete it."""

    code = "too_many_announced"


class QueueFull(YtDubberError):
    """Too many jobs are waiting just now, and you have your share of them. Try again in
    {retry_after_s} seconds."""

    code = "queue_full"
