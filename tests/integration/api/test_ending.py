"""A user wants no more of a job, or no more trace of it."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import httpx
import pytest
from tests.integration.api.api_user import ApiUser


def _stored(ann: ApiUser, job_id: UUID) -> list[str]:
    return list(ann.harness.backend.media.keys(f"{job_id}/"))


def test_a_job_that_is_deleted_is_gone(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    links = [file["url"] for file in ann.job(job_id)["files"]]
    once = ann.http.get(f"/api/jobs/{job_id}/download").json()["links"][0]["url"]
    assert _stored(ann, job_id)
    gone = ann.http.delete(f"/api/jobs/{job_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert ann.http.delete(f"/api/jobs/{job_id}").status_code == 404
    assert ann.http.get(f"/api/jobs/{job_id}").status_code == 404
    assert ann.http.get(f"/api/jobs/{job_id}/download").status_code == 404
    assert ann.http.get(f"/api/jobs/{job_id}/download?lang=pt&type=voice").status_code == 404
    assert ann.http.get(f"/api/jobs/{job_id}/events").status_code == 404
    assert ann.list() == []
    assert _stored(ann, job_id) == []
    assert {ann.anonymous.get(url).status_code for url in links} == {404}
    assert ann.anonymous.get(once).status_code == 410


def test_what_a_deleted_job_was_stays_on_record(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", background=False)
    ann.harness.rows(
        "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model, version,"
        " operation, outcome, quantities) values (gen_random_uuid(), :id, :user, 'acme', 'm', '1',"
        " 'speak', 'succeeded', '{}')",
        id=job_id,
        user=ann.id,
    )
    ann.http.delete(f"/api/jobs/{job_id}")
    texts = "select count(*) from ytdubber.utterances where job_id = :id"
    events = "select kind from ytdubber.job_events where job_id = :id order by id"
    receipts = "select count(*) from ytdubber.usage_receipts where job_id = :id"
    files = "select count(*) from ytdubber.artifacts where job_id = :id and deleted_at is null"
    assert ann.harness.rows(texts, id=job_id) == [(0,)]
    assert ann.harness.rows(files, id=job_id) == [(0,)]
    assert ann.harness.rows(events, id=job_id)[-1] == ("deleted",)
    assert ann.harness.rows(receipts, id=job_id) == [(1,)]


def test_a_job_deleted_while_it_runs_stops(ann: ApiUser) -> None:
    job_id = ann.queued("pt", background=False)
    ann.harness.hands.hear(job_id)
    assert ann.http.delete(f"/api/jobs/{job_id}").status_code == 204
    ann.harness.hands.dub(job_id)
    assert _stored(ann, job_id) == []


def test_an_announced_job_can_be_deleted_and_its_link_too_late(ann: ApiUser) -> None:
    job = ann.announce("pt")
    assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
    reply = ann.submit(job)
    assert (reply.status_code, reply.json()["error"]) == (404, "job_not_found")


def test_deleted_four_times_at_once(ann: ApiUser) -> None:
    job_id = ann.queued("pt", background=False)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: ann.http.delete(f"/api/jobs/{job_id}"), range(4)))
    statuses = sorted(reply.status_code for reply in replies)
    assert statuses[0] == 204
    assert set(statuses) <= {204, 404}


def test_a_job_that_waits_is_cancelled_at_once(ann: ApiUser) -> None:
    job_id = ann.queued("pt", "es", background=False)
    reply = ann.http.post(f"/api/jobs/{job_id}/cancel")
    assert reply.status_code == 200
    job = reply.json()
    assert (job["status"], job["stage"], job["message"]) == ("error", "cancelled", "Cancelled.")
    assert {each["status"] for each in job["languages"]} == {"error"}
    ann.harness.hands.dub(job_id)
    assert ann.job(job_id)["stage"] == "cancelled"
    again = ann.http.post(f"/api/jobs/{job_id}/cancel")
    assert (again.status_code, again.json()["stage"]) == (200, "cancelled")


def test_a_complete_language_stays_when_the_rest_is_cancelled(ann: ApiUser) -> None:
    job_id = ann.queued("pt", "es", background=False)
    ann.harness.hands.hear(job_id)
    ann.harness.hands.dub_one(job_id)
    ann.http.post(f"/api/jobs/{job_id}/cancel")
    ann.harness.hands.dub(job_id)
    job = ann.job(job_id)
    assert (job["status"], job["completedLanguages"]) == ("complete", 1)
    assert set(job["download_urls"]) == {"pt"}
    assert ann.anonymous.get(job["download_urls"]["pt"]["voice"]).status_code == 200


def test_a_complete_job_is_not_cancelled(dora: ApiUser, dubbed: UUID) -> None:
    reply = dora.http.post(f"/api/jobs/{dubbed}/cancel")
    assert (reply.status_code, reply.json()["status"]) == (200, "complete")


@pytest.mark.parametrize(("method", "tail"), [("DELETE", ""), ("POST", "/cancel"), ("GET", "")])
def test_a_job_that_never_was(ann: ApiUser, method: str, tail: str) -> None:
    reply: httpx.Response = ann.http.request(method, f"/api/jobs/{uuid4()}{tail}")
    assert (reply.status_code, reply.json()["error"]) == (404, "job_not_found")
