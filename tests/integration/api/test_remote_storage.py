"""Files in Supabase Storage: it takes uploads without asking us, so we look afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from storage3 import SyncStorageClient
from tests.integration.api.api_user import ApiUser, api_user, background, voice
from tests.integration.api.elsewhere import WAV, facts, once_each, put, refusal, whole
from tests.integration.api.harness import ROOMY, ApiHarness, api
from tests.plain_http import NO_TLS

from ytdubber.adapters.db.jobs.strays import strays
from ytdubber.adapters.supabase.connection import Patience, StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.app.operations.sweep_storage import SweepStorage
from ytdubber.domain.errors import MediaChanged
from ytdubber.ports.clock import Clock
from ytdubber.testing.storage_double import (
    BUCKET,
    SECRET_KEY,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)

LIMITS = replace(ROOMY, upload_bytes=2**20, upload_bytes_a_day=6 * 2**20)
ANOTHER = b"RIFF" + bytes(1_000)


@dataclass(frozen=True)
class Remote:
    """A service whose files lie in a project's storage."""

    harness: ApiHarness
    double: StorageDouble


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    double = StorageDouble()
    with running(double) as url:
        connection = StorageConnection(url, SECRET_KEY, Patience(), lambda _: None)

        def stored(clock: Clock) -> SupabaseMediaStore:
            return SupabaseMediaStore(connection, BUCKET, clock)

        with api(tmp_path_factory.mktemp("remote"), LIMITS, stored=stored) as harness:
            yield Remote(harness, double)
        connection.close()


@pytest.fixture
def eva(remote: Remote) -> Iterator[ApiUser]:
    with api_user(remote.harness) as eva:
        yield eva


def sent(eva: ApiUser, job: Any, data: bytes | None = None, **headers: str) -> None:
    """The voice, and the background where there is one."""
    urls = job["upload_urls"]
    assert put(urls["voice_track"], voice() if data is None else data, headers or WAV).is_success
    if urls["background_track"]:
        assert put(urls["background_track"], background(), WAV).is_success


def test_a_whole_job(eva: ApiUser, remote: Remote) -> None:
    job = eva.announce("pt")
    sent(eva, job)
    assert eva.submit(job).status_code == 200
    job_id = UUID(job["job_id"])
    remote.harness.hands.dub(job_id)
    shown = eva.job(job_id)
    whole(shown)
    full = shown["download_urls"]["pt"]["full"]
    assert full.startswith(remote.harness.backend.media._api.base_url)  # type: ignore[attr-defined]
    assert httpx.get(full, verify=NO_TLS).headers["content-disposition"].startswith("attachment")


def test_one_time_links_lead_to_the_storage_once(eva: ApiUser, remote: Remote) -> None:
    job = eva.announce("pt", background=False)
    sent(eva, job)
    eva.submit(job)
    remote.harness.hands.dub(UUID(job["job_id"]))
    once_each(eva, eva.job(UUID(job["job_id"])))


def test_our_own_storage_serves_nothing(eva: ApiUser, remote: Remote) -> None:
    job = eva.announce("pt", background=False)
    key = httpx.URL(job["upload_urls"]["voice_track"]).path.split("/media/")[1]
    assert httpx.put(f"{remote.harness.url}/storage/{key}", content=b"x").status_code == 404
    assert httpx.get(f"{remote.harness.url}/storage/{key}").status_code == 404


