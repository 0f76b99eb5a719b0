"""A user wants no trace of themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ytdubber.app.jobs.end_job import EndJob
from ytdubber.domain.errors import BadRequest
from ytdubber.ports.identity import Claims
from ytdubber.ports.service_work import AsUser

_SAID = ("email", "full_name", "avatar_url", "timezone", "language_preference")


@dataclass(frozen=True, slots=True)
class ForgetUser:
    """Deletes all of a user's jobs and webhooks, as they could themselves, and empties their
    profile. What they paid and cost stays on record, under their id.

    Attributes:
        as_user: Begins a user's transaction.
        jobs_of: A user's jobs that are not deleted.
        end_job: Deletes one.
    """

    as_user: AsUser
    jobs_of: Callable[[UUID], Sequence[UUID]]
    end_job: EndJob

    def planned(self, user_id: UUID) -> Sequence[tuple[UUID, int]]:
        """The jobs that would go, each with how many files it has in storage.

        Raises:
            BadRequest: there is no such user.
        """
        self._known(user_id)
        keys = self.end_job.media.keys
        return [(job_id, sum(1 for _ in keys(f"{job_id}/"))) for job_id in self.jobs_of(user_id)]

    def __call__(self, user_id: UUID) -> int:
        """Forget the user at once; returns how many jobs went.

        Raises:
            BadRequest: there is no such user.
        """
        claims = self._known(user_id)
        jobs = self.jobs_of(user_id)
        for job_id in jobs:
            self.end_job.delete(claims, job_id)
        with self.as_user(claims) as work:
            work.users.update(user_id, dict.fromkeys(_SAID))
            work.webhooks.remove(user_id)
            work.commit()
        return len(jobs)

    def _known(self, user_id: UUID) -> Claims:
        claims = Claims(user_id, None, "authenticated", {})
        with self.as_user(claims) as work:
            if work.users.get(user_id) is None:
                raise BadRequest(detail=f"there is no user {user_id}.")
        return claims
