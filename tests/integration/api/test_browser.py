"""What a browser asks before it lets the web page call, and what it lets the page read."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, voice
from tests.integration.api.harness import ORIGIN, ApiHarness
from tests.integration.api.routes import filled, operations
from tests.plain_http import NO_TLS


def preflight(
    harness: ApiHarness, method: str, url: str, headers: str, origin: str = ORIGIN
) -> httpx.Response:
    return httpx.options(
        url if url.startswith("http") else harness.url + url,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers,
        },
        verify=NO_TLS,
    )


def test_every_route_is_open_to_the_web_page(harness: ApiHarness) -> None:
    seen = 0
    for method, path, _ in operations(harness.app):
        if method == "HEAD":  # which no preflight asks for
            continue
        for slash in ("", "/"):
            url = filled(path, uuid4()) + slash
            reply = preflight(harness, method, url, "authorization,content-type")
            seen += 1
            assert reply.status_code == 200, (method, path)
            assert reply.headers["access-control-allow-origin"] == ORIGIN
            assert method in reply.headers["access-control-allow-methods"]
            allowed = reply.headers["access-control-allow-headers"].lower()
            assert "authorization" in allowed
            assert "content-type" in allowed
            assert int(reply.headers["access-control-max-age"]) > 0
    assert seen > 30


def test_storage_links_are_open_to_the_web_page(ann: ApiUser, dora: ApiUser, dubbed: UUID) -> None:
    upload = ann.announce("pt")["upload_urls"]["voice_track"]
    assert preflight(ann.harness, "PUT", upload, "content-type").status_code == 200
    reply = ann.put(upload, voice())
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, ORIGIN)
    download = dora.job(dubbed)["download_urls"]["pt"]["voice"]
    assert preflight(ann.harness, "GET", download, "range").status_code == 200
    exposed = dora.anonymous.get(download).headers["access-control-expose-headers"]
    assert {"Content-Length", "Content-Disposition"} <= set(exposed.split(", "))


def test_live_events_are_open_to_the_web_page(harness: ApiHarness) -> None:
    reply = preflight(harness, "GET", f"/api/jobs/{uuid4()}/events", "authorization,last-event-id")
    assert reply.status_code == 200


def test_another_web_page_is_not_let_in(harness: ApiHarness, ann: ApiUser) -> None:
    reply = preflight(harness, "GET", "/api/jobs", "authorization", origin="https://evil.example")
    assert reply.status_code == 400
    assert "access-control-allow-origin" not in reply.headers
    answered = ann.http.get("/api/jobs", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answered.headers


def assert_told(reply: httpx.Response, status: int, code: str) -> None:
    """An error in the contract's shape that the page can read."""
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    body: dict[str, Any] = reply.json()
    assert body["error"] == code
    assert isinstance(body["message"], str)
    assert body["message"].endswith(".")
    assert set(body) - {"details"} == {"error", "message", "request_id"}


def test_errors_can_be_read_by_the_web_page(ann: ApiUser) -> None:
    assert_told(ann.anonymous.get("/api/jobs"), 401, "unauthorized")
    assert_told(ann.http.get(f"/api/jobs/{uuid4()}"), 404, "job_not_found")
    assert_told(ann.http.get("/api/jobs/none"), 404, "not_found")
    assert_told(ann.http.get("/nowhere"), 404, "not_found")
    assert_told(ann.http.patch("/api/jobs"), 405, "method_not_allowed")
    assert_told(ann.http.post("/api/jobs/", content=b"{"), 400, "invalid_request")
    assert_told(ann.anonymous.get(f"/storage/{uuid4()}/{uuid4()}"), 403, "bad_signature")
    ann.harness.reads.broken = True
    try:
        reply = ann.http.get("/api/users/me/stats")
    finally:
        ann.harness.reads.broken = False
    assert_told(reply, 500, "internal_error")
    assert "hunter2" not in reply.text


def test_every_route_that_wants_a_user_says_so(harness: ApiHarness, ann: ApiUser) -> None:
    for method, path, operation in operations(harness.app):
        if not operation.get("security"):
            continue
        url = filled(path, uuid4())
        body = b"{}" if method in ("POST", "PUT") else None
        for token in ("", "Bearer x.y.z"):
            headers = {"Authorization": token} if token else {}
            reply = ann.anonymous.request(method, url, content=body, headers=headers)
            if reply.status_code == 503:  # what is not set up is so for everybody
                assert_told(reply, 503, "payments_not_configured")
                continue
            assert_told(reply, 401, "unauthorized")
            assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/jobs", "/api/users/me", "/api/downloads"])
def test_a_user_is_told_from_another_by_the_token_alone(
    harness: ApiHarness, ann: ApiUser, path: str
) -> None:
    token = harness.token(ann.id, "someone@example.org")
    reply = ann.anonymous.get(path, headers={"Cookie": f"access_token={token}"})
    assert reply.status_code == 401
