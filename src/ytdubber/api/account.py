"""The user, and their numbers."""

from datetime import UTC, datetime

from fastapi import APIRouter

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED
from ytdubber.api.requests import MeRequest
from ytdubber.api.schemas import MeBody, StatsBody
from ytdubber.app.service import Service
from ytdubber.app.users.accounts import Account

_FIELDS = {
    "fullName": "full_name",
    "avatarUrl": "avatar_url",
    "timezone": "timezone",
    "languagePreference": "language_preference",
}


def account_router(service: Service) -> APIRouter:
    """The routes under /api/users."""
    router = APIRouter(tags=["account"])

    @router.get("/api/users/me", responses=responses(*ASKED))
    def me(user: LimitedUser) -> MeBody:
        """Who is signed in."""
        return _me(service.accounts.me(user, {}))

    @router.put("/api/users/me", responses=responses(*ASKED))
    def change(user: LimitedUser, body: MeRequest) -> MeBody:
        """Change the profile; fields that are left out stay."""
        given = body.model_dump(exclude_unset=True)
        changes = {_FIELDS[name]: value or None for name, value in given.items()}
        return _me(service.accounts.me(user, changes))

    @router.get("/api/users/me/stats", responses=responses(*ASKED))
    def stats(user: LimitedUser) -> StatsBody:
        """The user's numbers."""
        return _stats(service.accounts.me(user, {}))

    return router


def _me(account: Account) -> MeBody:
    profile = account.profile
    return MeBody(
        id=profile.id,
        email=profile.email,
        fullName=profile.full_name,
        avatarUrl=profile.avatar_url,
        timezone=profile.timezone,
        languagePreference=profile.language_preference,
        createdAt=profile.created_at,
        creditBalance=account.credit_cents,
        stats=_stats(account),
    )


def _stats(account: Account) -> StatsBody:
    stats = account.stats
    return StatsBody(
        totalJobs=stats.total_jobs,
        completedJobs=stats.completed_jobs,
        processingJobs=stats.processing_jobs,
        failedJobs=stats.failed_jobs,
        totalLanguages=stats.total_languages,
        totalMinutesProcessed=round(stats.processed_ms / 60_000, 2),
        accountAge=(datetime.now(UTC) - account.profile.created_at).days,
        lastActivity=stats.last_activity,
    )
