"""All files of a job in one zip."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from ytdubber.api.answers import links_unmade, only_looking
from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED
from ytdubber.api.storage import attachment
from ytdubber.app.downloads.bundles import Bundle, Bundles
from ytdubber.domain import errors
from ytdubber.files.zipped import MIME_TYPE

_ONE_TIME = "/api/downloads/bundles"
_ZIP = {
    "description": "The zip.",
    "content": {MIME_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


class BundleBody(BaseModel):
    """A zip of a job's finished files, and a link that fetches it once. `notes`: what a person
    should know of it, such as a sound that is not as long as its video.
    """

    job_id: UUID
    file_name: str
    files: int
    bytes: int
    url: str
    expires_at: datetime
    notes: list[str]


def bundles_router(bundles: Bundles, public_url: str) -> APIRouter:
    """The routes of zips."""
    router = APIRouter(tags=["downloads"])

    @router.get(
        "/api/jobs/{job_id:uuid}/bundle",
        response_model=BundleBody,
        responses=responses(*ASKED, errors.NotFound, errors.JobNotFound, errors.NotFinished),
    )
    def bundle(
        request: Request,
        user: LimitedUser,
        job_id: UUID,
        wanted_for: Annotated[Literal["youtube"] | None, Query(alias="for")] = None,
    ) -> Response:
        """A one-time link to a zip of all files of a job that has ended; for YouTube of a sound for
        each language and captions, under the names they have there, with what to click.
        """
        if only_looking(request):
            bundles.need(user, job_id)
            return links_unmade()
        link = bundles.link(user, job_id, youtube=wanted_for is not None)
        body = BundleBody(
            job_id=job_id,
            file_name=link.file_name,
            files=link.files,
            bytes=link.bytes,
            url=f"{public_url}{_ONE_TIME}/{link.token}",
            expires_at=link.expires_at,
            notes=list(link.notes),
        )
        return JSONResponse(body.model_dump(mode="json"))

    @router.get(
        f"{_ONE_TIME}/{{token}}",
        response_class=Response,
        responses={
            200: _ZIP,
            **responses(
                errors.NotFound,
                errors.LinkUsed,
                errors.StorageNotWorking,
                errors.TooManyRequests,
            ),
        },
    )
    def redeem(
        request: Request,
        token: Annotated[str, Path(min_length=20, max_length=100, pattern="^[A-Za-z0-9_-]+$")],
    ) -> Response:
        """Fetch the zip, once; it needs no sign-in. HEAD does not use the link up."""
        if only_looking(request):
            bundles.need_token(token)
            return _looked()
        return _BundleResponse(bundles.redeem(token))

    return router


class _BundleResponse(StreamingResponse):
    """A zip that is made in a thread as it is read; it is closed at the end, whatever happens."""

    def __init__(self, bundle: Bundle) -> None:
        headers = {
            "Content-Disposition": attachment(bundle.file_name),
            "Content-Length": str(bundle.bytes),
            "X-Content-Type-Options": "nosniff",
        }
        super().__init__(self._read(), headers=headers, media_type=MIME_TYPE)
        self._bundle = bundle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the bytes."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self._bundle.close)

    async def _read(self) -> AsyncIterator[bytes]:
        while piece := await run_in_threadpool(self._bundle.read):
            yield piece


def _looked() -> Response:
    """What a HEAD is told: what is in the zip is found when it is fetched."""
    answer = Response(None, media_type=MIME_TYPE)
    del answer.headers["Content-Length"]
    return answer