@pytest.mark.parametrize(
    ("told", "data", "code"),
    [
        (facts(voice(), "sha256"), ANOTHER, "upload_mismatch"),
        (facts(voice(), "size"), ANOTHER, "upload_mismatch"),
        (facts(voice()), ANOTHER, "upload_mismatch"),
        ({}, b"", "upload_refused"),
        ({}, bytes(2**20 + 1), "upload_too_large"),
    ],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_another_file_than_announced_goes_and_the_right_one_can_be_sent(
    eva: ApiUser, remote: Remote, told: dict[str, object], data: bytes, code: str, quoted: bool
) -> None:
    job = eva.announce("pt", background=False, **told)
    sent(eva, job, data)
    if quoted:
        asked = eva.http.post("/api/jobs/quote", json={"job_id": job["job_id"]})
        assert refusal(asked) == code
    else:
        assert refusal(eva.submit(job)) == code
    assert not [k for k in remote.double.bucket.names() if k.startswith(job["job_id"])]
    assert refusal(eva.submit(job)) == "upload_missing"
    sent(eva, job)
    assert eva.submit(job).status_code == 200


def test_another_type_than_announced_goes(eva: ApiUser) -> None:
    job = eva.announce("pt", background=False, voice_track={"type": "audio/flac"})
    sent(eva, job)
    assert refusal(eva.submit(job)) == "wrong_content_type"
    assert refusal(eva.submit(job)) == "upload_missing"
    untyped = eva.announce("pt", background=False)
    sent(eva, untyped, None, **{"content-type": "text/html"})
    assert refusal(eva.submit(untyped)) == "wrong_content_type"


def test_what_arrived_counts_when_it_is_seen(eva: ApiUser, remote: Remote) -> None:
    jobs = [eva.announce("pt", background=False, voice_track={"size": 1000}) for _ in range(8)]
    large = bytes(2**20)
    replies = []
    for job in jobs:
        job_id = UUID(job["job_id"])
        remote.harness.rows(
            "update ytdubber.uploads set declared_bytes = null where job_id = :id", id=job_id
        )
        sent(eva, job, large)
        replies.append(eva.submit(job))
    assert refusal(replies[0]) != "too_many_uploads"  # no sound in it, but it was counted
    assert refusal(replies[-1]) == "too_many_uploads"
    assert replies[-1].status_code == 429
    last = jobs[-1]["job_id"]
    assert not [key for key in remote.double.bucket.names() if key.startswith(last)]


def test_what_was_announced_counts_all_day(eva: ApiUser, remote: Remote) -> None:
    facts = {"voice_track": {"size": 2**20}}
    body = {"languages": ["pt"], "voice_track_name": "talk.wav"} | facts
    for _ in range(6):
        job = eva.announce("pt", background=False, **facts)
        eva.http.delete(f"/api/jobs/{job['job_id']}")
    with remote.harness.clock.later(hours=2):
        reply = eva.http.post("/api/jobs/upload-urls", json=body)
        assert refusal(reply) == "too_many_uploads"


def test_the_stem_of_a_submitted_job_cannot_be_replaced(eva: ApiUser, remote: Remote) -> None:
    job = eva.announce("pt", background=False)
    sent(eva, job)
    assert eva.submit(job).status_code == 200
    (key,) = [key for key in remote.double.bucket.names() if key.startswith(job["job_id"])]
    assert not put(job["upload_urls"]["voice_track"], ANOTHER).is_success
    stem = remote.double.bucket.get(key)
    remote.double.bucket.put(key, replace(stem, data=voice(5.0)), upsert=True)  # whoever did it
    with pytest.raises(MediaChanged):
        remote.harness.hands.dub(UUID(job["job_id"]))


def test_what_comes_after_a_job_was_deleted_is_swept(eva: ApiUser, remote: Remote) -> None:
    job = eva.announce("pt", background=False)
    assert eva.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
    sent(eva, job)
    backend = remote.harness.backend
    remote.harness.rows(
        "update ytdubber.dubbing_jobs set purged_at = now() + interval '1 s' where id = :id",
        id=UUID(job["job_id"]),
    )
    SweepStorage(lambda keys: strays(backend.engine, keys), backend.media)()
    assert not [key for key in remote.double.bucket.names() if key.startswith(job["job_id"])]


def test_jobs_are_shown_while_the_storage_is_away(eva: ApiUser, remote: Remote) -> None:
    job = eva.announce("pt", background=False)
    sent(eva, job)
    eva.submit(job)
    job_id = UUID(job["job_id"])
    remote.harness.hands.dub(job_id)
    remote.double.script(Operation.SIGN_DOWNLOAD, [StorageFault(status=503)] * 3)
    shown, listed = eva.job(job_id), eva.list()
    assert shown["status"] == "complete"
    assert {file["url"] for file in shown["files"]} == {None}
    assert listed[0]["download_urls"]["pt"]["full"] is None
    with remote.harness.clock.later(minutes=2):
        assert None not in {file["url"] for file in eva.job(job_id)["files"]}
    assert None not in {file["url"] for file in eva.job(job_id)["files"]}


def test_a_clock_that_is_turned_back_does_not_keep_the_storage_alone(
    eva: ApiUser, remote: Remote
) -> None:
    job = eva.announce("pt", background=False)
    sent(eva, job)
    eva.submit(job)
    job_id = UUID(job["job_id"])
    remote.harness.hands.dub(job_id)
    with remote.harness.clock.later(minutes=10):
        remote.double.script(Operation.SIGN_DOWNLOAD, [StorageFault(status=503)] * 3)
        assert {file["url"] for file in eva.job(job_id)["files"]} == {None}
    assert None not in {file["url"] for file in eva.job(job_id)["files"]}


def test_lists_of_jobs_ask_the_storage_once(eva: ApiUser, remote: Remote) -> None:
    for _ in range(3):
        job = eva.announce("pt", background=False)
        sent(eva, job)
        eva.submit(job)
        remote.harness.hands.dub(UUID(job["job_id"]))
    before = len(remote.double.asked)
    assert len(eva.list()) == 3
    assert len(eva.list()) == 3
    assert remote.double.asked[before:] == [Operation.SIGN_DOWNLOAD]


def test_the_official_client_brings_and_fetches(
    eva: ApiUser, remote: Remote, tmp_path: Path
) -> None:
    job = eva.announce("pt", background=False, **facts(voice()))
    url = httpx.URL(job["upload_urls"]["voice_track"])
    base, key = str(url).split("/object/upload/sign/media/")
    with httpx.Client(verify=NO_TLS) as client:
        bucket = SyncStorageClient(f"{base}/", {}, http_client=client).from_(BUCKET)
        bucket.upload_to_signed_url(
            key.partition("?")[0], url.params["token"], voice(), {"content-type": "audio/wav"}
        )
    assert eva.submit(job).status_code == 200
    remote.harness.hands.dub(UUID(job["job_id"]))
    assert eva.job(UUID(job["job_id"]))["status"] == "complete"
