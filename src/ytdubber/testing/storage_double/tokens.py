"""Who asks, and what they were allowed beforehand."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from .refusals import bad_jwt, bad_signature, denied

_ALGORITHM = "HS256"
UPLOAD_LASTS_S = 7_200
"""How long an upload's token is good, as at supabase.com."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is: a role of the database, and a user where there is one."""

    role: str
    user_id: str = ""

    def expect_right(self, name: str) -> None:
        """A policy of the documented form: users have what lies in a folder of their id."""
        if self.role == "service_role":
            return
        if self.role != "authenticated" or name.partition("/")[0] != self.user_id:
            raise denied()


class Tokens:
    """Makes and verifies JSON Web Tokens with the project's secrets.

    Args:
        secret_key: The key of the new form, `sb_secret_...`; it goes into `apikey` alone.
        jwt_secret: Signs users' tokens, and the legacy keys.
        now_s: Tells the time, in seconds since 1970.
    """

    def __init__(
        self, secret_key: str, jwt_secret: str, now_s: Callable[[], float] = time.time
    ) -> None:
        self._secret_key = secret_key
        self._jwt_secret = jwt_secret
        self._url_secret = f"urls of {jwt_secret}"
        self._now_s = now_s

    def rotate(self, secret_key: str) -> None:
        """Take this key from now on, and the one before no more."""
        self._secret_key = secret_key

    def of_role(self, role: str, user_id: str = "") -> str:
        """A token of the legacy kind, good for ten years."""
        claims = {"role": role, "iss": "supabase", "exp": int(self._now_s()) + 315_360_000}
        if user_id:
            claims["sub"] = user_id
        return jwt.encode(claims, self._jwt_secret, _ALGORITHM)

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who asks: the secret key by itself, or a bearer's token beside any key.

        The official clients send the key as the bearer's too, which is taken where it is the same
        (https://supabase.com/docs/guides/api/api-keys).
        """
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if headers.get("apikey") == self._secret_key and bearer in ("", self._secret_key):
            return Caller("service_role")
        claims = self._verified(bearer, self._jwt_secret)
        return Caller(str(claims.get("role", "anon")), str(claims.get("sub", "")))

    def upload(self, url: str, upsert: bool) -> str:
        """The right to send one object, named `bucket/key`."""
        return self._signed({"url": url, "upsert": upsert}, UPLOAD_LASTS_S)

    def download(self, url: str, lasts_s: int) -> str:
        """The right to read one object."""
        return self._signed({"url": url}, lasts_s)

    def right(self, token: str, url: str) -> Mapping[str, Any]:
        """What a token allows with an object."""
        claims = self._verified(token, self._url_secret)
        if claims.get("url") != url:
            raise bad_signature()
        return claims

    def _signed(self, claims: dict[str, Any], lasts_s: int) -> str:
        now = int(self._now_s())
        claims |= {"iat": now, "exp": now + lasts_s}
        return jwt.encode(claims, self._url_secret, _ALGORITHM)

    def _verified(self, token: str, secret: str) -> Mapping[str, Any]:
        try:
            options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
            claims: dict[str, Any] = jwt.decode(token, secret, [_ALGORITHM], options)
        except jwt.InvalidTokenError as error:
            raise bad_jwt(str(error)) from None
        if int(claims.get("exp", 0)) <= self._now_s():
            raise bad_jwt('"exp" claim timestamp check failed')
        return claims
