"""Stems on their way in: only to a job that waits for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ytdubber.domain.errors import TooManyUploads, UploadClosed
from ytdubber.domain.limits import Limits
from ytdubber.domain.upload import Upload
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import Stored
from ytdubber.ports.service_work import AWAITING_UPLOAD, AsService, ServiceWork


@dataclass(frozen=True, slots=True)
class ReceiveUploads:
    """The use case over its ports: links carry their own right, so it is the service's.

    Attributes:
        service: Begins a transaction.
        clock: Tells the time.
        limits: How much a user may send.
    """

    service: AsService
    clock: Clock
    limits: Limits

    def expected(self, key: str) -> None:
        """An upload begins.

        Raises:
            UploadClosed: its job waits for it no more.
        """
        with self.service() as work:
            _open(work, key, lock=False)

    def expected_more(self, key: str) -> None:
        """An upload begins, or goes on, that counts as it comes.

        Raises:
            UploadClosed: its job waits for it no more.
            TooManyUploads: the user has sent more than they may in a day.
        """
        with self.service() as work:
            _, user_id = _open(work, key, lock=False)
            count_arrived(work, user_id, self.limits, self.clock.now())

    def came(self, key: str, came_bytes: int, offset: int) -> None:
        """So many bytes more came of an upload, which stands at so many now: they count, be it ever
        whole or not.

        Raises:
            TooManyUploads: with them the user has sent more than they may in a day.
        """
        with self.service() as work:
            upload = work.uploads.at(key)
            state = work.job_repository.state(upload.job_id) if upload else None
            if state is None or came_bytes == 0:
                return
            work.uploads.came(key, came_bytes, offset)
            work.commit()
        with self.service() as work:
            count_arrived(work, state.job.user_id, self.limits, self.clock.now())

    def arrived(self, key: str, stored: Stored) -> None:
        """A file is whole: record it. When this raises, the file may not stay.

        Raises:
            UploadClosed: its job waits for it no more.
            TooManyUploads: with it the user has sent more than they may in a day.
        """
        with self.service() as work:
            upload, user_id = _open(work, key, lock=True)
            work.uploads.arrived(
                upload.key, stored.bytes, stored.sha256, stored.content_type, self.clock.now()
            )
            count_arrived(work, user_id, self.limits, self.clock.now())
            work.commit()


def count_arrived(work: ServiceWork, user_id: UUID | None, limits: Limits, now: datetime) -> None:
    """Whether what has arrived today, with what was just recorded, is still allowed.

    Raises:
        TooManyUploads: it is more.
    """
    if user_id is None:
        return
    sent = work.users.sent(user_id, now, limits.unsized_bytes)
    if sent.arrived_bytes > limits.upload_bytes_a_day:
        raise TooManyUploads.of_a_day(limits.upload_bytes_a_day)


def _open(work: ServiceWork, key: str, *, lock: bool) -> tuple[Upload, UUID | None]:
    """The upload and whose it is; with `lock`, its job is not submitted or deleted before the
    transaction ends.
    """
    upload = work.uploads.at(key)
    state = work.job_repository.state(upload.job_id, lock=lock) if upload else None
    if upload is None or state is None or state.deleted_at or state.stage != AWAITING_UPLOAD:
        raise UploadClosed
    return upload, state.job.user_id
