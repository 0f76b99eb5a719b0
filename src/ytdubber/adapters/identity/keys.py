"""The public keys an auth server publishes, cached."""

import json
import threading
from collections.abc import Callable, Mapping

import httpx
import jwt

from ytdubber.domain.errors import SignInUnavailable, Unauthorized
from ytdubber.ports.clock import Clock

FRESH_MS = 600_000
"""How long keys are used without asking again; Supabase lets them be cached as long."""

PAUSE_MS = 10_000
"""The least time between two fetches, whatever tokens come in."""

_FETCH_TIMEOUT_S = 5.0
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
"""The one algorithm each type of key is used with."""

Fetch = Callable[[str], bytes]
"""Gets a URL's body. Raises `OSError` when it cannot."""


def fetch_over_http(url: str) -> bytes:
    """Get a URL's body within 5 s.

    Raises:
        OSError: there was no answer, or another one than 200.
    """
    try:
        return httpx.get(url, timeout=_FETCH_TIMEOUT_S).raise_for_status().content
    except httpx.HTTPError as error:
        raise OSError(str(error)) from error


class PublicKeys:
    """The key set at a URL. While it cannot be fetched, the keys known so far stay in use."""

    def __init__(self, url: str, fetch: Fetch, clock: Clock) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_ms: int | None = None
        self._tried_ms: int | None = None
        self._failed = False
        self._fetching = threading.Lock()

    def known(self, kid: str) -> bool:
        """Whether a key of this name has been seen."""
        return kid in self._keys

    def find_now(self, kid: str) -> jwt.PyJWK | None:
        """As `find`, but None where it would fetch or wait for a fetch under way."""
        if self._due(kid) or (kid not in self._keys and self._fetching.locked()):
            return None
        return self._get(kid)

    def find(self, kid: str) -> jwt.PyJWK:
        """The key of this name; fetches the set when it is old or does not have it.

        Raises:
            Unauthorized: there is no such key.
            SignInUnavailable: it is not among the known keys and the set cannot be fetched.
        """
        if self._due(kid) or kid not in self._keys:
            with self._fetching:
                if self._due(kid):
                    self._refresh()
        return self._get(kid)

    def _get(self, kid: str) -> jwt.PyJWK:
        key = self._keys.get(kid)
        if key is not None:
            return key
        if self._failed:
            raise SignInUnavailable(retry_after_s=PAUSE_MS // 1000)
        raise Unauthorized(reason="the token is not valid")

    def _due(self, kid: str) -> bool:
        """Whether to fetch for this key: it is new or the set is old, and the last try is past."""
        now_ms = self._clock.monotonic_ms()
        if self._tried_ms is not None and now_ms - self._tried_ms < PAUSE_MS:
            return False
        old = self._fetched_ms is None or now_ms - self._fetched_ms >= FRESH_MS
        return old or kid not in self._keys

    def _refresh(self) -> None:
        self._tried_ms = self._clock.monotonic_ms()
        try:
            self._keys = _parse(self._fetch(self._url))
        except (OSError, ValueError):
            self._failed = True
            return
        self._failed = False
        self._fetched_ms = self._tried_ms


def _parse(text: bytes) -> dict[str, jwt.PyJWK]:
    """The usable keys of a key set by name; raises `ValueError` when it is not a key set."""
    keys = json.loads(text).get("keys") if text.lstrip()[:1] == b"{" else None
    if not isinstance(keys, list):
        raise ValueError("not a key set")
    found = {}
    for data in keys:
        key = _usable(data) if isinstance(data, dict) else None
        if key is not None:
            found[str(data["kid"])] = key
    return found


def _usable(data: dict[str, object]) -> jwt.PyJWK | None:
    algorithm = _ALGORITHMS.get(str(data.get("kty")))
    if algorithm is None or not isinstance(data.get("kid"), str):
        return None
    if data.get("alg", algorithm) != algorithm or data.get("use", "sig") != "sig":
        return None
    if algorithm == "ES256" and data.get("crv") != "P-256":
        return None
    try:
        return jwt.PyJWK(data, algorithm)
    except jwt.PyJWTError:
        return None
