"""Finished files, links and the history of downloads."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from ytdubber.api.answers import links_unmade, only_looking
from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.paging import LINKED, Cursor, RowLimit, next_link, place
from ytdubber.api.refusals import ASKED
from ytdubber.api.schemas import DownloadBody, OneTimeLinkBody, OneTimeLinks
from ytdubber.app.service import Service
from ytdubber.domain import errors
from ytdubber.domain.artifact import download_name
from ytdubber.domain.languages import NAMES
from ytdubber.ports.paging import Place
from ytdubber.ports.service_work import Download

_ONE_TIME = "/api/downloads"
_SHOWN = 200
_REDIRECT = {
    "description": "The file is behind the `Location`, for a minute.",
    "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
}
_FILE_TYPES = {"mix": "full", "voice": "voice", "captions": "captions"}


def downloads_router(service: Service) -> APIRouter:
    """The routes that hand out files."""
    router = APIRouter(tags=["downloads"])

    @router.get(
        "/api/jobs/{job_id:uuid}/download",
        response_model=OneTimeLinks,
        responses={
            307: _REDIRECT,
            **responses(
                *ASKED, errors.NotFound, errors.JobNotFound, errors.FileNotThere, errors.BadField
            ),
        },
    )
    def download(
        request: Request,
        user: LimitedUser,
        job_id: UUID,
        lang: Annotated[str | None, Query(max_length=16)] = None,
        kind: Annotated[Literal["voice", "full", "captions"] | None, Query(alias="type")] = None,
    ) -> Response:
        """With `lang` and `type`: that file. Without: a one-time link for every file of the job."""
        if (lang is None) is not (kind is None):
            raise errors.BadField(field="lang and type", reason="give both, or neither")
        if only_looking(request):
            service.downloads.need(user, job_id, lang, kind)
            return Response(None, 307) if lang else links_unmade()
        if lang is not None and kind is not None:
            return RedirectResponse(service.downloads.url(user, job_id, lang, kind), 307)
        links = [
            OneTimeLinkBody(
                path=link.artifact.path,
                language=link.artifact.language,
                kind=link.artifact.kind,
                format=link.artifact.format,
                bytes=link.artifact.bytes,
                sha256=link.artifact.sha256,
                url=f"{service.public_url}{_ONE_TIME}/{link.token}",
                expires_at=link.expires_at,
            )
            for link in service.downloads.links(user, job_id)
        ]
        body = OneTimeLinks(job_id=job_id, links=links)
        return JSONResponse(body.model_dump(mode="json"))

    @router.get(
        f"{_ONE_TIME}/{{token}}",
        status_code=307,
        response_class=RedirectResponse,
        responses={
            307: _REDIRECT,
            **responses(errors.NotFound, errors.LinkUsed, errors.StorageNotWorking),
        },
    )
    def redeem(
        request: Request,
        token: Annotated[str, Path(min_length=20, max_length=100, pattern="^[A-Za-z0-9_-]+$")],
    ) -> Response:
        """Use a one-time link; it needs no sign-in. HEAD does not use it up."""
        if only_looking(request):
            service.downloads.need_token(token)
            return Response(None, 307)
        return RedirectResponse(service.downloads.redeem(token), 307)

    @router.get(
        "/api/downloads",
        responses=responses(*ASKED, errors.BadField, errors.StorageNotWorking) | LINKED,
    )
    def history(
        user: LimitedUser, response: Response, limit: RowLimit = _SHOWN, cursor: Cursor = None
    ) -> list[DownloadBody]:
        """Files the user fetched, newest first, with a link where the file is still there. A `Link`
        header with `rel="next"` leads to older ones.
        """
        rows = service.downloads.history(user, limit + 1, place(cursor))
        if len(rows) > limit:
            last = Place(rows[limit - 1].downloaded_at, rows[limit - 1].id)
            response.headers.update(next_link(f"{service.public_url}{_ONE_TIME}", limit, last))
        return [_body(row, service) for row in rows[:limit] if row.artifact.kind in _FILE_TYPES]

    return router


def _body(row: Download, service: Service) -> DownloadBody:
    artifact = row.artifact
    expired = artifact.deleted_at is not None
    return DownloadBody(
        id=row.id,
        job_id=artifact.job_id,
        job_title=row.job_title,
        language_code=artifact.language or "",
        language_name=NAMES.get(artifact.language or "", ""),
        file_type=_FILE_TYPES[artifact.kind],  # type: ignore[arg-type]  # one of the three
        file_name=download_name(row.job_title, artifact.path),
        file_size=artifact.bytes,
        downloaded_at=row.downloaded_at,
        expires_at=artifact.expires_at,
        is_expired=expired,
        download_url=None if expired else service.downloads.link(row),
    )
