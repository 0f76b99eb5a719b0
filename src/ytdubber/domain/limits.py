"""How much one user, and all together, may ask of the service."""

from dataclasses import dataclass

UNLIMITED_BYTES = 2**53 - 1
"""The disk is the limit: the largest whole number that readers of JSON hold (RFC 8259, 6)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the service.

    Attributes:
        upload_bytes: The most one file may have.
        upload_bytes_a_day: The most one user may upload within a day.
        announced_jobs: How many jobs of a user may wait to be submitted.
        jobs_at_once: How many unfinished jobs one user may have.
        requests_a_minute: How many requests one user may make; bursts are tolerated.
        queued_languages: How many languages may wait before new jobs are turned away.
    """

    upload_bytes: int = 100 * 1024 * 1024
    upload_bytes_a_day: int = 20 * 1024**3
    announced_jobs: int = 200
    jobs_at_once: int = 20
    requests_a_minute: int = 600
    queued_languages: int = 500

    @property
    def unsized_bytes(self) -> int:
        """What a file announced without a size counts until it has come: as the largest; nothing
        where only the disk limits it."""
        return self.upload_bytes if self.upload_bytes < UNLIMITED_BYTES else 0
