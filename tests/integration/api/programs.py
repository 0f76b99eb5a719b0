"""Programs of somebody's own, and what works for them meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
from tests.integration.api.person import Person
from tests.plain_http import NO_TLS

from ytdubber.client import Client

_WAITING = """
    select j.id from ytdubber.dubbing_jobs j
    where j.user_id = :who and j.submitted_at is not null and j.finished_at is null
"""


@contextmanager
def working(person: Person) -> Iterator[None]:
    """Somebody dubs what this person submits."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            person.rig.hands.speak_lines()
            for (job_id,) in person.rig.rows(_WAITING, who=person.id):
                person.rig.hands.dub(UUID(str(job_id)))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def token(person: Person) -> str:
    return str(person.http.headers["Authorization"]).removeprefix("Bearer ")


@contextmanager
def client_of(person: Person, url: str | None = None) -> Iterator[Client]:
    with httpx.Client(verify=NO_TLS) as http:
        yield Client(url or person.rig.url, lambda: token(person), http=http)
