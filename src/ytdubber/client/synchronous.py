"""The client for programs without asyncio."""

from collections.abc import Iterator

from ytdubber.client import requests
from ytdubber.client.job_calls import JobCalls
from ytdubber.client.line_calls import LineCalls
from ytdubber.client.notice_calls import NoticeCalls
from ytdubber.client.transports import SyncTransport
from ytdubber.client.values import Job


class Client(SyncTransport, JobCalls, LineCalls, NoticeCalls):
    """A service, as one of its users. Safe to use from several threads.

    Args:
        url: The service's address, such as `https://dub.example.org`.
        token: The user's token, or a function that gives one that is good just now.
        attempts: How often a request is made where the service, or the way to it, does not work.
        http: How requests are made, with a proxy or certificates of one's own; the caller closes
            it.

    Raises:
        ValueError: `url` is no address.
    """

    def jobs(self, title: str = "") -> Iterator[Job]:
        """Submitted jobs, newest first, without their files; with `title`, those that have this in
        what they are called.

        Raises:
            ServiceError: the service does not answer.
        """
        cursor = None
        while True:
            page, cursor = self.carry_out(requests.page(title, cursor, self.retries))
            yield from page
            if cursor is None:
                return
