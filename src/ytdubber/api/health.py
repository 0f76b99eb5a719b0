"""Is it alive, is it ready, and what can it speak."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from ytdubber.api.errors import responses
from ytdubber.api.schemas import SpokenBody, UploadLimits, VoiceBody
from ytdubber.app.service import Service
from ytdubber.domain.errors import DatabaseAway, QueueAway, StorageNotWorking
from ytdubber.domain.limits import UNLIMITED_BYTES
from ytdubber.log import get_logger
from ytdubber.ports.line import Line
from ytdubber.ports.media_store import VIDEO_TYPES

log = get_logger(__name__)


_OK, _FAILS = "ok", "does not work"


class Health(BaseModel):
    """Alive."""

    status: Literal["ok"]


class LaneBody(BaseModel):
    """A lane of the line: how many pieces of work wait, since how many seconds the oldest; how many
    are in hand; the live workers that take them, with their threads; and how many pieces a minute
    were done lately.
    """

    waiting: int
    oldest_s: float | None
    in_hand: int
    workers: int
    threads: int
    done_a_minute: float


class Readiness(BaseModel):
    """Each part that must work, with `ok` or `does not work`, how news of jobs come here: as they
    happen, or looked for; and what waits for workers, by lane, null where that is not known.
    """

    status: Literal["ready", "not ready"]
    feed: Literal["listen", "poll"]
    checks: dict[str, Any]
    lanes: dict[str, LaneBody] | None


_TOLD_ELSEWHERE = DatabaseAway, QueueAway, StorageNotWorking
"""Outages, which are told once, by whoever meets them first."""


def _lanes(line: Line) -> dict[str, LaneBody] | None:
    try:
        found = line.lanes()
    except Exception as error:  # whatever it is, the checks beside it say what does not work
        log.debug("ready.line_unknown", error=error)
        return None
    return {lane.value: LaneBody(**asdict(state)) for lane, state in found.items()}


def _judged(name: str, check: Callable[[], object], told: dict[str, str]) -> str:
    """Whether a part works. Anybody may ask, so that the cause goes to the log, once while it is
    the same.
    """
    try:
        check()
    except _TOLD_ELSEWHERE:
        return _FAILS
    except Exception as error:  # whatever it is, it is why the service is not ready
        cause = f"{type(error).__name__}: {error}".splitlines()[0]
        if told.get(name) != cause:
            log.error("ready.check_failed", check=name, error=error)
            told[name] = cause
        return _FAILS
    told.pop(name, None)
    return _OK


def health_router(service: Service) -> APIRouter:
    """Routes for whoever runs the service, and the list of languages."""
    router = APIRouter(tags=["service"])
    told: dict[str, str] = {}

    @router.get("/health", responses=responses())
    async def health() -> Health:
        """Whether this process answers."""
        return Health(status="ok")

    @router.get(
        "/ready",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "Not ready"}, **responses()},
    )
    def ready() -> Response:
        """Whether all that is needed works: database, migrations, storage, queue; and what waits.

        What is wrong with one of them is in the log.
        """
        found = {name: _judged(name, check, told) for name, check in service.checks.items()}
        good = all(each == _OK for each in found.values())
        status: Literal["ready", "not ready"] = "ready" if good else "not ready"
        lanes = _lanes(service.line) if good else None
        body = Readiness(status=status, feed=service.news.mode, checks=found, lanes=lanes)
        return JSONResponse(body.model_dump(), 200 if good else 503)

    @router.get("/api/limits", responses=responses())
    def limits() -> UploadLimits:
        """What may be uploaded; to be told before a file is chosen."""
        known = service.limits
        sound, video = (known.file_bytes(each) for each in ("audio/flac", "video/mp4"))
        return UploadLimits(
            upload_bytes=_told(sound),
            video_bytes=_told(video),
            upload_minutes=known.minutes("audio/flac"),
            video_minutes=known.minutes("video/mp4"),
            types=["audio/*", *VIDEO_TYPES],
        )

    @router.get("/api/languages", responses=responses())
    def languages() -> list[SpokenBody]:
        """What can be dubbed into, with the voices at hand; the first of a tier is its default."""
        return [
            SpokenBody(
                code=each.code,
                name=each.name,
                flag=each.flag,
                sources=list(each.sources),
                voices=[
                    VoiceBody(id=v.id, name=v.name, gender=v.gender.value, tiers=list(tiers))
                    for v, tiers in each.voices
                ],
            )
            for each in service.languages()
        ]

    return router


def _told(most_bytes: int) -> int | None:
    """A limit, where there is one beside the disk's."""
    return None if most_bytes >= UNLIMITED_BYTES else most_bytes
