"""A dub is heard by whoever has a link to it, as long as its owner wants, and nothing else is."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness

from ytdubber.app.downloads.share_dub import MOST


@pytest.fixture(scope="module")
def dubbed(dora: ApiUser) -> UUID:
    """A job of Dora's in two languages."""
    return dora.dubbed("pt", "es", title="Morning talk")


@pytest.fixture
def link(dora: ApiUser, dubbed: UUID) -> Any:
    return share(dora, dubbed)


def share(who: ApiUser, job_id: UUID, **more: object) -> Any:
    reply = who.http.post(f"/api/jobs/{job_id}/languages/pt/shares", json=more)
    assert reply.status_code == 201, reply.text
    return reply.json()


def token(link: Any) -> str:
    page, _, found = link["url"].partition("#")
    assert page.endswith("/shared")
    return str(found)


def opened(who: ApiUser, link: Any) -> Any:
    return who.anonymous.get(f"/api/shared/{token(link)}")


def test_whoever_has_the_link_hears_one_language_and_no_more(
    dora: ApiUser, dubbed: UUID, link: Any
) -> None:
    reply = opened(dora, link)
    assert reply.status_code == 200, reply.text
    dub = reply.json()
    shown = (dub["title"], dub["language_name"], dub["kind"], dub["mime"])
    assert shown == ("Morning talk", "Portuguese", "sound", "audio/mpeg")
    files = {each["path"]: each for each in dora.job(dubbed)["files"]}
    for url, path in ((dub["url"], "pt/mix.mp3"), (dub["captions_url"], "pt/captions.vtt")):
        heard = dora.anonymous.get(url)
        assert heard.status_code == 200
        assert hashlib.sha256(heard.content).hexdigest() == files[path]["sha256"]
    assert dub.keys() == {
        "title", "language", "language_name", "kind", "mime", "url", "captions_url", "duration_s",
        "expires_at",
    }  # fmt: skip
    part = dora.anonymous.get(dub["url"], headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)


def test_its_token_is_nowhere_but_in_it(
    harness: ApiHarness, dora: ApiUser, dubbed: UUID, link: Any
) -> None:
    (row,) = harness.rows("select * from ytdubber.share_links where id = :id", id=link["id"])
    assert token(link) not in str(row)
    assert hashlib.sha256(token(link).encode()).hexdigest() in row
    listed = dora.http.get(f"/api/jobs/{dubbed}/shares").json()
    assert token(link) not in str(listed)
    assert link.items() >= listed[-1].items()


def test_what_is_taken_back_plays_no_more(dora: ApiUser, dubbed: UUID, link: Any) -> None:
    address = f"/api/jobs/{dubbed}/shares/{link['id']}"
    url = opened(dora, link).json()["url"]
    assert dora.http.delete(address).status_code == 204
    refused = opened(dora, link)
    assert (refused.status_code, refused.json()["error"]) == (410, "share_over")
    again = dora.http.delete(address)
    assert (again.status_code, again.json()["error"]) == (404, "share_not_found")
    with dora.harness.clock.later(minutes=6):
        assert dora.anonymous.get(url).status_code == 410


def test_it_ends_by_itself_and_with_the_files_at_the_latest(harness: ApiHarness) -> None:
    with api_user(harness) as ann:
        job_id = ann.dubbed("pt")
        short, long = share(ann, job_id, hours=1), share(ann, job_id, hours=48)
        ends = datetime.fromisoformat(ann.job(job_id)["expires_at"])
        assert datetime.fromisoformat(long["expires_at"]) <= ends
        url = opened(ann, short).json()["url"]
        with harness.clock.later(minutes=61):
            assert opened(ann, short).status_code == 410
            assert opened(ann, long).status_code == 200
            assert ann.anonymous.get(url).status_code == 410
        listed = ann.http.get(f"/api/jobs/{job_id}/shares").json()
        assert [each["id"] for each in listed] == [short["id"], long["id"]]


def test_a_deleted_job_is_heard_by_nobody(harness: ApiHarness) -> None:
    with api_user(harness) as ann:
        job_id = ann.dubbed("pt")
        link = share(ann, job_id)
        assert ann.http.delete(f"/api/jobs/{job_id}").status_code == 204
        assert opened(ann, link).status_code == 410
        count = "select count(*) from ytdubber.share_links where job_id = :id"
        assert harness.rows(count, id=job_id) == [(0,)]


def test_only_its_owner_shares_lists_and_takes_back(
    harness: ApiHarness, dora: ApiUser, dubbed: UUID, link: Any
) -> None:
    shares = f"/api/jobs/{dubbed}/shares"
    with api_user(harness) as eve:
        refused = (
            eve.http.post(f"/api/jobs/{dubbed}/languages/pt/shares", json={}),
            eve.http.get(shares),
            eve.http.delete(f"{shares}/{link['id']}"),
        )
    assert [(each.status_code, each.json()["error"]) for each in refused] == [
        (404, "job_not_found")
    ] * 3
    assert dora.anonymous.get(shares).status_code == 401
    assert opened(dora, link).status_code == 200


def test_what_cannot_be_shared_is_refused(harness: ApiHarness, dora: ApiUser, dubbed: UUID) -> None:
    into = f"/api/jobs/{dubbed}/languages"
    reply = dora.http.post(f"{into}/fr/shares", json={})
    assert (reply.status_code, reply.json()["error"]) == (409, "language_not_complete")
    for hours in (0, 49, "24"):
        reply = dora.http.post(f"{into}/pt/shares", json={"hours": hours})
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")
    unknown = dora.anonymous.get(f"/api/shared/{uuid4().hex}")
    assert (unknown.status_code, unknown.json()["error"]) == (410, "share_over")
    with api_user(harness) as ann:
        job_id = ann.dubbed("pt")
        for _ in range(MOST):
            last = share(ann, job_id)
        reply = ann.http.post(f"/api/jobs/{job_id}/languages/pt/shares", json={})
        assert (reply.status_code, reply.json()["error"]) == (400, "too_many_shares")
        ann.http.delete(f"/api/jobs/{job_id}/shares/{last['id']}")
        share(ann, job_id)
