"""Who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says of its bearer.

    Attributes:
        user_id: The user.
        email: Their address, if they have one.
        role: The database role, `authenticated`.
        raw: All claims as they came, for the database's policies.
    """

    user_id: UUID
    email: str | None
    role: str
    raw: Mapping[str, object]

    @property
    def is_admin(self) -> bool:
        """Whether the service's owner made this user an administrator."""
        app_metadata = self.raw.get("app_metadata")
        return isinstance(app_metadata, Mapping) and app_metadata.get("role") == "admin"


@dataclass(frozen=True, slots=True)
class Session:
    """A user signed in: what the browser keeps."""

    access_token: str
    expires_at: datetime
    claims: Claims


class Identity(Protocol):
    """Verifies bearer tokens. Safe to use from several threads."""

    def verify(self, token: str) -> Claims:
        """Who the token is for. May wait for the network when keys have to be fetched.

        Raises:
            Unauthorized: it is not valid; the message says why without telling how it is checked.
            SignInUnavailable: the key it names cannot be fetched just now.
        """
        ...

    def verify_now(self, token: str) -> Claims | None:
        """As `verify`, but never waits: None when keys would have to be fetched first.

        Raises:
            Unauthorized: it is not valid.
            SignInUnavailable: the key it names could not be fetched a moment ago.
        """
        ...
