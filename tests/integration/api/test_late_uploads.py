"""A link takes a file only while its job waits for it; nothing else stays in storage."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, background, voice

from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.app.operations.retention import Retention
from ytdubber.ports.retention import Terms


def _closed(reply: httpx.Response) -> None:
    assert (reply.status_code, reply.json()["error"]) == (410, "upload_closed")
    assert reply.headers["access-control-allow-origin"]


def _stored(ann: ApiUser, job: Any) -> list[str]:
    return list(ann.harness.backend.media.keys(job["job_id"]))


def _purge(ann: ApiUser) -> None:
    backend = ann.harness.backend
    Retention(SqlExpiryRepository(backend.engine), backend.media)(Terms(), 1_000)


def _late(ann: ApiUser, job: Any) -> None:
    """Both links take nothing any more."""
    before = _stored(ann, job)
    for url, file in zip(job["upload_urls"].values(), (voice(), background()), strict=True):
        _closed(ann.put(url, file))
    assert _stored(ann, job) == before


def test_after_its_job_was_deleted(ann: ApiUser) -> None:
    announced, uploaded = ann.announce("pt"), ann.uploaded("pt")
    for job in (announced, uploaded):
        assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
        _late(ann, job)
        _purge(ann)
        _late(ann, job)
        assert _stored(ann, job) == []


@pytest.mark.parametrize("how", ["complete", "cancelled", "refused"])
def test_after_its_job_ended(ann: ApiUser, how: str) -> None:
    music = background(9.0) if how == "refused" else None
    job = ann.uploaded("pt", background_file=music)
    assert ann.submit(job).status_code == (400 if how == "refused" else 200)
    if how == "complete":
        ann.harness.hands.dub(UUID(job["job_id"]))
    if how == "cancelled":
        ann.http.post(f"/api/jobs/{job['job_id']}/cancel")
        ann.harness.hands.dub(UUID(job["job_id"]))
    ann.harness.rows(
        "update ytdubber.dubbing_jobs set finished_at = finished_at - interval '25 hours'"
        " where id = :id",
        id=UUID(job["job_id"]),
    )
    _purge(ann)
    _late(ann, job)


def test_after_nobody_submitted_it(ann: ApiUser) -> None:
    job = ann.announce("pt")
    ann.harness.rows(
        "update ytdubber.dubbing_jobs set created_at = created_at - interval '25 hours'"
        " where id = :id",
        id=UUID(job["job_id"]),
    )
    _purge(ann)
    _late(ann, job)


def test_a_file_under_way_when_its_job_is_deleted_does_not_stay(ann: ApiUser) -> None:
    job = ann.announce("pt", background=False)
    half = len(voice()) // 2

    def chunks() -> Iterator[bytes]:
        yield voice()[:half]
        assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
        yield voice()[half:]

    url = job["upload_urls"]["voice_track"]
    reply = ann.anonymous.put(url, content=chunks(), headers={"Content-Type": "audio/wav"})
    _closed(reply)
    assert _stored(ann, job) == []
    assert ann.harness.rows(
        "select bytes from ytdubber.uploads where job_id = :id", id=UUID(job["job_id"])
    ) == [(None,)]
