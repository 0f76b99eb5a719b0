"""Lines of a finished dub split, joined, added and removed; and what answers about lines share."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.line_bodies import LinesBody, NewLine, SplitRequest, lines_body
from ytdubber.api.refusals import ASKED
from ytdubber.app.lines.dub_lines import DubLines
from ytdubber.app.service import Service
from ytdubber.domain import errors

LOOKED = (
    *ASKED,
    errors.NotFound,
    errors.JobNotFound,
    errors.LanguageNotComplete,
    errors.MediaMissing,
    errors.StorageNotWorking,
)
CHANGED = (*LOOKED, errors.LinesChanged, errors.LinesNotKept, errors.RenderUnderWay)
"""What is raised about lines that are looked at, and that are changed."""
IfMatch = Annotated[str | None, Header()]
"""The `ETag` of the lines that the caller has seen."""


def lines_answer(lines: DubLines, status: int = 200) -> Response:
    """The lines of a language, and their version."""
    headers = {"ETag": f'"{lines.version}"'}
    return JSONResponse(lines_body(lines), status_code=status, headers=headers)


def seen_version(if_match: str | None) -> str | None:
    """What the caller has seen of them, where they say."""
    return None if if_match in (None, "*") else if_match.strip('"')[:40]


def line_cuts_router(service: Service) -> APIRouter:
    """The routes that cut lines otherwise than they were heard."""
    router = APIRouter(prefix="/api/jobs/{job_id:uuid}/languages/{language}", tags=["lines"])
    edit = service.edit_lines
    cut: dict[str, Any] = {
        "response_model": LinesBody,
        "responses": responses(*CHANGED, errors.BadField, errors.LineNotThere),
    }

    @router.post("/lines", status_code=201, **cut)
    def add(
        user: LimitedUser, job_id: UUID, language: str, body: NewLine, if_match: IfMatch = None
    ) -> Response:
        """Have something said where nobody heard a line."""
        place = (body.text, body.start_ms, body.end_ms)
        lines = edit.add(user, job_id, language, *place, seen_version(if_match))
        return lines_answer(lines, 201)

    @router.delete("/lines/{line}", **cut)
    def remove(
        user: LimitedUser, job_id: UUID, language: str, line: str, if_match: IfMatch = None
    ) -> Response:
        """Have a line not said. It can be had back: `removed` is `null` then."""
        changes = {line: {"removed": True}}
        return lines_answer(edit.change(user, job_id, language, changes, seen_version(if_match)))

    @router.post("/lines/{line}/split", **cut)
    def split(
        user: LimitedUser,
        job_id: UUID,
        language: str,
        line: str,
        body: SplitRequest,
        if_match: IfMatch = None,
    ) -> Response:
        """Have a line be two, cut where the original pauses nearest to there."""
        return lines_answer(
            edit.split(user, job_id, language, line, body.at, seen_version(if_match))
        )

    @router.post("/lines/{line}/merge", **cut)
    def merge(
        user: LimitedUser, job_id: UUID, language: str, line: str, if_match: IfMatch = None
    ) -> Response:
        """Have a line and the next one be one."""
        return lines_answer(edit.merge(user, job_id, language, line, seen_version(if_match)))

    return router
