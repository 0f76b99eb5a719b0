"""Finished files: links that last a while, links that work once, and what was fetched."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import soundfile as sf
from tests.integration.api import contract
from tests.integration.api.api_user import VOICE_S, ApiUser
from tests.integration.api.harness import ORIGIN


def _once(who: ApiUser, job_id: UUID) -> list[dict[str, Any]]:
    reply = who.http.get(f"/api/jobs/{job_id}/download")
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    links: list[dict[str, Any]] = reply.json()["links"]
    return links


def test_links_in_a_job_serve_what_they_say(dora: ApiUser, dubbed: UUID) -> None:
    files = dora.job(dubbed)["files"]
    assert {file["kind"] for file in files} >= {"voice", "mix", "captions", "manifest"}
    for file in files:
        for _ in range(2):
            reply = dora.anonymous.get(file["url"])
            assert reply.status_code == 200
            assert hashlib.sha256(reply.content).hexdigest() == file["sha256"]
            assert int(reply.headers["content-length"]) == file["bytes"]
            assert reply.headers["content-type"].split(";")[0] == file["mime"]
            name = "talk." + file["path"].replace("/", ".")
            assert f'attachment; filename="{name}"' in reply.headers["content-disposition"]
            assert reply.headers["access-control-allow-origin"] == ORIGIN
    part = dora.anonymous.get(files[0]["url"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)


def test_the_dub_lasts_as_long_as_the_recording(dora: ApiUser, dubbed: UUID) -> None:
    for file in dora.job(dubbed)["files"]:
        if file["format"] == "flac":
            sound, rate_hz = sf.read(io.BytesIO(dora.anonymous.get(file["url"]).content))
            assert len(sound) == VOICE_S * rate_hz


def test_a_link_in_a_job_ends_after_a_quarter_of_an_hour(dora: ApiUser, dubbed: UUID) -> None:
    url = dora.job(dubbed)["download_urls"]["pt"]["voice"]
    with dora.harness.clock.later(minutes=14):
        assert dora.anonymous.get(url).status_code == 200
    with dora.harness.clock.later(minutes=16):
        reply = dora.anonymous.get(url)
        assert (reply.status_code, reply.json()["error"]) == (410, "link_expired")
        fresh = dora.job(dubbed)["download_urls"]["pt"]["voice"]
        assert dora.anonymous.get(fresh).status_code == 200


def test_no_link_outlasts_its_file(dora: ApiUser, dubbed: UUID) -> None:
    expires_at = datetime.fromisoformat(dora.job(dubbed)["expires_at"])
    left_s = (expires_at - datetime.now(UTC)).total_seconds()
    with dora.harness.clock.later(seconds=left_s - 300):
        job = dora.http.get(f"/api/jobs/{dubbed}").json()
        url = job["download_urls"]["pt"]["voice"]
        assert dora.anonymous.get(url).status_code == 200
    with dora.harness.clock.later(seconds=left_s + 60):
        assert dora.anonymous.get(url).status_code == 410


def test_a_one_time_link_works_once(dora: ApiUser, dubbed: UUID) -> None:
    links = _once(dora, dubbed)
    assert len(links) == len(dora.job(dubbed)["files"])
    for link in links:
        assert contract.stamp(link["expires_at"])
        reply = dora.anonymous.get(link["url"], follow_redirects=True)
        assert hashlib.sha256(reply.content).hexdigest() == link["sha256"]
        again = dora.anonymous.get(link["url"])
        assert (again.status_code, again.json()["error"]) == (410, "link_used")
        assert again.json()["message"].startswith("This link works once")
        assert again.headers["access-control-allow-origin"] == ORIGIN


def test_looking_at_a_one_time_link_does_not_use_it(dora: ApiUser, dubbed: UUID) -> None:
    url = _once(dora, dubbed)[0]["url"]
    for method in ("HEAD", "OPTIONS"):
        dora.anonymous.request(method, url)
    assert dora.anonymous.get(url).status_code == 307


def test_a_one_time_link_used_by_many_at_once_works_once(dora: ApiUser, dubbed: UUID) -> None:
    url = _once(dora, dubbed)[0]["url"]
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(lambda _: dora.anonymous.get(url).status_code, range(8)))
    assert statuses == [307] + [410] * 7


def test_a_one_time_link_expires(dora: ApiUser, dubbed: UUID) -> None:
    url = _once(dora, dubbed)[0]["url"]
    with dora.harness.clock.later(minutes=16):
        assert dora.anonymous.get(url).status_code == 410


def test_the_file_behind_a_one_time_link_is_there_for_a_minute(dora: ApiUser, dubbed: UUID) -> None:
    target = dora.anonymous.get(_once(dora, dubbed)[0]["url"]).headers["location"]
    with dora.harness.clock.later(seconds=50):
        assert dora.anonymous.get(target).status_code == 200
    with dora.harness.clock.later(seconds=70):
        assert dora.anonymous.get(target).status_code == 410


@pytest.mark.parametrize("token", ["x" * 43, "A" * 20, "-_" * 20])
def test_a_token_nobody_gave(dora: ApiUser, token: str) -> None:
    assert dora.anonymous.get(f"/api/downloads/{token}").status_code == 410


@pytest.mark.parametrize("token", ["short", "x" * 101, "a.b" * 10, "%2e%2e%2f" * 4])
def test_what_is_no_token(dora: ApiUser, token: str) -> None:
    assert dora.anonymous.get(f"/api/downloads/{token}").status_code in (400, 404)


@pytest.mark.parametrize("kind", ["voice", "full", "captions"])
def test_one_file_of_one_language(dora: ApiUser, dubbed: UUID, kind: str) -> None:
    reply = dora.http.get(f"/api/jobs/{dubbed}/download?lang=es&type={kind}")
    assert reply.status_code == 307
    wanted = dora.job(dubbed)["download_urls"]["es"][kind]
    assert reply.headers["location"].split("?")[0] == wanted.split("?")[0]
    assert dora.anonymous.get(reply.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("lang=es", 400, "bad_field"),
        ("type=full", 400, "bad_field"),
        ("lang=es&type=video", 400, "invalid_request"),
        ("lang=de&type=full", 404, "file_not_there"),
        ("lang=%00&type=full", 404, "file_not_there"),
        ("lang=..%2F..&type=voice", 404, "file_not_there"),
    ],
)
def test_files_that_are_not_there(
    dora: ApiUser, dubbed: UUID, query: str, status: int, code: str
) -> None:
    reply = dora.http.get(f"/api/jobs/{dubbed}/download?{query}")
    assert (reply.status_code, reply.json()["error"]) == (status, code)


def test_files_of_a_job_that_has_none_yet(ann: ApiUser) -> None:
    job_id = ann.queued("pt", background=False)
    files = ann.http.get(f"/api/jobs/{job_id}/download").json()
    assert files == {"job_id": str(job_id), "links": []}
    assert ann.http.get(f"/api/jobs/{job_id}/download?lang=pt&type=voice").status_code == 404


def test_the_history_of_downloads(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    assert ann.http.get("/api/downloads").json() == []
    links = ann.job(job_id)["download_urls"]["pt"]
    for kind in ("voice", "full", "captions", "voice"):
        ann.anonymous.get(links[kind])
    rows = ann.http.get("/api/downloads").json()
    assert all(map(contract.DOWNLOAD, rows))
    assert [row["file_type"] for row in rows] == ["voice", "captions", "full"]
    assert rows[0] == rows[0] | {
        "job_id": str(job_id),
        "job_title": "talk.wav",
        "language_code": "pt",
        "language_name": "Portuguese",
        "file_name": "talk.pt.voice.mp3",
        "is_expired": False,
    }
    assert ann.anonymous.get(rows[0]["download_url"]).status_code == 200
    ann.http.delete(f"/api/jobs/{job_id}")
    expired = ann.http.get("/api/downloads").json()
    assert all(map(contract.DOWNLOAD, expired))
    assert {(row["is_expired"], row["download_url"]) for row in expired} == {(True, None)}


def test_another_methods_link_is_none(dora: ApiUser, dubbed: UUID) -> None:
    url = dora.job(dubbed)["download_urls"]["pt"]["voice"]
    reply: httpx.Response = dora.anonymous.put(url, content=b"x")
    assert (reply.status_code, reply.json()["error"]) == (403, "bad_signature")
