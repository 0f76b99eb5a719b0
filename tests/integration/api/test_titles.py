"""Jobs that are called otherwise, and found by what they are called."""

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, api_user


def titles(reply: httpx.Response) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [job["title"] for job in reply.json()]


def test_a_job_is_called_otherwise_and_its_files_too(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    assert titles(ann.http.get("/api/jobs")) == ["talk.wav"]
    reply = ann.http.patch(f"/api/jobs/{job_id}", json={"title": "  Café \u202e talk "})
    assert reply.status_code == 200, reply.text
    title = reply.json()["title"]
    assert title.startswith("Café")
    assert "\u202e" not in title
    assert ann.job(job_id)["title"] == title
    assert titles(ann.http.get("/api/jobs")) == [title]
    link = next(file["url"] for file in ann.job(job_id)["files"] if file["kind"] == "mix")
    named = ann.anonymous.get(link).headers["Content-Disposition"]
    assert "Caf" in named


@pytest.mark.parametrize("title", ["", None, 7])
def test_a_job_is_called_something(ann: ApiUser, title: object) -> None:
    job_id = ann.queued("pt")
    assert ann.http.patch(f"/api/jobs/{job_id}", json={"title": title}).status_code == 400
    assert ann.job(job_id)["title"] == "talk.wav"


def test_nobody_renames_the_job_of_another_or_one_that_is_gone(ann: ApiUser) -> None:
    job_id = ann.queued("pt")
    with api_user(ann.harness, email="eve@example.org") as eve:
        assert eve.http.patch(f"/api/jobs/{job_id}", json={"title": "Mine"}).status_code == 404
    assert ann.job(job_id)["title"] == "talk.wav"
    assert ann.http.delete(f"/api/jobs/{job_id}").status_code == 204
    assert ann.http.patch(f"/api/jobs/{job_id}", json={"title": "Mine"}).status_code == 404


def test_jobs_are_found_by_a_part_of_their_title_page_by_page(ann: ApiUser) -> None:
    for title in ("Über Äpfel 100%", "Pears & plums", "über alles", "Rain"):
        ann.queued("pt", title=title)
    found = ann.http.get("/api/jobs", params={"title": "ÜBER", "limit": 1})
    assert titles(found) == ["über alles"]
    rest = ann.http.get(found.links["next"]["url"])
    assert titles(rest) == ["Über Äpfel 100%"]
    assert "next" not in rest.links
    assert titles(ann.http.get("/api/jobs", params={"title": "0%"})) == ["Über Äpfel 100%"]
    assert titles(ann.http.get("/api/jobs", params={"title": "& p"})) == ["Pears & plums"]
    assert titles(ann.http.get("/api/jobs", params={"title": "_"})) == []
