"""A storage that is away, in every way it can be: what a user reads, and what becomes of jobs."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, api_user, background, voice
from tests.integration.api.harness import ROOMY, ApiHarness, api
from tests.plain_http import NO_TLS
from tests.waiting import FOR_EVER_S

from ytdubber.adapters.supabase.connection import Patience, StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.domain.errors import PutOff, StorageNotWorking
from ytdubber.ports.clock import Clock
from ytdubber.testing.storage_double import (
    BUCKET,
    SECRET_KEY,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)
from ytdubber.testing.storage_double.faults import Faults

WAV = {"content-type": "audio/wav"}
SOON = Patience(silent_s=0.3, soon_s=0.3, untold_s=0.3, untold_bytes=2**22)
TOLD = "Files cannot be kept or given out just now. Try again in a moment."
KINDS = {
    "503": StorageFault(status=503),
    "silent": StorageFault(wait_s=FOR_EVER_S),
    "dripping": StorageFault(drip_s=0.05),
    "endless": StorageFault(endless=True),
    "refused": None,
}
"""What it answers; None where nobody takes the connection."""


@dataclass
class Weather:
    """What the storage answers to everything, if it is not well."""

    fault: StorageFault | None = None
    spared: tuple[Operation, ...] = ()

    def __call__(self, operation: Operation) -> StorageFault | None:
        return None if operation in self.spared else self.fault


@dataclass
class Storage:
    """A project's storage that goes away when it is told to."""

    double: StorageDouble
    weather: Weather
    connection: StorageConnection
    url: str

    def away(self, kind: str) -> None:
        self.weather.fault = KINDS[kind]
        if kind == "refused":
            self.connection.base_url = "http://127.0.0.1:1/storage/v1"

    def back(self) -> None:
        self.weather.fault, self.weather.spared = None, ()
        self.connection.base_url = self.url


@pytest.fixture(scope="module")
def project() -> Iterator[Storage]:
    weather = Weather()
    double = StorageDouble(weather=weather)
    with (
        running(double) as url,
        closing(StorageConnection(url, SECRET_KEY, SOON, lambda _: None)) as connection,
    ):
        yield Storage(double, weather, connection, connection.base_url)


@pytest.fixture
def storage(project: Storage) -> Iterator[Storage]:
    yield project
    project.back()


@pytest.fixture(scope="module")
def harness(project: Storage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    def stored(clock: Clock) -> SupabaseMediaStore:
        return SupabaseMediaStore(project.connection, BUCKET, clock)

    with api(tmp_path_factory.mktemp("outage"), ROOMY, stored=stored) as harness:
        yield harness


@pytest.fixture
def eva(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as eva:
        yield eva


def sent(eva: ApiUser) -> Any:
    """A job whose files have come."""
    job = eva.announce("pt")
    for track, sound in (("voice_track", voice()), ("background_track", background())):
        httpx.put(job["upload_urls"][track], content=sound, headers=WAV, verify=NO_TLS)
    return job


def refused(reply: httpx.Response) -> None:
    """It is told in a sentence that names nothing of the service's, and when to come again."""
    assert reply.status_code == 503, reply.text
    assert (reply.json()["error"], reply.json()["message"]) == ("storage_not_working", TOLD)
    assert int(reply.headers["retry-after"]) > 0


@pytest.fixture(params=[*KINDS])
def kind(request: pytest.FixtureRequest) -> str:
    """The way in which it is away."""
    return str(request.param)


def test_what_needs_files_is_refused_in_a_sentence_and_works_afterwards(
    eva: ApiUser, storage: Storage, kind: str
) -> None:
    job = sent(eva)
    asked: list[Callable[[], httpx.Response]] = [
        lambda: eva.http.post("/api/jobs/quote", json={"job_id": job["job_id"]}),
        lambda: eva.submit(job),
    ]
    storage.away(kind)
    body = {"languages": ["pt"], "voice_track_name": "talk.wav"}
    refused(eva.http.post("/api/jobs/upload-urls", json=body))
    for ask in asked:
        refused(ask())
    storage.weather.spared = (Operation.INFO,)  # it goes away a moment later
    for ask in asked:
        refused(ask())
    assert eva.list() == []
    storage.back()
    assert [ask().status_code for ask in asked] == [200, 200]


def test_dubs_are_shown_without_links_and_can_be_deleted(
    eva: ApiUser, storage: Storage, kind: str
) -> None:
    job = sent(eva)
    job_id = UUID(job["job_id"])
    assert eva.submit(job).status_code == 200
    eva.harness.hands.dub(job_id)
    once = eva.http.get(f"/api/jobs/{job_id}/download").json()["links"][0]["url"]
    storage.away(kind)
    refused(eva.anonymous.get(once))
    with eva.harness.clock.later(minutes=30):  # links that were shown have ended
        shown = eva.job(job_id)
        assert (shown["stage"], {file["url"] for file in shown["files"]}) == ("complete", {None})
        assert eva.list()[0]["download_urls"]["pt"]["full"] is None
    storage.back()
    with eva.harness.clock.later(minutes=1):  # it is left alone for some seconds
        assert eva.anonymous.get(once).status_code == 307
    storage.away(kind)
    assert eva.http.delete(f"/api/jobs/{job_id}").status_code == 204
    assert eva.http.get(f"/api/jobs/{job_id}").status_code == 404


def works(work: Callable[[UUID], None], job_id: UUID) -> bool:
    """Whether a piece of work was done, and not put off."""
    try:
        work(job_id)
    except PutOff:
        return False
    return True


def test_a_job_waits_says_so_and_goes_on_by_itself(
    eva: ApiUser, storage: Storage, kind: str
) -> None:
    job = sent(eva)
    job_id, hands = UUID(job["job_id"]), eva.harness.hands
    assert eva.submit(job).status_code == 200
    for work in (hands.hear, hands.dub_one):
        storage.away(kind)
        assert not works(work, job_id)
        shown = eva.job(job_id)
        (language,) = shown["languages"]
        waits = language["waiting"]
        assert waits["vendor"] == "the storage"
        assert (
            language["message"]
            == shown["message"]
            == (
                f"Waiting for the storage since {waits['since'][11:16]};"
                f" it is asked again at {waits['again_at'][11:16]} UTC."
            )
        )
        assert shown["error"] is None
        storage.back()
        assert works(work, job_id)
        assert eva.job(job_id)["languages"][0]["waiting"] is None
    hands.dub(job_id)
    assert eva.job(job_id)["message"] == "Done."
    kinds = eva.harness.rows(
        "select count(*) from ytdubber.job_events where kind = 'waiting' and job_id = :id",
        id=job_id,
    )
    assert kinds == [(2,)]


def test_a_finished_language_is_not_put_off_when_the_end_of_its_job_cannot_be_written(
    eva: ApiUser, storage: Storage
) -> None:
    job = sent(eva)
    job_id, hands = UUID(job["job_id"]), eva.harness.hands
    assert eva.submit(job).status_code == 200
    hands.hear(job_id)
    files = iter(range(8))  # what a language delivers; then come the texts and the manifest

    def weather(operation: Operation) -> StorageFault | None:
        late = operation is Operation.UPLOAD and next(files, None) is None
        return StorageFault(status=503) if late else None

    before, storage.double.faults = storage.double.faults, Faults(weather)
    with pytest.raises(StorageNotWorking):
        hands.dub_one(job_id)
    assert eva.job(job_id)["languages"][0]["message"] == "Done."
    assert eva.job(job_id)["stage"] == "exporting"
    storage.double.faults = before
    hands.dub(job_id)
    assert eva.job(job_id)["stage"] == "complete"
