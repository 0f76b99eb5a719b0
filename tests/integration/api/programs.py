"""Programs of somebody's own, and what works for them meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
from tests.integration.api.api_user import ApiUser
from tests.plain_http import NO_TLS

from ytdubber.client import Client

_WAITING = """
    select j.id from ytdubber.dubbing_jobs j
    where j.user_id = :who and j.submitted_at is not null and j.finished_at is null
"""


@contextmanager
def working(api_user: ApiUser) -> Iterator[None]:
    """Somebody dubs what this person submits."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            api_user.harness.hands.speak_lines()
            for (job_id,) in api_user.harness.rows(_WAITING, who=api_user.id):
                api_user.harness.hands.dub(UUID(str(job_id)))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def token(api_user: ApiUser) -> str:
    return str(api_user.http.headers["Authorization"]).removeprefix("Bearer ")


@contextmanager
def client_of(api_user: ApiUser, url: str | None = None) -> Iterator[Client]:
    with httpx.Client(verify=NO_TLS) as http:
        yield Client(url or api_user.harness.url, lambda: token(api_user), http=http)
