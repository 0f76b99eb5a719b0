"""Requests that cost something, out of the way of those that do not."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException, Request

THREADS = 2
"""How many of them run at once; reads have threads of their own."""

P = ParamSpec("P")
T = TypeVar("T")


class Aside:
    """Few threads for requests that cost something, and as few for those of them whose stems have
    been decoded, which do not stand behind all that came meanwhile.
    """

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(THREADS)
        self._after = CapacityLimiter(THREADS)

    async def __call__(self, run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns, called in one of the threads."""
        return await to_thread.run_sync(partial(run, *args, **kwargs), limiter=self._limiter)

    async def after(self, run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same, after the stems were waited for."""
        return await to_thread.run_sync(partial(run, *args, **kwargs), limiter=self._after)


async def while_there(request: Request, work: Awaitable[T]) -> T:
    """What the work gives; it is cancelled when whoever asked hangs up.

    Args:
        request: Whose body was read to its end.
        work: What is waited for.
    """
    asked = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return asked.result()
        raise HTTPException(400)  # for nobody
    finally:
        for each in (asked, gone):
            each.cancel()
        await asyncio.gather(asked, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
