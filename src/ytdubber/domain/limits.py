"""How much one user, and all together, may ask of the service."""

from dataclasses import dataclass

from .admission import Amount

MOST_MINUTES = 180
"""What a decoder takes."""
UNLIMITED_BYTES = 2**53 - 1
"""The disk is the limit: the largest whole number that readers of JSON hold (RFC 8259, 6)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the service.

    Attributes:
        upload_bytes: The most one file may have.
        video_bytes: The same of videos; None where it is the same.
        upload_minutes: The longest a recording may be.
        video_minutes: The same of videos; None where it is the same.
        upload_bytes_a_day: The most one user may upload within a day.
        announced_jobs: How many jobs of a user may wait to be submitted.
        jobs_at_once: How many unfinished jobs one user may have.
        languages_at_once: How many languages of a user may be unfinished before their next job is
            turned away.
        minutes_at_once: The same in minutes to be dubbed: a recording's for each of its languages.
        requests_a_minute: How many requests one user may make; bursts are tolerated.
        streams_at_once: How many live streams of jobs' events one user may have open.
        queued_languages: How many languages of all may wait before jobs are turned away of whoever
            has their share of these waiting.
        queued_minutes: The same in minutes to be dubbed.
    """

    upload_bytes: int = 100 * 1024 * 1024
    video_bytes: int | None = None
    upload_minutes: int = MOST_MINUTES
    video_minutes: int | None = None
    upload_bytes_a_day: int = 20 * 1024**3
    announced_jobs: int = 200
    jobs_at_once: int = 20
    languages_at_once: int = 500
    minutes_at_once: int = 10_000
    requests_a_minute: int = 600
    streams_at_once: int = 60
    queued_languages: int = 500
    queued_minutes: int = 50_000

    @property
    def own(self) -> Amount:
        """What of a user's may be unfinished."""
        return Amount(self.languages_at_once, self.minutes_at_once)

    @property
    def queued(self) -> Amount:
        """What of all may wait."""
        return Amount(self.queued_languages, self.queued_minutes)

    def minutes(self, content_type: str | None) -> int:
        """The longest that a file of a media type may be; of one whose type is not known, the
        longest that any may.
        """
        videos = self.upload_minutes if self.video_minutes is None else self.video_minutes
        if content_type is None:
            return max(self.upload_minutes, videos)
        return videos if content_type.startswith("video/") else self.upload_minutes

    def file_bytes(self, content_type: str | None) -> int:
        """The most a file of a media type may have; of one whose type is not known, the most that
        any may.
        """
        videos = self.upload_bytes if self.video_bytes is None else self.video_bytes
        if content_type is None:
            return max(self.upload_bytes, videos)
        return videos if content_type.startswith("video/") else self.upload_bytes

    @property
    def unsized_bytes(self) -> int:
        """What a file announced without a size counts until it has come: as the largest; nothing
        where only the disk limits it."""
        largest = self.file_bytes(None)
        return largest if largest < UNLIMITED_BYTES else 0


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of one server process.

    Attributes:
        head_s: How long a request's head may take: the first one's from when the connection is
            made, a later one's from its first byte.
        head_bytes: How much may come that is neither a whole head nor a body: heads, trailers,
            extensions of chunks. llhttp has no limit of its own.
        slow_s: How long whoever is answered may take for each `slow_bytes`.
        slow_bytes: See there.
        in_all: How many connections there may be. Over it, the one that has waited longest for a
            head gives way; when all are at work, the new one is answered 503.
        per_address: How many of these one client address may have, before its next is answered
            429; 0 for as many as it likes.
    """

    head_s: float = 10.0
    head_bytes: int = 65_536
    slow_s: float = 30.0
    slow_bytes: int = 32_768
    in_all: int = 4_096
    per_address: int = 256
