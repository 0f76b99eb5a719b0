"""Jobs: new, submitted, looked at, watched, cancelled, deleted."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from ytdubber.api.errors import responses
from ytdubber.api.feed import Feed
from ytdubber.api.job_list import JobList
from ytdubber.api.job_view import JOB_STATUS, JobView
from ytdubber.api.limits import LimitedUser
from ytdubber.api.schemas import (
    JobBody,
    JobSummary,
    SubmitAnswer,
    SubmitRequest,
    UploadUrls,
    UploadUrlsAnswer,
    UploadUrlsRequest,
)
from ytdubber.app.job_wishes import Wishes
from ytdubber.app.request_uploads import Announced
from ytdubber.app.service import Service
from ytdubber.domain import errors
from ytdubber.domain.upload import Track
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import JobMark, JobRow, Page

ASKED = (
    errors.InvalidRequest,
    errors.Unauthorized,
    errors.SignInUnavailable,
    errors.TooManyRequests,
)
"""What every route with a user may answer."""

WISHED = (
    errors.BadField,
    errors.LanguageNotSpoken,
    errors.NoPremiumVoices,
    errors.PairNotTranslatable,
    errors.UnknownFormat,
    errors.UnknownLanguage,
    errors.UnknownVoice,
)
"""What a route may answer to wishes that cannot be met."""

UPLOADED = (
    errors.EmptyFile,
    errors.MediaChanged,
    errors.NoSound,
    errors.NotAudio,
    errors.SoundTooLong,
    errors.StorageNotWorking,
    errors.UnsupportedAudio,
    errors.UploadMissing,
)
"""What a route that looks into uploads may answer."""

_EVENT = {
    "type": "object",
    "description": "One event; `data` is JSON.",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}


def jobs_router(service: Service, view: JobView, feed: Feed) -> APIRouter:
    """The routes under /api/jobs."""
    router = APIRouter(prefix="/api/jobs", tags=["jobs"])
    listed = JobList(service.reads, view, service.clock)

    @router.post(
        "/upload-urls",
        responses=responses(
            *ASKED,
            *WISHED,
            errors.UploadTooLarge,
            errors.WrongContentType,
            errors.TooManyUploads,
        ),
    )
    def upload_urls(user: LimitedUser, body: UploadUrlsRequest) -> UploadUrlsAnswer:
        """Announce a job; get a link to PUT each stem to, the voice first.

        Nothing is listed or billed before the job is submitted.
        """
        job_id, links = service.request_uploads(user, body.wishes(), _stems(body))
        background = links.get(Track.BACKGROUND)
        return UploadUrlsAnswer(
            job_id=job_id,
            upload_urls=UploadUrls(
                voice_track=links[Track.VOICE].url,
                background_track=background.url if background else None,
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
            errors.JobNotFound,
            errors.UploadTooLarge,
            errors.WrongContentType,
            errors.TooManyJobs,
            errors.QueueFull,
        ),
    )
    def submit(user: LimitedUser, body: SubmitRequest) -> SubmitAnswer:
        """The stems are uploaded: check them, and queue the job.

        The same job may be submitted any number of times; it is queued and charged once.
        """
        wishes = Wishes(tuple(body.languages)) if body.languages else None
        service.submit_job(user, body.job_id, wishes)
        job = service.reads.detail(user, body.job_id)
        shown = view(job, service.clock.now()) if job else {}
        return SubmitAnswer(
            job_id=body.job_id,
            status=shown.get("status", JOB_STATUS["queued"]),
            message=shown.get("message", ""),
        )

    @router.get("", response_model=list[JobSummary], responses=responses(*ASKED, errors.BadField))
    def newest(
        user: LimitedUser,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
    ) -> Response:
        """Submitted jobs, newest first. A `Link` header with `rel="next"` leads to older ones."""
        marks = service.reads.newest(user, limit + 1, _page(cursor) if cursor else None)
        headers = {}
        if len(marks) > limit:
            url = request.url.include_query_params(limit=limit, cursor=_cursor(marks[limit - 1]))
            headers["Link"] = f'<{url}>; rel="next"'
        text = listed(user, marks[:limit])
        return Response(text, media_type="application/json", headers=headers)

    @router.get(
        "/{job_id}", response_model=JobBody, responses=responses(*ASKED, errors.JobNotFound)
    )
    def detail(user: LimitedUser, job_id: UUID) -> Response:
        """A job with its languages, files and progress."""
        return JSONResponse(view(found(service, user, job_id), service.clock.now()))

    @router.delete(
        "/{job_id}",
        status_code=204,
        responses=responses(*ASKED, errors.JobNotFound, errors.StorageNotWorking),
    )
    def delete(user: LimitedUser, job_id: UUID) -> None:
        """Stop the job and remove its files and transcript at once."""
        service.end_job.delete(user, job_id)

    @router.post(
        "/{job_id}/cancel",
        response_model=JobBody,
        responses=responses(*ASKED, errors.JobNotFound),
    )
    def cancel(user: LimitedUser, job_id: UUID) -> Response:
        """Stop the job; languages that are complete stay."""
        service.end_job.cancel(user, job_id)
        return JSONResponse(view(found(service, user, job_id), service.clock.now()))

    @router.get(
        "/{job_id}/events",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "Server-sent events: whatever is recorded of the job, with an `id`;"
                " `job`, the whole of it, at every change; `deleted`; and `end`.",
                "content": {"text/event-stream": {"schema": _EVENT}},
            },
            **responses(*ASKED, errors.JobNotFound),
        },
    )
    async def events(
        user: LimitedUser,
        job_id: UUID,
        last_event_id: Annotated[str | None, Header(max_length=40)] = None,
    ) -> Response:
        """What happens to a job, as it happens, until it has ended.

        After a break, `Last-Event-ID` brings what was missed.
        """
        await to_thread.run_sync(found, service, user, job_id)
        after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else None
        frames = feed.stream(user, job_id, min(after, 2**62) if after is not None else None)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(frames, media_type="text/event-stream", headers=headers)

    return router


def found(service: Service, user: Claims, job_id: UUID) -> JobRow:
    """The job as its user may see it.

    Raises:
        JobNotFound: the user has no such job, or not any more.
    """
    job = service.reads.detail(user, job_id)
    if job is None:
        raise errors.JobNotFound
    return job


def _stems(body: UploadUrlsRequest) -> dict[Track, Announced]:
    names = {Track.VOICE: body.voice_track_name, Track.BACKGROUND: body.background_track_name}
    facts = {Track.VOICE: body.voice_track, Track.BACKGROUND: body.background_track}
    types: dict[Any, str] = dict(body.content_types or {})
    stems = {}
    for track, name in names.items():
        if name is None:
            continue
        known = facts[track]
        stems[track] = Announced(
            file_name=name,
            content_type=(known.type if known else None) or types.get(track.value),
            bytes=known.size if known else None,
            sha256=known.sha256.lower() if known and known.sha256 else None,
        )
    return stems


def _cursor(job: JobMark) -> str:
    place = f"{job.created_at.isoformat()} {job.id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _page(cursor: str) -> Page:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        at, _, job_id = text.partition(" ")
        return Page(datetime.fromisoformat(at), UUID(job_id))
    except (binascii.Error, UnicodeError, ValueError):
        raise errors.BadField(field="cursor", reason="it is not one this list gave") from None
