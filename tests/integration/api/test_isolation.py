"""User B gets nothing of A's: every route of the OpenAPI document, with A's ids."""

from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.routes import operations

OWN = {"token", "folder", "name", "upload_id"}
"""Parameters of links, which carry a right of their own and belong to nobody."""

BODIES: dict[str, Any] = {
    "POST /api/jobs": {"languages": ["pt"], "voice_track_uploaded": True},
    "PUT /api/users/me": {"fullName": "B"},
    "PATCH /api/jobs/{job_id}": {"title": "B"},
    "PATCH /api/jobs/{job_id}/languages/{language}/lines": {"lines": {"1": {"text": "B"}}},
    "POST /api/jobs/{job_id}/languages/{language}/lines": {
        "text": "B",
        "start_ms": 0,
        "end_ms": 900,
    },
    "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/split": {"at": 1},
}
SAID: dict[str, object] = {"language": "pt", "number": 1, "line": 1}
"""What else addresses hold."""


@pytest.fixture
def owned(ann: ApiUser) -> dict[str, UUID]:
    """Everything of A's that has an id."""
    job_id = ann.dubbed("pt")
    ann.anonymous.get(ann.job(job_id)["download_urls"]["pt"]["voice"])
    (download,) = ann.http.get("/api/downloads").json()
    (task,) = ann.harness.rows(
        "select id from ytdubber.language_tasks where job_id = :id", id=job_id
    )
    file = ann.job(job_id)["files"][0]["id"]
    ids = {"job": job_id, "download": UUID(download["id"]), "file": UUID(file), "user": ann.id}
    return ids | {"task": UUID(str(task[0]))}


def _addresses(ann: ApiUser) -> Iterator[tuple[str, str, list[str]]]:
    """Method, path and names of the ids of every route that takes one of A's."""
    for method, path, operation in operations(ann.harness.app):
        found = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
        names = [name for name in found if name not in SAID]
        if names and not set(names) & OWN:
            yield method, path, names


def test_every_route_with_an_id_knows_nothing_of_another_users(
    ann: ApiUser, bob: ApiUser, owned: dict[str, UUID]
) -> None:
    before = ann.job(owned["job"])
    asked = 0
    for method, path, names in _addresses(ann):
        for ids in product(owned.values(), repeat=len(names)):
            url = path.format(**dict(zip(names, ids, strict=True)), **SAID)
            reply = _ask(bob, method, url, BODIES.get(f"{method} {path}", {}))
            assert reply.status_code in (403, 404), (method, url, reply.text)
            assert not any(str(each) in reply.text for each in owned.values())
            asked += 1
    assert asked >= 20
    after = ann.job(owned["job"])
    assert (before["status"], before["updated_at"]) == (after["status"], after["updated_at"])


def test_queries_of_a_job_of_somebody_else(bob: ApiUser, owned: dict[str, UUID]) -> None:
    url = f"/api/jobs/{owned['job']}/download?lang=pt&type=full"
    assert bob.http.get(url).status_code == 404


def test_ids_in_bodies_are_not_somebody_elses_either(bob: ApiUser, owned: dict[str, UUID]) -> None:
    for name, body in BODIES.items():
        method, path = name.split()
        if method == "POST" and "{" not in path:
            reply = _ask(bob, method, path, body | {"job_id": str(owned["job"])})
            assert (reply.status_code, reply.json()["error"]) == (404, "job_not_found")


def test_lists_hold_nothing_of_somebody_else(
    ann: ApiUser, bob: ApiUser, owned: dict[str, UUID]
) -> None:
    for method, path, operation in operations(ann.harness.app):
        if method != "GET" or "{" in path or not operation.get("security"):
            continue
        reply = bob.http.get(path)
        assert reply.status_code in (200, 403), path
        assert not any(str(each) in reply.text for each in owned.values()), path


def test_a_cursor_of_somebody_else_job_leads_nowhere(ann: ApiUser, bob: ApiUser) -> None:
    for _ in range(2):
        ann.queued("pt", background=False)
    url = ann.http.get("/api/jobs?limit=1").links["next"]["url"]
    assert len(ann.http.get(url).json()) == 1
    assert bob.http.get(url).json() == []


def test_the_database_itself_keeps_them_apart(ann: ApiUser, bob: ApiUser) -> None:
    job = ann.uploaded("pt", background=False)
    assert bob.submit(job).status_code == 404
    assert ann.submit(job).status_code == 200
    assert bob.http.get(f"/api/jobs/{job['job_id']}/events").status_code == 404


def _ask(who: ApiUser, method: str, url: str, body: dict[str, Any]) -> httpx.Response:
    return who.http.request(method, url, json=body if method in ("PATCH", "POST", "PUT") else None)
