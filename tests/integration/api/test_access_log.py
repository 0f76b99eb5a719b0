"""One line a request, under the id that its client gets back."""

import re
from uuid import uuid4

import httpx
import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ORIGIN, ApiHarness
from tests.log_lines import Lines, written
from tests.plain_http import NO_TLS
from tests.waiting import eventually


def _only(lines: Lines) -> dict[str, object]:
    assert eventually(lambda: bool(lines.of("http.request")))  # it is written after the answer
    (line,) = lines.of("http.request")
    return line


def test_a_request_is_told_with_its_route_and_who_asked_for_what(ann: ApiUser) -> None:
    job_id = ann.announce("pt")["job_id"]
    with written() as lines:
        reply = ann.http.get(f"/api/jobs/{job_id}?secret=1")
        line = _only(lines)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/jobs/{job_id}", 200)
    assert (line["job_id"], line["user_id"]) == (job_id, str(ann.id))
    assert line["request_id"] == reply.headers["x-request-id"]
    assert isinstance(line["duration_ms"], float)
    assert "secret" not in lines.text


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("POST", "/api/jobs/", "/api/jobs"),
        ("HEAD", "/api/jobs/{job}/", "/api/jobs/{job_id}"),
        ("GET", "/api/jobs/not-an-id", "-"),
        ("GET", "/api/downloads/{job}SECRET", "/api/downloads/{token}"),
        ("GET", "/storage/upload/SECRET?token=SECRET", None),
        ("GET", "/SECRET", "-"),
        ("PURGE", "/api/jobs", None),
        ("OPTIONS", "/api/jobs", "-"),
    ],
)
def test_the_route_stands_for_the_address(
    ann: ApiUser, method: str, path: str, route: str | None
) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    with written() as lines:
        reply = ann.http.request(method, path.replace("{job}", str(uuid4())), headers=headers)
        line = _only(lines)
    assert line["status"] == reply.status_code
    assert line["method"] == (method if method != "PURGE" else "other")
    if route:
        assert line["route"] == route
    assert "SECRET" not in lines.text
    assert "not-an-id" not in lines.text


GOOD = ["0123456789abcdef", "7e0b2c50-1b1c-4d6f-9c0e-3a5d2f1e8b47", "a.b-c_d1", "x" * 64]
BAD = ["short", "x" * 65, "with space 12", "me@example.org", "-begins-so", "a\u00e9bcdefgh", ""]


@pytest.mark.parametrize("given", GOOD)
def test_a_client_may_name_its_request(harness: ApiHarness, given: str) -> None:
    reply = httpx.get(f"{harness.url}/api/jobs", headers={"X-Request-Id": given}, verify=NO_TLS)
    assert reply.headers["x-request-id"] == given
    assert reply.json()["request_id"] == given
    assert reply.json()["error"] == "unauthorized"


@pytest.mark.parametrize("given", BAD)
def test_any_other_name_is_replaced(harness: ApiHarness, given: str) -> None:
    headers = {"X-Request-Id": given.encode("latin-1")}
    with written() as lines:
        reply = httpx.get(f"{harness.url}/api/jobs", headers=headers, verify=NO_TLS)  # type: ignore[arg-type]  # httpx takes bytes
        line = _only(lines)
    assert re.fullmatch("[0-9a-f]{32}", reply.headers["x-request-id"])
    assert line["request_id"] == reply.headers["x-request-id"]
    assert not given or given not in lines.text


def test_two_names_are_none(harness: ApiHarness) -> None:
    headers = [("X-Request-Id", "0123456789"), ("X-Request-Id", "9876543210")]
    reply = httpx.get(f"{harness.url}/health", headers=headers, verify=NO_TLS)
    assert re.fullmatch("[0-9a-f]{32}", reply.headers["x-request-id"])


def test_each_request_of_a_connection_has_ids_of_its_own(harness: ApiHarness, ann: ApiUser) -> None:
    with written() as lines, httpx.Client(base_url=harness.url, verify=NO_TLS) as http:
        headers = {"Authorization": ann.http.headers["Authorization"]}
        job_id = ann.announce("pt")["job_id"]
        for _ in range(2):
            assert http.get(f"/api/jobs/{job_id}", headers=headers).status_code == 200
            assert http.get("/api/languages").status_code == 200
        assert eventually(lambda: len(lines.of("http.request")) == 5)
    asked = lines.of("http.request")
    assert len({line["request_id"] for line in asked}) == 5
    open_to_all = [line for line in asked if line["route"] == "/api/languages"]
    assert all("user_id" not in line and "job_id" not in line for line in open_to_all)


def test_pages_may_send_and_read_the_id(harness: ApiHarness) -> None:
    headers = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-request-id",
    }
    asked = httpx.options(f"{harness.url}/api/jobs", headers=headers, verify=NO_TLS)
    assert "x-request-id" in asked.headers["access-control-allow-headers"].lower()
    reply = httpx.get(f"{harness.url}/api/jobs", headers={"Origin": ORIGIN}, verify=NO_TLS)
    assert "X-Request-Id" in reply.headers["access-control-expose-headers"]


def test_probes_are_told_only_when_asked_for(harness: ApiHarness) -> None:
    with written() as lines:
        for path in ("/health", "/ready", "/api/languages"):
            httpx.get(harness.url + path, verify=NO_TLS)
        assert _only(lines)["route"] == "/api/languages"
