"""A user wants no more of a job, or no more trace of it."""

from dataclasses import dataclass
from uuid import UUID

from ytdubber.domain.errors import JobNotFound, StorageNotWorking
from ytdubber.domain.stage import Stage
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AsUser, ServiceWork

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EndJob:
    """Both use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        media: Where files are kept.
        clock: Tells the time.
    """

    as_user: AsUser
    media: MediaStore
    clock: Clock

    def cancel(self, claims: Claims, job_id: UUID) -> None:
        """Stop the job: what waits ends now, what runs hears it within seconds.

        Raises:
            JobNotFound: the user has no such job.
        """
        with self.as_user(claims) as work:
            if self._stop(work, job_id):
                work.events.add(job_id, "cancel_requested", {})
            work.commit()
        log.info("job.cancel_requested", job_id=job_id)

    def delete(self, claims: Claims, job_id: UUID) -> None:
        """Remove the job's files, transcript and stems at once; what it cost stays on record. While
        the storage does not work its files stay, and retention removes them.

        Raises:
            JobNotFound: the user has no such job.
        """
        with self.as_user(claims) as work:
            self._stop(work, job_id)
            now = self.clock.now()
            work.job_repository.mark_deleted(job_id, now)
            work.events.add(job_id, "deleted", {})
            work.commit()
        log.info("job.deleted", job_id=job_id)
        try:
            self.media.delete(list(self.media.keys(f"{job_id}/")))
        except StorageNotWorking as error:
            log.info("job.files_stay", job_id=job_id, error=error)
            return
        with self.as_user(claims) as work:
            work.artifacts.deleted(job_id, self.clock.now())
            work.uploads.deleted(job_id, self.clock.now())
            work.commit()

    def _stop(self, work: ServiceWork, job_id: UUID) -> bool:
        state = work.job_repository.state(job_id, lock=True)
        if state is None or state.deleted_at is not None:
            raise JobNotFound
        if state.finished_at is not None:
            return False
        now = self.clock.now()
        work.job_repository.request_cancel(job_id, now)
        for task in work.tasks.of_job(job_id):
            if task.stage is Stage.QUEUED and task.rendering is None:
                work.tasks.save(task.cancel(now))
        return True
