"""Stems on their way in: only to a job that waits for them."""

from dataclasses import dataclass

from ytdubber.domain.errors import UploadClosed
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
    """

    service: AsService
    clock: Clock

    def expected(self, key: str) -> None:
        """An upload begins.

        Raises:
            UploadClosed: its job waits for it no more.
        """
        with self.service() as work:
            _open(work, key, lock=False)

    def arrived(self, key: str, stored: Stored) -> None:
        """A file is whole: record it. When this raises, the file may not stay.

        Raises:
            UploadClosed: its job waits for it no more.
        """
        with self.service() as work:
            upload = _open(work, key, lock=True)
            work.uploads.arrived(
                upload.key, stored.bytes, stored.sha256, stored.content_type, self.clock.now()
            )
            work.commit()


def _open(work: ServiceWork, key: str, *, lock: bool) -> Upload:
    """The upload; with `lock`, its job is not submitted or deleted before the transaction ends."""
    upload = work.uploads.at(key)
    state = work.book.state(upload.job_id, lock=lock) if upload else None
    if upload is None or state is None or state.deleted_at or state.stage != AWAITING_UPLOAD:
        raise UploadClosed
    return upload
