"""Files in S3: links are signed here, what came is looked at afterwards, and the key may do no more
than its documented policy says.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, api_user, background, voice
from tests.integration.api.elsewhere import WAV, facts, once_each, put, refusal, whole
from tests.integration.api.harness import ApiHarness, api
from tests.integration.storage.s3_policy import door
from tests.integration.storage.s3_server import BUCKET, account, signed_server
from tests.plain_http import NO_TLS

from ytdubber.adapters.db.jobs.strays import strays
from ytdubber.adapters.s3.client import s3_client
from ytdubber.adapters.s3.media import PART_BYTES, S3MediaStore
from ytdubber.app.operations.sweep_storage import SweepStorage
from ytdubber.domain.errors import MediaChanged
from ytdubber.ports.clock import Clock


@dataclass(frozen=True)
class Bucket:
    """A service whose files lie in a bucket."""

    harness: ApiHarness
    client: Any

    def sizes(self, job: Any) -> list[int]:
        """Of what lies there for a job."""
        found = self.client.list_objects_v2(Bucket=BUCKET, Prefix=job["job_id"])
        return [each["Size"] for each in found.get("Contents", ())]

    def sweep(self) -> int:
        backend = self.harness.backend
        return SweepStorage(lambda keys: strays(backend.engine, keys), backend.media)()


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    root: Path = tmp_path_factory.mktemp("bucket")
    with (
        signed_server(root) as server,
        door(server) as way,
        closing(s3_client(account(way.url))) as client,
    ):

        def stored(clock: Clock) -> S3MediaStore:
            return S3MediaStore(client, BUCKET, clock)

        with api(root / "api", stored=stored) as harness:
            yield Bucket(harness, client)


@pytest.fixture
def eva(bucket: Bucket) -> Iterator[ApiUser]:
    with api_user(bucket.harness) as eva:
        yield eva


def announced(eva: ApiUser, *but: str, **more: Any) -> Any:
    """A job of which all is said that can be known of the voice beforehand, but for some of it."""
    return eva.announce("pt", background=False, **facts(voice(), *but), **more)


def test_a_whole_job(eva: ApiUser, bucket: Bucket) -> None:
    job = eva.announce("pt")
    assert put(job["upload_urls"]["voice_track"], voice()).is_success
    assert put(job["upload_urls"]["background_track"], background()).is_success
    assert eva.submit(job).status_code == 200
    job_id = UUID(job["job_id"])
    bucket.harness.hands.dub(job_id)
    shown = eva.job(job_id)
    whole(shown)
    once_each(eva, shown)


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (voice() + b"x", WAV),
        (voice()[:-1], WAV),
        (voice(), {"content-type": "audio/flac"}),
        (voice(), {}),
    ],
)
def test_what_was_announced_is_signed_and_nothing_else_comes_in(
    eva: ApiUser, bucket: Bucket, data: bytes, headers: dict[str, str]
) -> None:
    job = announced(eva)
    url = job["upload_urls"]["voice_track"]
    refused = put(url, data, headers)
    assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True)
    assert not bucket.sizes(job)
    assert put(url, voice()).is_success
    assert eva.submit(job).status_code == 200


def test_a_link_is_for_one_file_and_one_way(eva: ApiUser, bucket: Bucket) -> None:
    job, other = announced(eva), announced(eva)
    url = job["upload_urls"]["voice_track"]
    assert put(url.partition("?")[0], voice()).status_code == 403
    assert put(url.replace(job["job_id"], other["job_id"]), voice()).status_code == 403
    assert put(url.replace("X-Amz-Expires=", "X-Amz-Expires=9"), voice()).status_code == 403
    assert httpx.get(url, verify=NO_TLS).status_code == 403
    assert httpx.delete(url, verify=NO_TLS).status_code == 403
    assert not bucket.sizes(job)
    assert not bucket.sizes(other)


def test_a_hash_is_compared_when_the_file_is_read(eva: ApiUser, bucket: Bucket) -> None:
    job = announced(eva)
    url = job["upload_urls"]["voice_track"]
    assert put(url, voice()[:-1] + b"x").is_success
    assert refusal(eva.submit(job)) == "upload_mismatch"
    assert not bucket.sizes(job)
    assert put(url, voice()).is_success
    assert eva.submit(job).status_code == 200


def test_whoever_replaces_a_stem_after_submission_is_found_out(
    eva: ApiUser, bucket: Bucket
) -> None:
    job = eva.announce("pt", background=False)
    url = job["upload_urls"]["voice_track"]
    assert put(url, voice()).is_success
    assert eva.submit(job).status_code == 200
    assert put(url, voice(5.0)).is_success  # the link has not ended
    with pytest.raises(MediaChanged):
        bucket.harness.hands.dub(UUID(job["job_id"]))


def test_what_comes_after_a_job_was_deleted_is_swept(eva: ApiUser, bucket: Bucket) -> None:
    job = eva.announce("pt", background=False)
    url = job["upload_urls"]["voice_track"]
    assert put(url, voice()).is_success
    assert eva.submit(job).status_code == 200
    assert eva.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
    assert put(url, voice()).is_success
    bucket.harness.rows(
        "update ytdubber.dubbing_jobs set purged_at = now() + interval '1 s' where id = :id",
        id=UUID(job["job_id"]),
    )
    bucket.harness.rows(
        "update ytdubber.uploads set deleted_at = now() where job_id = :id", id=UUID(job["job_id"])
    )
    assert bucket.sizes(job)
    assert bucket.sweep() >= 1
    assert not bucket.sizes(job)


def test_large_files_come_and_go_whole(eva: ApiUser, bucket: Bucket) -> None:
    """A stem that takes several parts where parts are taken, and a mix that is put in several."""
    seconds, parts = 100.0, list[str]()
    music = background(seconds)
    assert len(music) > PART_BYTES
    job = eva.announce("pt", formats=["wav"])
    assert put(job["upload_urls"]["voice_track"], voice(seconds)).is_success
    assert put(job["upload_urls"]["background_track"], music).is_success
    assert eva.submit(job).status_code == 200
    bucket.client.meta.events.register(
        "before-call.s3.UploadPart",
        lambda params, **_: parts.append(params["url_path"].rpartition("/")[2]),
        unique_id="parts",
    )
    job_id = UUID(job["job_id"])
    bucket.harness.hands.dub(job_id)
    bucket.client.meta.events.unregister("before-call.s3.UploadPart", unique_id="parts")
    shown = eva.job(job_id)
    whole(shown)
    (mix,) = [each for each in shown["files"] if each["kind"] == "mix"]
    assert mix["bytes"] > PART_BYTES
    assert len(parts) >= 2
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket=BUCKET)
