"""A new job and where to send its stems."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict
from uuid import UUID, uuid4

from ytdubber.app.uploads.given_texts import GivenTexts
from ytdubber.app.uploads.job_files import JobResults
from ytdubber.app.uploads.job_options import CheckOptions, JobOptions
from ytdubber.domain.errors import (
    TooManyAnnounced,
    TooManyUploads,
    UploadTooLarge,
    WebhookNotFound,
)
from ytdubber.domain.job import Job
from ytdubber.domain.limits import UNLIMITED_BYTES, Limits
from ytdubber.domain.upload import LINK_LASTS, Track, Upload
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import MediaStore, ResumableUpload
from ytdubber.ports.service_work import AsUser, Sent

log = get_logger(__name__)

SMALL_BYTES = 6 * 2**20
"""A file of up to so many bytes is sent in one piece: what Supabase recommends."""


class _Said(TypedDict):
    """What a link says of a file."""

    content_type: str | None
    max_bytes: int
    bytes: int | None
    sha256: str | None
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class UploadMetadata:
    """A file its user is about to send; what is not known is None."""

    file_name: str
    content_type: str | None = None
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class UploadLink:
    """Where to send a stem.

    Attributes:
        url: Takes one PUT.
        key: Where it will lie in storage.
        resumable: Takes it in pieces, by TUS; None where it is small or the storage takes none.
    """

    url: str
    key: str
    resumable: ResumableUpload | None = None


@dataclass(frozen=True, slots=True)
class RequestUploads:
    """The use case over its ports. Nothing is shown or billed before the job is submitted.

    Attributes:
        as_user: Begins a user's transaction.
        media: Where stems are sent.
        clock: Tells the time.
        check_options: Checks what is asked for.
        limits: How much a user may ask.
        scratch: A folder that is gone afterwards, encrypted.
        told: Whether we are told of uploads when they arrive.
    """

    as_user: AsUser
    media: MediaStore
    clock: Clock
    check_options: CheckOptions
    limits: Limits
    scratch: Callable[[], AbstractContextManager[Path]]
    told: bool = True

    def __call__(
        self, claims: Claims, job_options: JobOptions, stems: Mapping[Track, UploadMetadata]
    ) -> tuple[UUID, dict[Track, UploadLink]]:
        """Announce a job; returns its id and a link for each stem.

        Raises:
            BadInput: a language, a voice, a format or a file cannot be taken.
            TooManyUploads: the user has sent, or announced, as much as they may today.
            TooManyAnnounced: too many of their jobs wait to be submitted.
            WebhookNotFound: an endpoint that is to be told of it is not the user's.
        """
        job_options = self.check_options(job_options)
        now = self.clock.now()
        job = Job(
            id=uuid4(),
            source_language=job_options.source_language,
            target_languages=job_options.target_languages,
            created_at=now,
            options=job_options.options,
            user_id=claims.user_id,
            title=job_options.title or stems[Track.VOICE].file_name,
            has_background=Track.BACKGROUND in stems,
        )
        uploads = [_upload(job, track, stem) for track, stem in stems.items()]
        for upload in uploads:
            limit_bytes = self.limits.file_bytes(upload.content_type)
            if (upload.declared_bytes or 0) > limit_bytes:
                raise UploadTooLarge(limit_bytes=limit_bytes)
        links = {upload.track: self._link(upload) for upload in uploads}
        with self.as_user(claims) as work:
            work.users.see(claims)
            unsized_bytes = self.limits.unsized_bytes
            sent = work.users.sent(claims.user_id, now, unsized_bytes, told=self.told)
            self._admit(sent, uploads)
            if job.options.webhooks:
                known = {str(each.id) for each in work.webhooks.of_user(claims.user_id)}
                if not known.issuperset(job.options.webhooks):
                    raise WebhookNotFound
            work.job_repository.announce(job)
            for upload in uploads:
                work.uploads.add(upload)
            work.commit()
        if job_options.texts != GivenTexts():
            with self.scratch() as scratch:
                job_options.texts.keep(JobResults(self.media, job.id, scratch))
        log.info("job.announced", job_id=job.id, languages=job.target_languages)
        return job.id, links

    def _admit(self, sent: Sent, uploads: Sequence[Upload]) -> None:
        """A file without a size counts as the largest there may be until it has come."""
        a_day = self.limits.upload_bytes_a_day
        coming = sum(upload.declared_bytes or self.limits.unsized_bytes for upload in uploads)
        so_far = sent.arrived_bytes + sent.announced_bytes
        if so_far and a_day < UNLIMITED_BYTES and so_far + coming > a_day:
            raise TooManyUploads.of_a_day(a_day)
        if sent.open_jobs >= self.limits.announced_jobs:
            raise TooManyAnnounced(limit=self.limits.announced_jobs, retry_after_s=60)

    def _link(self, upload: Upload) -> UploadLink:
        said: _Said = {
            "content_type": upload.content_type,
            "max_bytes": self.limits.file_bytes(upload.content_type),
            "bytes": upload.declared_bytes,
            "sha256": upload.declared_sha256,
            "expires_in_s": round(LINK_LASTS.total_seconds()),
        }
        url = self.media.upload_url(upload.key, **said)
        if upload.declared_bytes is not None and upload.declared_bytes <= SMALL_BYTES:
            return UploadLink(url, upload.key)
        return UploadLink(url, upload.key, self.media.resumable_upload(upload.key, **said))


def _upload(job: Job, track: Track, stem: UploadMetadata) -> Upload:
    upload_id = uuid4()
    return Upload(
        id=upload_id,
        job_id=job.id,
        track=track,
        key=f"{job.id}/{upload_id}",
        file_name=stem.file_name,
        content_type=stem.content_type,
        declared_bytes=stem.bytes,
        declared_sha256=stem.sha256,
    )
