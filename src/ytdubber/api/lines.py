"""Lines of a finished dub, looked at, changed, and made anew."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response

from ytdubber.api.errors import responses
from ytdubber.api.job_view import JobView
from ytdubber.api.jobs import found
from ytdubber.api.limits import LimitedUser
from ytdubber.api.line_bodies import LinesBody, LinesRequest, RevisionBody, lines_body
from ytdubber.api.refusals import ASKED
from ytdubber.api.schemas import JobBody
from ytdubber.app.downloads import LINK_LASTS
from ytdubber.app.dub_lines import DubLines
from ytdubber.app.edit_lines import RevisionFiles
from ytdubber.app.service import Service
from ytdubber.domain import errors
from ytdubber.domain.artifact import download_name
from ytdubber.ports.identity import Claims

_LOOKED = (
    *ASKED,
    errors.NotFound,
    errors.JobNotFound,
    errors.LanguageNotComplete,
    errors.MediaMissing,
    errors.StorageNotWorking,
)
_CHANGED = (*_LOOKED, errors.LinesChanged, errors.LinesNotKept, errors.RenderUnderWay)
IfMatch = Annotated[str | None, Header()]
"""The `ETag` of the lines that the caller has seen."""


def lines_router(service: Service, view: JobView) -> APIRouter:
    """The routes of a language's lines and revisions."""
    router = APIRouter(prefix="/api/jobs/{job_id:uuid}/languages/{language}", tags=["lines"])
    edit = service.edit_lines

    def shown(user: Claims, job_id: UUID, status: int) -> Response:
        job = view(found(service, user, job_id), service.clock.now())
        return JSONResponse(job, status_code=status)

    @router.get("/lines", response_model=LinesBody, responses=responses(*_LOOKED))
    def lines(user: LimitedUser, job_id: UUID, language: str) -> Response:
        """The lines of a language as they are and as they are to be. The `ETag` counts changes."""
        return _answer(edit.lines(user, job_id, language))

    @router.patch(
        "/lines",
        response_model=LinesBody,
        responses=responses(*_CHANGED, errors.BadField, errors.LineNotThere, errors.UnknownVoice),
    )
    def change(
        user: LimitedUser,
        job_id: UUID,
        language: str,
        body: LinesRequest,
        if_match: IfMatch = None,
    ) -> Response:
        """Have lines be otherwise, by their ids or numbers; a field that is null is as it was
        made. Nothing is spoken yet, and nothing costs anything.

        With `If-Match`, 409 when they were changed since.
        """
        changes = {name: line.model_dump(exclude_unset=True) for name, line in body.lines.items()}
        return _answer(edit.change(user, job_id, language, changes, _version(if_match)))

    @router.post(
        "/render",
        status_code=202,
        response_model=JobBody,
        responses=responses(*_CHANGED, errors.NothingToRender),
    )
    def render(
        user: LimitedUser, job_id: UUID, language: str, if_match: IfMatch = None
    ) -> Response:
        """Have the language made anew with its lines as they are to be. Only lines that say
        something else, or in another voice, are spoken; the dub as it is stays until the new one is
        whole, and can be shown again. No credit is taken for it.
        """
        edit.render(user, job_id, language, _version(if_match))
        return shown(user, job_id, 202)

    @router.get("/revisions", response_model=list[RevisionBody], responses=responses(*_LOOKED))
    def revisions(user: LimitedUser, job_id: UUID, language: str) -> Response:
        """Every version of a language's dub, with links to its files."""
        title = found(service, user, job_id).title
        every = edit.revisions(user, job_id, language)
        return JSONResponse([_revision(service, each, title) for each in every])

    @router.post(
        "/revisions/{number}/restore",
        status_code=202,
        response_model=JobBody,
        responses=responses(*_CHANGED, errors.NothingToRender, errors.RevisionNotThere),
    )
    def restore(
        user: LimitedUser,
        job_id: UUID,
        language: str,
        number: int,
        if_match: IfMatch = None,
    ) -> Response:
        """Show an earlier version again, bit for bit, and have the lines as they were in it."""
        edit.restore(user, job_id, language, number, _version(if_match))
        return shown(user, job_id, 202)

    return router


def _answer(lines: DubLines) -> Response:
    return JSONResponse(lines_body(lines), headers={"ETag": f'"{lines.version}"'})


def _version(if_match: str | None) -> str | None:
    return None if if_match in (None, "*") else if_match.strip('"')[:40]


def _revision(service: Service, each: RevisionFiles, title: str) -> dict[str, Any]:
    revision = each.revision
    finished_at = revision.finished_at
    return {
        "revision": revision.number,
        "shown": each.shown,
        "edited_lines": len(revision.edits.by_id),
        "made": revision.result is not None,
        "error": revision.error_message,
        "created_at": revision.created_at.isoformat(),
        "finished_at": None if finished_at is None else finished_at.isoformat(),
        "files": _files(service, each, title),
    }


def _files(service: Service, each: RevisionFiles, title: str) -> Sequence[dict[str, Any]]:
    ends = service.clock.now() + LINK_LASTS
    keys = [file.key for file in each.files]
    service.media.sign_ahead(keys, ends)
    return [
        {
            "path": file.path,
            "kind": file.kind,
            "format": file.format,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "url": service.media.download_url(
                file.key,
                file_name=download_name(title, file.path),
                content_type=file.mime,
                expires_at=ends,
            ),
        }
        for file in each.files
    ]
