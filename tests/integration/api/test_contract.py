"""The web client's contract: every call it makes is answered in the shape it takes."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from tests.integration.api import contract
from tests.integration.api.api_user import VOICE_S, ApiUser
from tests.integration.api.harness import ApiHarness
from tests.log_lines import written
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.domain.fair_share import Lane


def test_upload_urls(ann: ApiUser) -> None:
    job = ann.announce("pt", "es")
    assert str(UUID(job["job_id"])) == job["job_id"]
    assert set(job["upload_urls"]) == {"voice_track", "background_track"}
    assert all(contract.link(url) for url in job["upload_urls"].values())
    assert job["upload_urls"]["voice_track"].split("?")[0].endswith(job["voice_track_path"])
    assert job["background_track_path"].startswith(job["job_id"])


def test_upload_urls_without_a_background_and_from_an_older_client(ann: ApiUser) -> None:
    job = ann.announce("pt", background=False, content_types={"voice": "audio/mpeg"})
    assert job["upload_urls"]["background_track"] is None
    wrong = ann.put(job["upload_urls"]["voice_track"], b"RIFF", "audio/wav")
    assert (wrong.status_code, wrong.json()["error"]) == (415, "wrong_content_type")


def test_upload_urls_alone_show_nowhere(ann: ApiUser) -> None:
    for _ in range(4):
        ann.announce("pt")
    assert ann.list() == []
    assert ann.http.get("/api/users/me/stats").json()["totalJobs"] == 0


def test_a_job_on_its_way(ann: ApiUser) -> None:
    announced = ann.announce("pt", "es")
    waiting = ann.job(announced["job_id"])
    assert contract.JOB(waiting)
    assert (waiting["status"], waiting["progress"]) == ("uploading", 0)
    assert [each["status"] for each in waiting["languages"]] == ["pending", "pending"]
    job_id = ann.queued("pt", "es")
    queued = ann.job(job_id)
    assert contract.JOB(queued)
    assert (queued["status"], queued["stage"]) == ("processing", "queued")
    assert [each["languageCode"] for each in queued["languages"]] == ["pt", "es"]
    ann.harness.hands.hear(job_id)
    heard = ann.job(job_id)
    assert contract.JOB(heard)
    assert (heard["status"], heard["stage"]) == ("processing", "stt")
    assert {(each["stage"], each["inLine"]) for each in heard["languages"]} == {("stt", True)}
    assert heard["message"].startswith("Waiting")
    assert heard["source_language"] == "en"
    assert heard["progress"] >= queued["progress"]


def _in_line(who: ApiUser, job_id: UUID) -> Any:
    """A job, as soon as the line was looked at since it came."""
    until(lambda: who.job(job_id)["queue"] is not None)
    return who.job(job_id)


def test_a_job_that_waits_is_told_where_it_stands(ann: ApiUser, bob: ApiUser) -> None:
    first, second = _in_line(ann, ann.queued("pt")), _in_line(bob, bob.queued("es"))
    assert second["queue"]["position"] > 1
    nobody = {"position": 1, "estimatedStart": None, "noWorker": True}
    assert first["queue"] | {"position": 1} == nobody
    assert first["message"] == "Waiting: no worker that does this work is running."
    assert first["languages"][0]["message"] == first["message"]
    assert (first["estimatedTimeRemaining"], first["estimatedCompletion"]) == (None, None)
    SqlWorkers(ann.harness.backend.engine).beat(uuid4(), {Lane.IO: 1000, Lane.CPU: 1000})
    third = _in_line(ann, ann.queued("es"))
    assert third["message"] == "Waiting for a free worker."
    assert not third["queue"]["noWorker"]
    ann.harness.hands.dub(UUID(first["id"]))
    done = ann.job(first["id"])
    assert done["queue"] is None
    fourth = _in_line(ann, ann.queued("pt"))  # by now it was measured how long everything takes
    assert fourth["queue"]["estimatedStart"] is not None
    assert fourth["estimatedTimeRemaining"] > 0
    ann.harness.rows("delete from ytdubber.workers")


@pytest.mark.parametrize(
    ("stage", "job_status", "language_status"),
    [
        ("queued", "processing", "pending"),
        ("stt", "processing", "processing"),
        ("translating", "processing", "processing"),
        ("dubbing", "generating", "generating"),
        ("mixing", "finalizing", "finalizing"),
        ("exporting", "finalizing", "finalizing"),
        ("failed", "error", "error"),
        ("cancelled", "error", "error"),
    ],
)
def test_the_word_for_a_stage(
    ann: ApiUser, stage: str, job_status: str, language_status: str
) -> None:
    job_id = _staged(ann, stage)
    job = ann.job(job_id)
    assert contract.JOB(job)
    assert (job["status"], job["languages"][0]["status"]) == (job_status, language_status)
    assert (job["stage"], job["languages"][0]["stage"]) == (stage, stage)
    assert job["message"]
    assert job["languages"][0]["message"]


def _staged(ann: ApiUser, stage: str) -> UUID:
    """A job whose one language is at a stage."""
    job_id = UUID(ann.announce("pt", background=False)["job_id"])
    ann.harness.rows(
        "insert into ytdubber.language_tasks (id, job_id, user_id, position, language, stage,"
        " entered_at) values (gen_random_uuid(), :job, :user, 0, 'pt', :stage, '{}')",
        job=job_id,
        user=ann.id,
        stage=stage,
    )
    ann.harness.rows(
        "update ytdubber.dubbing_jobs set stage = :stage, submitted_at = now(),"
        " voice_duration_ms = 60000 where id = :job",
        job=job_id,
        stage=stage,
    )
    return job_id


def test_a_complete_job(dora: ApiUser, dubbed: UUID) -> None:
    job = dora.job(dubbed)
    assert contract.JOB(job)
    assert job == job | {
        "status": "complete",
        "progress": 100,
        "totalLanguages": 2,
        "completedLanguages": 2,
        "target_languages": ["pt", "es"],
        "voice_track_duration": VOICE_S,
        "background_track_uploaded": True,
    }
    for language in job["languages"]:
        assert (language["status"], language["progress"]) == ("complete", 100)
        links = job["download_urls"][language["languageCode"]]
        assert language["downloadUrl"].split("?")[0] == links["full"].split("?")[0]
        stages = [each["stage"] for each in language["stages"]]
        assert stages[0] == "queued"
        assert stages[-1] == "complete"
        stamps = [each["entered_at"] for each in language["stages"]]
        assert stamps == sorted(stamps)
        assert all(map(contract.stamp, stamps))


def test_the_list_is_a_bare_array_of_the_same_objects(dora: ApiUser, dubbed: UUID) -> None:
    jobs = dora.list()
    assert isinstance(jobs, list)
    (listed,) = (job for job in jobs if job["id"] == str(dubbed))
    assert contract.JOB(listed)
    job = dora.job(dubbed)
    del job["files"]
    assert _unsigned(listed) == _unsigned(job)


def _unsigned(value: Any) -> Any:
    """The same without what a fresh look signs anew."""
    if isinstance(value, dict):
        return {name: _unsigned(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_unsigned(each) for each in value]
    return value.split("?")[0] if isinstance(value, str) else value


def test_the_list_shows_what_is_and_not_what_was(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", background=False)
    (before,) = ann.list()
    (again,) = ann.list()
    assert _unsigned(again) == _unsigned(before)
    ann.harness.rows("update ytdubber.dubbing_jobs set title = 'Mine' where id = :id", id=job_id)
    assert [job["title"] for job in ann.list()] == ["Mine"]
    with ann.harness.clock.later(minutes=16):
        assert ann.anonymous.get(before["download_urls"]["pt"]["voice"]).status_code == 410
        (later,) = ann.list()
        assert ann.anonymous.get(later["download_urls"]["pt"]["voice"]).status_code == 200
    replayed = (
        "update ytdubber.dubbing_jobs set finished_at = null, stage = 'dubbing' where id = :id"
    )
    ann.harness.rows(replayed, id=job_id)
    assert [job["status"] for job in ann.list()] == ["generating"]
    ann.http.delete(f"/api/jobs/{job_id}")
    assert ann.list() == []


def test_without_a_background_the_voice_is_the_full_mix(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", background=False)
    job = ann.job(job_id)
    assert contract.JOB(job)
    links = job["download_urls"]["pt"]
    assert links["voice"].split("?")[0] == links["full"].split("?")[0]
    assert job["languages"][0]["fileSize"] > 0
    file = ann.http.get(f"/api/jobs/{job_id}/download?lang=pt&type=full")
    assert file.status_code == 307
    assert file.headers["location"].split("?")[0] == links["voice"].split("?")[0]


def test_pages_follow_links_newest_first(ann: ApiUser) -> None:
    made = [str(ann.queued("pt", background=False)) for _ in range(5)]
    seen: list[str] = []
    reply = ann.http.get("/api/jobs?limit=2")
    while True:
        page = [job["id"] for job in reply.json()]
        assert len(page) <= 2
        seen += page
        if "link" not in reply.headers:
            break
        assert 'rel="next"' in reply.headers["link"]
        assert reply.links["next"]["url"].startswith(ann.harness.url)
        reply = ann.http.get(reply.links["next"]["url"])
    assert seen == made[::-1]
    assert "link" not in ann.http.get("/api/jobs?limit=5").headers


def test_links_lead_to_where_browsers_reach_the_api_whatever_the_host_header(
    ann: ApiUser, dora: ApiUser, dubbed: UUID
) -> None:
    behind_a_proxy = {"Host": "10.0.0.7:8000"}
    for _ in range(2):
        ann.queued("pt", background=False)
    reply = ann.http.get("/api/jobs?limit=1", headers=behind_a_proxy)
    assert reply.links["next"]["url"].startswith(f"{ann.harness.url}/api/jobs?")
    links = dora.http.get(f"/api/jobs/{dubbed}/download", headers=behind_a_proxy).json()["links"]
    assert all(link["url"].startswith(f"{dora.harness.url}/api/downloads/") for link in links)


def _cursor(at: str) -> str:
    return base64.urlsafe_b64encode(f"{at} {UUID(int=1)}".encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "%00", "ÿ", "MjAyNg", "eyJhIjoxfQ==", "LTk5OTk5IHg"),
        _cursor("0001-01-01T00:00:00+14:00"),
        _cursor("9999-12-31T23:59:59-14:00"),
        _cursor("2026-11-28T12:00:00"),
    ],
)
def test_a_cursor_nobody_gave_is_a_wrong_request(ann: ApiUser, cursor: str) -> None:
    reply = ann.http.get("/api/jobs", params={"cursor": cursor})
    assert (reply.status_code, reply.json()["error"]) == (400, "bad_field")


@pytest.mark.parametrize("path", ["/api/jobs", "/api/users/me", "/api/downloads", "/api/languages"])
def test_both_slash_forms_are_one_address(ann: ApiUser, path: str) -> None:
    plain, slashed = ann.http.get(path), ann.http.get(path + "/")
    assert (plain.status_code, slashed.status_code) == (200, 200)
    assert plain.json() == slashed.json()


def test_both_slash_forms_of_a_job_and_of_its_submission(ann: ApiUser) -> None:
    job = ann.uploaded("pt")
    body = {"job_id": job["job_id"], "languages": ["pt"]}
    assert (
        ann.http.post("/api/jobs", json=body).json()
        == ann.http.post("/api/jobs/", json=body).json()
    )
    assert ann.http.get(f"/api/jobs/{job['job_id']}/").json()["id"] == job["job_id"]
    assert ann.http.delete(f"/api/jobs/{job['job_id']}/").status_code == 204


def test_the_user(ann: ApiUser) -> None:
    me = ann.http.get("/api/users/me").json()
    assert contract.ME(me)
    assert (me["id"], me["email"]) == (str(ann.id), "someone@example.org")
    changes = {"fullName": "Ann Ä", "timezone": "Europe/Berlin", "languagePreference": "de"}
    changed = ann.http.put("/api/users/me", json=changes).json()
    assert contract.ME(changed)
    assert changed == me | changes
    emptied = ann.http.put("/api/users/me", json={"timezone": "", "avatarUrl": None}).json()
    assert emptied == changed | {"timezone": None}
    assert ann.http.get("/api/users/me").json() == emptied


def test_the_users_numbers(ann: ApiUser) -> None:
    ann.dubbed("pt", "es")
    stats = ann.http.get("/api/users/me/stats").json()
    assert contract.STATS(stats)
    assert stats == stats | {
        "totalJobs": 1,
        "completedJobs": 1,
        "failedJobs": 0,
        "totalLanguages": 2,
    }
    assert stats["totalMinutesProcessed"] == round(VOICE_S / 60, 2)
    assert stats["lastActivity"] is not None


def test_a_user_who_did_nothing_has_numbers_too(ann: ApiUser) -> None:
    stats = ann.http.get("/api/users/me/stats").json()
    assert contract.STATS(stats)
    assert stats["lastActivity"] is None


def test_billing_without_payments(ann: ApiUser) -> None:
    assert ann.http.get("/api/billing/transactions").json() == []
    reply = ann.anonymous.post("/api/billing/create-payment-intent", json={"amount": 1000})
    assert (reply.status_code, reply.json()["error"]) == (503, "payments_not_configured")


def test_languages_need_no_sign_in(harness: ApiHarness) -> None:
    spoken = httpx.get(f"{harness.url}/api/languages", verify=NO_TLS).json()
    assert [each["code"] for each in spoken] == ["de", "en", "es", "fr", "pt"]
    voice = {"id": "de-female", "name": "Female", "gender": "female", "tiers": ["standard"]}
    assert spoken[0]["voices"][0] == voice
    assert "en" in spoken[0]["sources"]
    assert "de" not in spoken[0]["sources"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_no_page_of_others_scripts_is_served(harness: ApiHarness, path: str) -> None:
    assert httpx.get(f"{harness.url}{path}", verify=NO_TLS).status_code == 404
    assert httpx.get(f"{harness.url}/openapi.json", verify=NO_TLS).status_code == 200


def test_the_page_is_no_administrator(harness: ApiHarness) -> None:
    code = harness.codes.new()
    session = httpx.post(f"{harness.url}/api/launch", json={"code": code}, verify=NO_TLS).json()
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    assert claims["app_metadata"] == {"provider": "local"}


def test_health_and_readiness(harness: ApiHarness) -> None:
    assert httpx.get(f"{harness.url}/health", verify=NO_TLS).json() == {"status": "ok"}
    ready = httpx.get(f"{harness.url}/ready", verify=NO_TLS)
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    harness.reads.broken = True
    try:
        with written() as lines:
            unready = httpx.get(f"{harness.url}/ready", verify=NO_TLS)
    finally:
        harness.reads.broken = False
    assert unready.status_code == 503
    checks = unready.json()["checks"]
    assert checks["database"] == "ok"
    assert checks["reads"] == "does not work"
    assert "hunter2" not in unready.text
    (line,) = lines.of("ready.check_failed")
    assert (line["check"], line["error"]) == ("reads", "RuntimeError")
    assert "hunter2" not in lines.text


def test_what_is_wrong_with_a_file_is_said_of_the_file(ann: ApiUser) -> None:
    body = {"languages": ["pt"], "voice_track_name": "a.wav", "voice_track": {"size": 0}}
    reply = ann.http.post("/api/jobs/upload-urls", json=body).json()
    assert reply["message"] == "The voice file's size must be 1 or more."
    reply = ann.http.post("/api/jobs", json={"job_id": "joy"}).json()
    assert reply["message"].startswith("Job id must be an id, like ")


def test_links_in_a_job_are_signed_for_a_quarter_of_an_hour(dora: ApiUser, dubbed: UUID) -> None:
    url = dora.job(dubbed)["download_urls"]["pt"]["full"]
    ends = int(parse_qs(urlsplit(url).query)["expires"][0])
    lasts_s = ends - dora.harness.clock.now().timestamp()
    assert 13 * 60 < lasts_s <= 15 * 60
