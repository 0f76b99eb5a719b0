"""A user calls a job otherwise."""

from dataclasses import dataclass
from uuid import UUID

from ytdubber.domain.errors import JobNotFound
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.service_work import AsUser


@dataclass(frozen=True, slots=True)
class RenameJob:
    """The use case over its ports.

    Attributes:
        as_user: Begins a user's transaction.
        clock: Tells the time.
    """

    as_user: AsUser
    clock: Clock

    def __call__(self, claims: Claims, job_id: UUID, title: str) -> None:
        """Call the job so from now on; its files are named after it when they are fetched.

        Raises:
            JobNotFound: the user has no such job.
        """
        with self.as_user(claims) as work:
            state = work.job_repository.state(job_id, lock=True)
            if state is None or state.deleted_at is not None or state.submitted_at is None:
                raise JobNotFound
            work.job_repository.rename(job_id, title, self.clock.now())
            work.commit()
