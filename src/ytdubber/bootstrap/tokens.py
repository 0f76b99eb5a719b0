"""Tokens of this machine's own."""

from datetime import timedelta
from uuid import UUID, uuid5

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.bootstrap.backend import signing_secret
from ytdubber.domain.errors import BadSetting
from ytdubber.ports.identity import Session
from ytdubber.settings import Settings, load_settings

LOCAL_EMAIL = "you@localhost"
"""Whoever sits at this machine."""
_NAMESPACE = UUID("6f0c4b3e-8f55-4a5e-9a41-5c6d0f3a9b11")
_TOKEN_LASTS = timedelta(days=30)
_PAGE_LASTS = timedelta(hours=12)
"""A night's sleep; a page that is open renews it."""


def page_session(settings: Settings) -> Session:
    """A session for the page: whoever sits at this machine, without an administrator's rights."""
    return sign_in(settings, admin=False, lasts=_PAGE_LASTS)


def sign_in(
    settings: Settings,
    user_id: UUID | None = None,
    email: str = LOCAL_EMAIL,
    *,
    admin: bool,
    lasts: timedelta = _TOKEN_LASTS,
) -> Session:
    """A session of this machine's own; without an id, the user is known by the address."""
    who = user_id or uuid5(_NAMESPACE, email.strip().lower())
    secret = signing_secret(settings).decode()
    return local_session(secret, who, email, lasts, admin)


def local_token(user_id: UUID | None, email: str, *, admin: bool) -> str:
    """A bearer token for a local user.

    Raises:
        BadSetting: users sign in elsewhere.
    """
    settings = load_settings()
    if settings.supabase_url:
        raise BadSetting(
            variable="SUPABASE_URL", reason="users sign in there; it gives them their tokens."
        )
    return sign_in(settings, user_id, email, admin=admin).access_token
