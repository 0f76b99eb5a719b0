"""A new job: announced, its stems uploaded, submitted."""

from typing import Any

from fastapi import APIRouter, Request

from ytdubber.api.aside import Aside, while_there
from ytdubber.api.errors import responses
from ytdubber.api.job_view import JOB_STATUS, JobView
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED, UPLOADED, WISHED
from ytdubber.api.requests import SubmitRequest, UploadUrlsRequest
from ytdubber.api.schemas import (
    ResumableBody,
    ResumableUploads,
    SubmitAnswer,
    UploadUrls,
    UploadUrlsAnswer,
)
from ytdubber.app.service import Service
from ytdubber.app.uploads.request_uploads import UploadLink, UploadMetadata
from ytdubber.domain import errors
from ytdubber.domain.upload import Track


def new_jobs_router(service: Service, view: JobView, aside: Aside) -> APIRouter:
    """The routes that lead to a queued job."""
    router = APIRouter(prefix="/api/jobs", tags=["jobs"])

    @router.post(
        "/upload-urls",
        responses=responses(
            *ASKED,
            *WISHED,
            errors.StorageNotWorking,
            errors.UploadTooLarge,
            errors.WrongContentType,
            errors.TooManyAnnounced,
            errors.TooManyUploads,
            errors.WebhookNotFound,
        ),
    )
    def upload_urls(user: LimitedUser, body: UploadUrlsRequest) -> UploadUrlsAnswer:
        """Announce a job; get a link to PUT each stem to, the voice first, and for large ones an
        upload that goes on after a cut.

        Nothing is listed or billed before the job is submitted.
        """
        job_id, links = service.request_uploads(user, body.job_options(), _stems(body))
        background = links.get(Track.BACKGROUND)
        return UploadUrlsAnswer(
            job_id=job_id,
            upload_urls=UploadUrls(
                voice_track=links[Track.VOICE].url,
                background_track=background.url if background else None,
            ),
            resumable=ResumableUploads(
                voice_track=_resumable(links[Track.VOICE]),
                background_track=_resumable(background) if background else None,
            ),
            voice_track_path=links[Track.VOICE].key,
            background_track_path=background.key if background else None,
        )

    @router.post(
        "",
        responses=responses(
            *ASKED,
            *WISHED,
            *UPLOADED,
            errors.DurationMismatch,
            errors.InsufficientCredit,
            errors.JobCancelled,
            errors.JobNotFound,
            errors.TooManyJobs,
            errors.TooManyLanguages,
            errors.TooManyMinutes,
            errors.QueueFull,
        ),
    )
    async def submit(user: LimitedUser, body: SubmitRequest, request: Request) -> SubmitAnswer:
        """The stems are uploaded: check them, and queue the job.

        The same job may be submitted any number of times; it is queued and charged once, or
        refused in the same words each time when its files cannot be dubbed.
        """
        service.lengths.expect_room(user.user_id)
        stems = await aside(service.submit_job.opened, user, body.job_id, body.languages)
        if stems is not None:
            await while_there(request, service.lengths.wait(stems))
            await aside.after(service.submit_job.queue, user, stems)
        job = await aside.after(service.reads.detail, user, body.job_id)
        shown = view(job, service.clock.now()) if job else {}
        return SubmitAnswer(
            job_id=body.job_id,
            status=shown.get("status", JOB_STATUS["queued"]),
            message=shown.get("message", ""),
        )

    return router


def _resumable(link: UploadLink) -> ResumableBody | None:
    target = link.resumable
    if target is None:
        return None
    return ResumableBody(
        url=target.url,
        headers=dict(target.headers),
        metadata=dict(target.metadata),
        chunk_bytes=target.chunk_bytes,
    )


def _stems(body: UploadUrlsRequest) -> dict[Track, UploadMetadata]:
    names = {Track.VOICE: body.voice_track_name, Track.BACKGROUND: body.background_track_name}
    facts = {Track.VOICE: body.voice_track, Track.BACKGROUND: body.background_track}
    types: dict[Any, str] = dict(body.content_types or {})
    stems = {}
    for track, name in names.items():
        if name is None:
            continue
        known = facts[track]
        stems[track] = UploadMetadata(
            file_name=name,
            content_type=(known.type if known else None) or types.get(track.value),
            bytes=known.size if known else None,
            sha256=known.sha256.lower() if known and known.sha256 else None,
        )
    return stems
