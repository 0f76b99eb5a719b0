"""Lines of a finished dub, looked at, changed, and made anew."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ytdubber.api.errors import responses
from ytdubber.api.job_view import JobView
from ytdubber.api.jobs import found
from ytdubber.api.limits import LimitedUser
from ytdubber.api.line_bodies import (
    LinesBody,
    LinesRequest,
    PreviewBody,
    PreviewRequest,
    RevisionBody,
)
from ytdubber.api.line_cuts import CHANGED, LOOKED, IfMatch, lines_answer, seen_version
from ytdubber.api.quotes import RenderQuoteBody, render_quote_body
from ytdubber.api.schemas import JobBody
from ytdubber.app.downloads.downloads import LINK_LASTS
from ytdubber.app.lines.edit_lines import EditLines
from ytdubber.app.lines.preview_line import MIME, preview_key
from ytdubber.app.lines.revise_dub import RevisionFiles
from ytdubber.app.service import Service
from ytdubber.domain import errors
from ytdubber.domain.artifact import download_name
from ytdubber.ports.identity import Claims
from ytdubber.ports.line_previews import LinePreview

SPOKEN_WITHIN_S, _LOOK_EVERY_S = 20, 0.1
"""How long somebody waits to hear a line, and how often it is looked at meanwhile."""


def lines_router(service: Service, view: JobView) -> APIRouter:
    """The routes of a language's lines and revisions."""
    router = APIRouter(prefix="/api/jobs/{job_id:uuid}/languages/{language}", tags=["lines"])
    edit = service.edit_lines

    def shown(user: Claims, job_id: UUID, status: int) -> Response:
        job = view(found(service, user, job_id), service.clock.now())
        return JSONResponse(job, status_code=status)

    @router.get("/lines", response_model=LinesBody, responses=responses(*LOOKED))
    def lines(user: LimitedUser, job_id: UUID, language: str) -> Response:
        """The lines of a language as they are and as they are to be. The `ETag` counts changes."""
        return lines_answer(edit.lines(user, job_id, language))

    @router.patch(
        "/lines",
        response_model=LinesBody,
        responses=responses(*CHANGED, errors.BadField, errors.LineNotThere, errors.UnknownVoice),
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
        return lines_answer(edit.change(user, job_id, language, changes, seen_version(if_match)))

    @router.post(
        "/lines/{line}/preview",
        response_model=PreviewBody,
        responses=responses(
            *CHANGED,
            errors.BadField,
            errors.LineNotThere,
            errors.LineNotSpoken,
            errors.NobodySpeaks,
            errors.TooManyRequests,
            errors.UnknownVoice,
        ),
    )
    async def preview(
        user: LimitedUser, job_id: UUID, language: str, line: str, body: PreviewRequest
    ) -> Response:
        """Hear one line as it is to be, before the dub is made anew: it is spoken now. When it is
        rendered so, it is not spoken again.
        """
        change = body.change.model_dump(exclude_unset=True)
        asked = await to_thread.run_sync(edit.begin_preview, user, job_id, language, line, change)
        made = await _spoken(edit, user, asked, line)
        return JSONResponse(await to_thread.run_sync(_preview, service, job_id, line, made))

    @router.post(
        "/lines/{line}/preview/quote",
        responses=responses(*CHANGED, errors.BadField, errors.LineNotThere, errors.UnknownVoice),
    )
    def preview_quoted(
        user: LimitedUser, job_id: UUID, language: str, line: str, body: PreviewRequest
    ) -> RenderQuoteBody:
        """What vendors will charge for hearing one line as it is to be; nothing where they are
        free, or where the line is as the dub that is shown has it.
        """
        change = body.change.model_dump(exclude_unset=True)
        return render_quote_body(service.quote_render.preview(user, job_id, language, line, change))

    @router.post(
        "/render",
        status_code=202,
        response_model=JobBody,
        responses=responses(*CHANGED, errors.NothingToRender),
    )
    def render(
        user: LimitedUser, job_id: UUID, language: str, if_match: IfMatch = None
    ) -> Response:
        """Have the language made anew with its lines as they are to be. Only lines that say
        something else, or in another voice, are spoken; the dub as it is stays until the new one is
        whole, and can be shown again. No credit is taken for it.
        """
        service.revise.render(user, job_id, language, seen_version(if_match))
        return shown(user, job_id, 202)

    @router.get("/render/quote", responses=responses(*LOOKED))
    def quoted(user: LimitedUser, job_id: UUID, language: str) -> RenderQuoteBody:
        """What vendors will charge for the lines that `render` would have spoken and translated
        now; nothing where they are free, or were heard as they are to be.
        """
        return render_quote_body(service.quote_render(user, job_id, language))

    @router.get("/revisions", response_model=list[RevisionBody], responses=responses(*LOOKED))
    def revisions(user: LimitedUser, job_id: UUID, language: str) -> Response:
        """Every version of a language's dub, with links to its files."""
        title = found(service, user, job_id).title
        every = service.revise.revisions(user, job_id, language)
        return JSONResponse([_revision(service, each, title) for each in every])

    @router.post(
        "/revisions/{number}/restore",
        status_code=202,
        response_model=JobBody,
        responses=responses(*CHANGED, errors.NothingToRender, errors.RevisionNotThere),
    )
    def restore(
        user: LimitedUser,
        job_id: UUID,
        language: str,
        number: int,
        if_match: IfMatch = None,
    ) -> Response:
        """Show an earlier version again, bit for bit, and have the lines as they were in it."""
        service.revise.restore(user, job_id, language, number, seen_version(if_match))
        return shown(user, job_id, 202)

    return router


async def _spoken(edit: EditLines, user: Claims, asked: UUID, line: str) -> LinePreview:
    """The preview once it is spoken.

    Raises:
        LineNotSpoken: it could not be.
        NobodySpeaks: nobody did in time.
    """
    try:
        async with asyncio.timeout(SPOKEN_WITHIN_S):
            while True:
                found = await to_thread.run_sync(edit.preview, user, asked)
                if found is not None and found.ended:
                    break
                await asyncio.sleep(_LOOK_EVERY_S)
    except TimeoutError:
        raise errors.NobodySpeaks(limit_s=SPOKEN_WITHIN_S) from None
    if found.made is None:
        raise errors.LineNotSpoken(line=line, reason=found.error_message or "")
    return found


def _preview(service: Service, job_id: UUID, line: str, found: LinePreview) -> dict[str, Any]:
    key, ends = preview_key(job_id, found.id), service.clock.now() + LINK_LASTS
    service.media.sign_ahead([key], ends)
    url = service.media.download_url(
        key, file_name=f"line-{line}.wav", content_type=MIME, expires_at=ends
    )
    return {**(found.made or {}), "line": found.line_id, "url": url, "mime": MIME}


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
