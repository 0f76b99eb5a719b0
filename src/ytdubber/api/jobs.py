"""Jobs looked at, watched, cancelled, deleted."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse

from ytdubber.api.errors import responses
from ytdubber.api.feed import Feed
from ytdubber.api.job_list import JobList
from ytdubber.api.job_view import JobView
from ytdubber.api.limits import LimitedUser
from ytdubber.api.paging import LINKED, Cursor, Limit, next_link, place
from ytdubber.api.refusals import ASKED
from ytdubber.api.requests import JobChange
from ytdubber.api.schemas import JobBody, JobSummary
from ytdubber.app.service import Service
from ytdubber.domain import errors
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import JobRow
from ytdubber.ports.paging import Place

Searched = Annotated[str, Query(max_length=255, pattern=r"^[^\x00]*$")]
"""A part of what jobs are called, in capitals or not."""
_EVENT = {
    "type": "object",
    "description": "One event; `data` is JSON.",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}


def jobs_router(service: Service, view: JobView, feed: Feed) -> APIRouter:
    """The routes of jobs that are there."""
    router = APIRouter(prefix="/api/jobs", tags=["jobs"])
    listed = JobList(service.reads, view, service.clock)

    @router.get(
        "",
        response_model=list[JobSummary],
        responses=responses(*ASKED, errors.BadField) | LINKED,
    )
    def newest(
        user: LimitedUser, limit: Limit = 50, cursor: Cursor = None, title: Searched = ""
    ) -> Response:
        """Submitted jobs, newest first; with `title`, those that have this in what they are
        called. A `Link` header with `rel="next"` leads to older ones.
        """
        marks = service.reads.newest(user, limit + 1, place(cursor), title)
        headers = {}
        if len(marks) > limit:
            last = Place(marks[limit - 1].created_at, marks[limit - 1].id)
            searched = f"title={quote(title)}&" if title else ""
            headers = next_link(f"{service.public_url}/api/jobs", limit, last, searched)
        text = listed(user, marks[:limit])
        return Response(text, media_type="application/json", headers=headers)

    @router.get(
        "/{job_id:uuid}",
        response_model=JobBody,
        responses=responses(*ASKED, errors.NotFound, errors.JobNotFound),
    )
    def detail(user: LimitedUser, job_id: UUID) -> Response:
        """A job with its languages, files and progress."""
        return JSONResponse(view(found(service, user, job_id), service.clock.now()))

    @router.patch(
        "/{job_id:uuid}",
        response_model=JobBody,
        responses=responses(*ASKED, errors.NotFound, errors.JobNotFound, errors.BadField),
    )
    def change(user: LimitedUser, job_id: UUID, body: JobChange) -> Response:
        """Call the job otherwise. Its files are named after it when they are fetched."""
        service.rename_job(user, job_id, body.title)
        return JSONResponse(view(found(service, user, job_id), service.clock.now()))

    @router.delete(
        "/{job_id:uuid}",
        status_code=204,
        responses=responses(*ASKED, errors.NotFound, errors.JobNotFound, errors.StorageNotWorking),
    )
    def delete(user: LimitedUser, job_id: UUID) -> None:
        """Stop the job and remove its files and transcript at once."""
        service.end_job.delete(user, job_id)

    @router.post(
        "/{job_id:uuid}/cancel",
        response_model=JobBody,
        responses=responses(*ASKED, errors.NotFound, errors.JobNotFound),
    )
    def cancel(user: LimitedUser, job_id: UUID) -> Response:
        """Stop the job; languages that are complete stay."""
        service.end_job.cancel(user, job_id)
        return JSONResponse(view(found(service, user, job_id), service.clock.now()))

    @router.get(
        "/{job_id:uuid}/events",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "Server-sent events: whatever is recorded of the job, with an `id`;"
                " `job`, the whole of it, at every change; `deleted`; and `end`.",
                "content": {"text/event-stream": {"schema": _EVENT}},
            },
            **responses(*ASKED, errors.NotFound, errors.JobNotFound, errors.TooManyStreams),
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
        return feed.open(user, job_id, min(after, 2**62) if after is not None else None)

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
