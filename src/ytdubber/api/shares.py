"""Links that let somebody without an account hear a dub."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, BeforeValidator, Field

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED
from ytdubber.api.requests import Number, Request, whole_number
from ytdubber.app.downloads.share_dub import ShareDub
from ytdubber.domain import errors
from ytdubber.domain.languages import NAMES
from ytdubber.ports.share_links import ShareLink

SHARED = "/shared"
"""Where the page is that plays what a link leads to; the token is behind a `#`, which browsers send
to nobody."""
_HOURS = 24
_MINE = (*ASKED, errors.NotFound, errors.JobNotFound)


class ShareRequest(Request):
    """A new link, and how long it plays; never longer than the job's files are there."""

    hours: Annotated[Number, Field(ge=1, le=48), BeforeValidator(whole_number)] = _HOURS


class ShareBody(BaseModel):
    """A link that plays one language."""

    id: UUID
    language: str
    created_at: datetime
    expires_at: datetime


class NewShareBody(ShareBody):
    """A new link, and its address, which is told only now."""

    url: str


class SharedBody(BaseModel):
    """A dub to be heard. Its addresses last minutes: ask again for fresh ones. `kind`: a `video` of
    its own, or `sound`; `captions_url`: WebVTT, null where there are none.
    """

    title: str
    language: str
    language_name: str
    kind: Literal["sound", "video"]
    mime: str
    url: str
    captions_url: str | None
    duration_s: float | None
    expires_at: datetime


def shares_router(share: ShareDub, public_url: str) -> APIRouter:
    """The routes of links, and what they lead to."""
    router = APIRouter(tags=["shares"])

    @router.get("/api/jobs/{job_id:uuid}/shares", responses=responses(*_MINE))
    def all_of(user: LimitedUser, job_id: UUID) -> list[ShareBody]:
        """The job's links that play, the oldest first."""
        return [_shown(each) for each in share.of_job(user, job_id)]

    @router.post(
        "/api/jobs/{job_id:uuid}/languages/{language}/shares",
        status_code=201,
        responses=responses(*_MINE, errors.LanguageNotComplete, errors.TooManyShares),
    )
    def add(user: LimitedUser, job_id: UUID, language: str, body: ShareRequest) -> NewShareBody:
        """Let whoever has the address hear this language, and nothing else of the job, without an
        account and without a way to download it.
        """
        link, token = share.add(user, job_id, language, body.hours)
        url = f"{public_url}{SHARED}#{token}"
        return NewShareBody(**_shown(link).model_dump(), url=url)

    @router.delete(
        "/api/jobs/{job_id:uuid}/shares/{share_id:uuid}",
        status_code=204,
        responses=responses(*_MINE, errors.ShareNotFound),
    )
    def remove(user: LimitedUser, job_id: UUID, share_id: UUID) -> None:
        """Take a link back. What is being played by it ends within five minutes."""
        share.remove(user, job_id, share_id)

    @router.get(
        "/api/shared/{token}",
        responses=responses(errors.NotFound, errors.ShareOver, errors.StorageNotWorking),
    )
    def opened(
        token: Annotated[str, Path(min_length=20, max_length=100, pattern="^[A-Za-z0-9_-]+$")],
    ) -> SharedBody:
        """What a link plays; it needs no sign-in."""
        dub = share.opened(token)
        length_ms = dub.media.duration_ms
        return SharedBody(
            title=dub.title,
            language=dub.language,
            language_name=NAMES.get(dub.language, dub.language),
            kind="video" if dub.media.kind == "video" else "sound",
            mime=dub.media.mime,
            url=dub.media_url,
            captions_url=dub.captions_url,
            duration_s=None if length_ms is None else length_ms / 1000,
            expires_at=dub.expires_at,
        )

    return router


def _shown(link: ShareLink) -> ShareBody:
    return ShareBody(
        id=link.id,
        language=link.language,
        created_at=link.created_at,
        expires_at=link.expires_at,
    )
