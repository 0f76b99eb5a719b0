"""Is it alive, is it ready, and what can it speak."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ytdubber.api.errors import responses
from ytdubber.api.schemas import Health, Readiness, SpokenBody, UploadLimits, VoiceBody
from ytdubber.app.service import Service
from ytdubber.domain.limits import UNLIMITED_BYTES
from ytdubber.ports.media_store import VIDEO_TYPES


def health_router(service: Service) -> APIRouter:
    """Routes for whoever runs the service, and the list of languages."""
    router = APIRouter(tags=["service"])

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
        """Whether all that is needed works: database, migrations, storage, queue."""
        found: dict[str, str] = {}
        for name, check in service.checks.items():
            try:
                check()
                found[name] = "ok"
            except Exception as error:  # whatever it is, it is what this route reports
                found[name] = f"{type(error).__name__}: {error}".splitlines()[0]
        good = all(each == "ok" for each in found.values())
        status: Literal["ready", "not ready"] = "ready" if good else "not ready"
        body = Readiness(status=status, checks=found)
        return JSONResponse(body.model_dump(), 200 if good else 503)

    @router.get("/api/limits", responses=responses())
    def limits() -> UploadLimits:
        """What may be uploaded; to be told before a file is chosen."""
        most = service.limits.upload_bytes
        told = None if most >= UNLIMITED_BYTES else most
        return UploadLimits(upload_bytes=told, types=["audio/*", *VIDEO_TYPES])

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
