"""Tokens verified and made."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from ytdubber.domain.errors import Unauthorized
from ytdubber.domain.printable import printable
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims, Session

from .keys import Fetch, PublicKeys, fetch_over_http

AUDIENCE = "authenticated"
USER_ROLE = "authenticated"
LEEWAY_S = 30
SECRET_BYTES = 32
"""The least an HS256 secret may have (RFC 7518, 3.2)."""

REMEMBERED_S = 60
"""How long a verified token is taken without verifying it again."""

_MOST_REMEMBERED = 4096
_MOST_CHARS = 16_384
_LONGEST_EMAIL = 320
"""64 characters, the sign and 255 (RFC 5321, 4.5.3.1)."""
_NOT_VALID = "the token is not valid"


class TokenIdentity:
    """An `Identity` by HS256 with a shared secret, by ES256 and RS256 with published keys, or both.

    Args:
        hs256_secret: The shared secret, or None to take no such token.
        jwks_url: Where the public keys are published, or None to take no such token.
        issuer: What `iss` must be, or None to take any.
        clock: Tells when keys and remembered tokens are old.
        audience: What `aud` must name.
        fetch: Gets the published keys.
        second_secret: Another shared secret that is taken beside it, while one takes the place of
            the other.
    """

    def __init__(
        self,
        hs256_secret: str | None,
        jwks_url: str | None,
        issuer: str | None,
        clock: Clock,
        *,
        audience: str = AUDIENCE,
        fetch: Fetch = fetch_over_http,
        second_secret: str | None = None,
    ) -> None:
        if hs256_secret is None and jwks_url is None:
            raise ValueError("neither a secret nor the address of keys: no token could be verified")
        self._secrets = [each for each in (hs256_secret, second_secret) if each is not None]
        if any(len(each.encode()) < SECRET_BYTES for each in self._secrets):
            raise ValueError(f"the secret needs at least {SECRET_BYTES} bytes")
        self._keys = PublicKeys(jwks_url, fetch, clock) if jwks_url else None
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._remembered = _Remembered()

    def verify(self, token: str) -> Claims:
        """Who the token is for; waits for keys where they have to be fetched."""
        claims = self._verify(token, wait=True)
        if claims is None:
            raise Unauthorized(reason=_NOT_VALID)
        return claims

    def verify_now(self, token: str) -> Claims | None:
        """Who the token is for; None where keys would have to be fetched first."""
        return self._verify(token, wait=False)

    def _verify(self, token: str, *, wait: bool) -> Claims | None:
        now = self._clock.now()
        name = hashlib.sha256(token.encode(errors="replace")).digest()
        claims = self._remembered.get(name, now)
        if claims is not None:
            return claims
        found = self._keys_of(_header(token), wait=wait)
        if found is None:
            return None
        raw = self._decode(token, *found)
        claims = _claims(raw)
        until = min(int(raw["exp"]), now.timestamp() + REMEMBERED_S)
        self._remembered.put(name, claims, until)
        return claims

    def _keys_of(
        self, header: Mapping[str, Any], *, wait: bool
    ) -> tuple[Sequence[str | jwt.PyJWK], str] | None:
        """The keys for a token, of which one must have signed it, and their one algorithm; what the
        token says of them only selects.
        """
        kid = header.get("kid")
        if header.get("alg") == "HS256":
            published = self._keys is not None and kid is not None and self._keys.known(kid)
            if not self._secrets or published:
                raise Unauthorized(reason=_NOT_VALID)
            return self._secrets, "HS256"
        if self._keys is None or kid is None:
            raise Unauthorized(reason=_NOT_VALID)
        key = self._keys.find(kid) if wait else self._keys.find_now(kid)
        return ([key], key.algorithm_name) if key else None

    def _decode(
        self, token: str, keys: Sequence[str | jwt.PyJWK], algorithm: str
    ) -> dict[str, Any]:
        for key in keys:
            with suppress(jwt.InvalidSignatureError):
                return self._decoded(token, key, algorithm)
        raise Unauthorized(reason=_NOT_VALID)

    def _decoded(self, token: str, key: str | jwt.PyJWK, algorithm: str) -> dict[str, Any]:
        """What a token says.

        Raises:
            jwt.InvalidSignatureError: another key signed it.
            Unauthorized: it is not valid.
        """
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "sub", "aud"], "enforce_minimum_key_length": True},
            )
        except jwt.InvalidSignatureError:
            raise
        except jwt.ExpiredSignatureError:
            raise Unauthorized(reason="the token has expired") from None
        except (jwt.PyJWTError, ArithmeticError, TypeError, ValueError, RecursionError):
            raise Unauthorized(reason=_NOT_VALID) from None


class _Remembered:
    """Verified tokens by their hash, the most used kept."""

    def __init__(self) -> None:
        self._claims: OrderedDict[bytes, tuple[float, Claims]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: bytes, now: datetime) -> Claims | None:
        with self._lock:
            until, claims = self._claims.get(name, (0.0, None))
            if now.timestamp() >= until:
                self._claims.pop(name, None)
                return None
            self._claims.move_to_end(name)
            return claims

    def put(self, name: bytes, claims: Claims, until: float) -> None:
        with self._lock:
            self._claims[name] = (until, claims)
            if len(self._claims) > _MOST_REMEMBERED:
                self._claims.popitem(last=False)


def local_session(
    secret: str,
    user_id: UUID,
    email: str | None,
    ttl: timedelta,
    admin: bool = False,
    *,
    issuer: str | None = None,
) -> Session:
    """A session signed by ourselves with HS256, its token of the form Supabase Auth gives."""
    now = datetime.now(UTC).replace(microsecond=0)
    expires_at = now + ttl
    raw: dict[str, object] = {
        "sub": str(user_id),
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
        "email": email or "",
        "phone": "",
        "app_metadata": {"provider": "local", **({"role": "admin"} if admin else {})},
        "user_metadata": {},
        "role": USER_ROLE,
        "aal": "aal1",
        "session_id": str(uuid4()),
        "is_anonymous": False,
    }
    if issuer is not None:
        raw["iss"] = issuer
    return Session(jwt.encode(raw, secret, algorithm="HS256"), expires_at, _claims(raw))


def mint(
    secret: str,
    user_id: UUID,
    email: str | None,
    ttl: timedelta,
    admin: bool = False,
    *,
    issuer: str | None = None,
) -> str:
    """A token signed by ourselves with HS256."""
    return local_session(secret, user_id, email, ttl, admin, issuer=issuer).access_token


def _header(token: str) -> dict[str, Any]:
    if len(token) > _MOST_CHARS:
        raise Unauthorized(reason=_NOT_VALID)
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Unauthorized(reason=_NOT_VALID) from None


def _claims(raw: Mapping[str, Any]) -> Claims:
    """What a token says whose signature and times are right; refused unless it is a user's."""
    subject, role, email = raw["sub"], raw.get("role"), raw.get("email")
    try:
        user_id = UUID(subject)
    except ValueError:
        raise Unauthorized(reason=_NOT_VALID) from None
    if str(user_id) != subject.lower() or role != USER_ROLE:
        raise Unauthorized(reason="the token is not a user's")
    if isinstance(email, str) and (printable(email) != email or len(email) > _LONGEST_EMAIL):
        raise Unauthorized(reason=_NOT_VALID)  # no database holds it, and nobody can be shown it
    return Claims(user_id, email if isinstance(email, str) and email else None, role, raw)
