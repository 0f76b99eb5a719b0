"""Who asks: bearer tokens as dependencies of routes."""

import asyncio
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ytdubber.domain.errors import Forbidden, Unauthorized
from ytdubber.log import bind
from ytdubber.ports.identity import Claims, Identity

_WAITING = 4
"""How many requests may wait for an auth server's keys at once; the others wait for these."""

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="The access token of a signed-in user."
)


def install(app: FastAPI, identity: Identity) -> None:
    """Have the dependencies below ask this identity."""
    app.state.identity = identity
    app.state.identity_waiting = asyncio.Semaphore(_WAITING)


async def claims(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Claims:
    """Who asks.

    Raises:
        Unauthorized: there is no token, or not a valid one.
        SignInUnavailable: it cannot be told just now.
    """
    if credentials is None:
        raise Unauthorized(reason="no token was sent")
    identity: Identity = request.app.state.identity
    known = identity.verify_now(credentials.credentials)
    if known is None:
        async with request.app.state.identity_waiting:
            known = await run_in_threadpool(identity.verify, credentials.credentials)
    bind(user_id=known.user_id)
    return known


CurrentUser = Annotated[Claims, Depends(claims)]
"""A route's parameter of this type is whoever asks."""


async def admin(user: CurrentUser) -> Claims:
    """Who asks, when they are an administrator.

    Raises:
        Forbidden: they are not.
    """
    if not user.is_admin:
        raise Forbidden
    return user


CurrentAdmin = Annotated[Claims, Depends(admin)]
"""A route's parameter of this type is whoever asks, an administrator."""
