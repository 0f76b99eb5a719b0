"""A refused job is refused the same way however often, and however, it is submitted again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, background

REFUSED: dict[str, dict[str, Any]] = {
    "not_audio": {"voice_file": b"This is no sound. " * 100, "background": False},
    "no_such_track": {"track": 3, "background": False},
    "duration_mismatch": {"background_file": background(6.0)},
}


def _told(reply: httpx.Response) -> tuple[int, Any]:
    body = reply.json()
    assert body.pop("request_id") == reply.headers["x-request-id"]
    return reply.status_code, body


@pytest.mark.parametrize("code", REFUSED)
def test_the_web_clients_retries_are_told_what_the_first_was(ann: ApiUser, code: str) -> None:
    job = ann.uploaded("pt", **REFUSED[code])
    first, *again = [_told(ann.submit(job)) for _ in range(4)]
    assert (first[0], first[1]["error"]) == (400, code)
    assert again == [first] * 3
    assert _told(ann.submit(job, ("es", "fr"))) == first
    assert _told(ann.http.post("/api/jobs", json={"job_id": job["job_id"]})) == first
    assert _refusals(ann, job) == 1


@pytest.mark.parametrize("code", REFUSED)
def test_so_are_submissions_at_once(ann: ApiUser, code: str) -> None:
    job = ann.uploaded("pt", **REFUSED[code])
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: _told(ann.submit(job)), range(4)))
    assert told == [told[0]] * 4
    assert (told[0][0], told[0][1]["error"]) == (400, code)
    assert _refusals(ann, job) == 1


def test_so_is_a_quote(ann: ApiUser) -> None:
    job = ann.uploaded("pt", **REFUSED["duration_mismatch"])
    first = _told(ann.submit(job))
    assert _told(ann.http.post("/api/jobs/quote", json={"job_id": job["job_id"]})) == first


def test_nothing_of_its_users_words_outlasts_it(ann: ApiUser) -> None:
    kept = {"duration_mismatch": {"background_s", "tolerance_ms", "voice_s"}, "not_audio": set()}
    for code, names in kept.items():
        job = ann.uploaded("pt", **REFUSED[code])
        ann.submit(job)
        ann.http.delete(f"/api/jobs/{job['job_id']}")
        query = "select refusal from ytdubber.dubbing_jobs where id = :id"
        ((refusal,),) = ann.harness.rows(query, id=UUID(job["job_id"]))
        assert isinstance(refusal, dict)
        assert set(refusal) == names


def test_cancelling_it_changes_nothing(ann: ApiUser) -> None:
    job = ann.uploaded("pt", **REFUSED["not_audio"])
    first = _told(ann.submit(job))
    assert ann.http.post(f"/api/jobs/{job['job_id']}/cancel").json()["error"] == "not_audio"
    assert _told(ann.submit(job)) == first
    ann.http.delete(f"/api/jobs/{job['job_id']}")
    assert ann.submit(job).json()["error"] == "job_not_found"


def test_a_job_cancelled_before_it_was_submitted_is_not_begun(ann: ApiUser) -> None:
    job = ann.uploaded("pt", background=False)
    assert ann.http.post(f"/api/jobs/{job['job_id']}/cancel").status_code == 200
    told = [_told(ann.submit(job)) for _ in range(2)]
    assert told[0] == told[1]
    rows = ann.harness.rows(
        "select count(*) from ytdubber.language_tasks where job_id = :id and stage = 'queued'",
        id=UUID(job["job_id"]),
    )
    assert rows == [(0,)]


def _refusals(ann: ApiUser, job: Any) -> object:
    query = "select count(*) from ytdubber.job_events where job_id = :id and kind = 'refused'"
    ((count,),) = ann.harness.rows(query, id=UUID(job["job_id"]))
    return count
