"""Signing in on one's own machine: a link that works once, on the loopback address only."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ytdubber.api.auth import CurrentUser
from ytdubber.domain.errors import (
    Forbidden,
    InvalidRequest,
    LaunchCodeSpent,
    WrongHost,
)
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Session

from .errors import respond, responses
from .refusals import ASKED
from .requests import Request

CODE_MS = 600_000
"""How long a launch code is good: 10 minutes."""

_MOST_CODES = 32


class LaunchCodes:
    """Codes that work once. Only their hashes are kept, in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends_ms: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def new(self) -> str:
        """A fresh code, for one link."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._ends_ms[_hash(code)] = self._clock.monotonic_ms() + CODE_MS
            for oldest in list(self._ends_ms)[:-_MOST_CODES]:
                del self._ends_ms[oldest]
        return code

    def redeem(self, code: str) -> None:
        """Use a code up.

        Raises:
            LaunchCodeSpent: it was used, is too old or was never given out.
        """
        with self._lock:
            ends_ms = self._ends_ms.pop(_hash(code), None)
        if ends_ms is None or self._clock.monotonic_ms() >= ends_ms:
            raise LaunchCodeSpent


class LaunchRequest(Request):
    """A code from a launch link."""

    code: Annotated[str, Field(max_length=200, examples=["hV0Q2k3nJ0d0v8m1yq3mJt0mH3J9x2uV4w5p"])]


class LaunchUser(BaseModel):
    """Who is signed in."""

    id: UUID
    email: str | None


class LaunchAnswer(BaseModel):
    """What the browser keeps."""

    access_token: str
    expires_at: datetime
    user: LaunchUser


def launch_router(codes: LaunchCodes, sign_in: Callable[[], Session]) -> APIRouter:
    """The exchange of a launch code for a token of this machine's user.

    The code comes in a body, so that neither it nor the token is in an address that is logged.
    """
    router = APIRouter(tags=["launch"])

    @router.post("/api/launch", responses=responses(InvalidRequest, LaunchCodeSpent, WrongHost))
    def launch(request: LaunchRequest, response: Response) -> LaunchAnswer:
        """Exchange the code of a launch link for a session. A code works once."""
        codes.redeem(request.code)
        return _answer(sign_in(), response)

    @router.post("/api/launch/renew", responses=responses(*ASKED, Forbidden, WrongHost))
    def renew(user: CurrentUser, response: Response) -> LaunchAnswer:
        """Exchange this machine's user's session, while it lasts, for a new one."""
        session = sign_in()
        if session.claims.user_id != user.user_id:
            raise Forbidden
        return _answer(session, response)

    return router


def _answer(session: Session, response: Response) -> LaunchAnswer:
    user = LaunchUser(id=session.claims.user_id, email=session.claims.email)
    return LaunchAnswer(access_token=session.access_token, expires_at=session.expires_at, user=user)


class LoopbackHost:
    """Refuses requests under any but this machine's own names.

    A page elsewhere can have its name resolve to 127.0.0.1 and so reach this server past the
    browser's same-origin rule; the Host header then names that page.
    """

    def __init__(self, app: ASGIApp, allowed: set[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            hosts = [host.lower() for host in Headers(scope=scope).getlist("host")]
            if len(hosts) != 1 or hosts[0] not in self._allowed:
                refusal = respond(WrongHost(hosts=" and ".join(sorted(self._allowed))))
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def loopback_hosts(port: int) -> set[str]:
    """What the Host header of a server on this port of the loopback address may say."""
    names = {"127.0.0.1", "localhost", "[::1]"}
    return {f"{name}:{port}" for name in names} | (names if port == 80 else set())


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode(errors="replace")).digest()
