"""The client for programs with asyncio, or trio."""

from collections.abc import AsyncIterator

from ytdubber.client import requests
from ytdubber.client.job_calls import JobCalls
from ytdubber.client.line_calls import LineCalls
from ytdubber.client.notice_calls import NoticeCalls
from ytdubber.client.transports import AsyncTransport
from ytdubber.client.values import Job


class AsyncClient(AsyncTransport, JobCalls, LineCalls, NoticeCalls):
    """`Client` for coroutines: the same functions, each awaited. Functions that are told how far
    it is are called in the event loop, and are no coroutines.

    Args:
        url: The service's address, such as `https://dub.example.org`.
        token: The user's token, or a function that gives one that is good just now.
        attempts: How often a request is made where the service, or the way to it, does not work.
        http: How requests are made, with a proxy or certificates of one's own; the caller closes
            it.

    Raises:
        ValueError: `url` is no address.
    """

    async def jobs(self, title: str = "") -> AsyncIterator[Job]:
        """Submitted jobs, newest first, without their files; with `title`, those that have this in
        what they are called.

        Raises:
            ServiceError: the service does not answer.
        """
        cursor = None
        while True:
            page, cursor = await self.carry_out(requests.page(title, cursor, self.retries))
            for job in page:
                yield job
            if cursor is None:
                return
