"""What no web client sends: refused in our shape or taken as it is, and never an error of ours."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.api.api_user import ApiUser
from tests.integration.api.routes import operations
from tests.waiting import PATIENCE_S

from ytdubber.domain.printable import file_name

MIB = 2**20
CALLS = [
    ("POST", "/api/jobs/upload-urls"),
    ("POST", "/api/jobs"),
    ("POST", "/api/jobs/quote"),
    ("PUT", "/api/users/me"),
    ("POST", "/api/launch"),
]


def _refused(reply: httpx.Response, *statuses: int) -> str:
    """Its code, once it is one of ours."""
    assert reply.status_code in (statuses or range(400, 500)), reply.text
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["access-control-allow-origin"]
    body = reply.json()
    assert isinstance(body["message"], str)
    return str(body["error"])


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_body_over_a_mebibyte(ann: ApiUser, method: str, path: str) -> None:
    body = json.dumps({"languages": ["pt"], "voice_track_name": "a" * MIB}).encode()
    assert _refused(ann.http.request(method, path, content=body), 413) == "too_large"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_body_over_a_mebibyte_in_chunks(ann: ApiUser, method: str, path: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"languages": ["pt"], "voice_track_name": "'
        yield from (b"a" * 65_536 for _ in range(20))

    assert _refused(ann.http.request(method, path, content=chunks()), 413) == "too_large"


def test_a_body_of_a_mebibyte_is_read(ann: ApiUser) -> None:
    padding = " " * (MIB - 100)
    body = f'{{"fullName": "Ann"{padding}}}'.encode()
    assert ann.http.put("/api/users/me", content=body).json()["fullName"] == "Ann"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe{\x00}\x00",
        b'{"a": \xff}',
        b"[" * 100_000,
        b'{"languages":' * 5_000,
        b"1" * 5_000,
        b'{"languages": [1e999], "voice_track_name": NaN}',
        b'{"languages": ["pt"], "languages": 5, "voice_track_name": "a"}',
    ],
)
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_bodies_that_are_none(ann: ApiUser, method: str, path: str, body: bytes) -> None:
    reply = ann.http.request(method, path, content=body)
    if path != "/api/users/me" or reply.status_code != 200:  # where any object is one
        _refused(reply)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data", ""]
)
def test_bodies_of_another_type(ann: ApiUser, content_type: str) -> None:
    body = b'{"languages": ["pt"], "voice_track_name": "a"}'
    headers = {"Content-Type": content_type}
    _refused(ann.http.post("/api/jobs/upload-urls", content=body, headers=headers))


ODD = [
    "\ud800",
    "a\udfff",
    "a\x00b",
    "\x00",
    "\u202e\u2066gnp.exe",
    "\ufeff",
    "../../etc/passwd",
    "..\\..\\windows",
    "'; drop table users; --",
    "<script>alert(1)</script>",
    "%s %n %x",
    "😀" * 60,
    "e\u0301" * 100,
    "\r\nSet-Cookie: a=b",
    " ",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_is_stored_as_it_is_or_refused(ann: ApiUser, odd: str) -> None:
    reply = ann.http.put("/api/users/me", content=json.dumps({"fullName": odd}).encode())
    if reply.status_code == 200:
        assert reply.json()["fullName"] == (odd.strip() or None)
    else:
        assert _refused(reply, 400) == "invalid_request"
    _announced(ann, {"voice_track_name": odd, "title": odd})
    _announced(ann, {"voice_track_name": "a.wav", "voices": {"pt": odd}})
    _announced(ann, {"voice_track_name": "a.wav", "voice_track": {"type": odd}})
    _announced(ann, {"voice_track_name": "a.wav", "languages": [odd]})


def _announced(ann: ApiUser, more: dict[str, Any]) -> None:
    body = {"languages": ["pt"]} | more
    reply = ann.http.post("/api/jobs/upload-urls", content=json.dumps(body).encode())
    if reply.status_code != 200:
        _refused(reply, 400, 415)
        return
    links = reply.json()["upload_urls"]
    path = urlsplit(links["voice_track"]).path
    assert path.count("/") == 3
    assert ".." not in path


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_name_comes_back_in_the_job_alone(ann: ApiUser, odd: str) -> None:
    body = {"languages": ["pt"], "voice_track_name": odd}
    reply = ann.http.post("/api/jobs/upload-urls", content=json.dumps(body).encode())
    if reply.status_code == 200:
        assert ann.job(reply.json()["job_id"])["title"] == file_name(odd.strip())


IDS = [
    "..",
    "../..",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
    "%00",
    "%0a",
    "%ff",
    "%ed%a0%80",
    "1",
    "0" * 32 + "g",
    "a" * 5_000,
    "00000000-0000-0000-0000-000000000000%00",
    "{job_id}",
    "null",
    "%F0%9F%98%80",
]


@pytest.mark.parametrize("odd", IDS)
def test_ids_that_are_none(ann: ApiUser, odd: str) -> None:
    """Sent as they are, with no client that tidies them."""
    for method, path, _ in operations(ann.harness.app):
        if "{" not in path:
            continue
        parts = [odd if part.startswith("{") else part for part in path.split("/")]
        status = _raw(ann, method, "/".join(parts))
        # TUS says what it takes, and looks at how it is asked before it looks for whom.
        tus = (204, 412, 415) if path.startswith("/storage/upload/") else ()
        assert status in (400, 401, 403, 404, 405, 410, *tus), (method, path, status)


def _raw(ann: ApiUser, method: str, target: str) -> int:
    url = urlsplit(ann.harness.url)
    headers = f"Host: {url.netloc}\r\nAuthorization: {ann.http.headers['authorization']}\r\n"
    request = (
        f"{method} {target} HTTP/1.1\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=PATIENCE_S) as link:
        link.sendall(request.encode())
        line = link.makefile("rb").readline()
    return int(line.split()[1])


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "99999999999999999999"])
def test_a_length_that_is_none(ann: ApiUser, length: str) -> None:
    url = urlsplit(ann.harness.url)
    head = f"POST /api/jobs HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: {length}\r\n"
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=PATIENCE_S) as link:
        link.sendall(f"{head}Connection: close\r\n\r\n".encode())
        line = link.makefile("rb").readline()
    assert int(line.split()[1]) in (400, 401, 413)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=-1", "limit=101", "limit=x", "limit=1e3", "cursor=" + "a" * 201],
)
def test_queries_that_are_none(ann: ApiUser, query: str) -> None:
    assert _refused(ann.http.get(f"/api/jobs?{query}"), 400) in ("invalid_request", "bad_field")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = {
    "/api/jobs/upload-urls": (
        "languages",
        "voice_track_name",
        "background_track_name",
        "content_types",
        "voice_track",
        "background_track",
        "source_language",
        "formats",
        "voices",
        "voice_tier",
        "loudness",
        "ducking",
        "title",
    ),
    "/api/jobs": ("job_id", "languages", "voice_track_uploaded", "background_track_uploaded"),
}
GOOD: dict[str, dict[str, Any]] = {
    "/api/jobs/upload-urls": {"languages": ["pt"], "voice_track_name": "a.wav"},
    "/api/jobs": {"job_id": str(uuid4()), "languages": ["pt"]},
}


@pytest.mark.parametrize("path", GOOD)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_value_in_any_field(ann: ApiUser, path: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(FIELDS[path]))
    body = GOOD[path] | {field: data.draw(JSON)}
    reply = ann.http.post(path, content=json.dumps(body).encode())
    if reply.status_code != 200:
        _refused(reply, 400, 404, 413, 415)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(token=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200))
def test_any_token(ann: ApiUser, token: str) -> None:
    for path in ("/api/jobs", "/api/users/me"):
        reply = ann.anonymous.get(path, headers={"Authorization": f"Bearer {token}"})
        assert _refused(reply, 401) == "unauthorized"
    assert ann.anonymous.get(f"/api/downloads/{token}").status_code in (400, 401, 404, 405, 410)
