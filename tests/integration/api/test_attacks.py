"""Requests that no client sends, byte by byte: each refused, or answered as one request; none an
error of ours, none two requests in one, and the service as well as before.
"""

import gzip
import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from tests.integration.api.api_user import ApiUser, api_user, voice
from tests.integration.api.harness import ApiHarness
from tests.integration.api.routes import operations

from ytdubber.domain import errors
from ytdubber.domain.errors import YtDubberError

EVIL = "evil.example"
ODD_HEADERS = {
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n",
    "two lengths in one": b"Content-Length: 2, 3\r\n",
    "a signed length": b"Content-Length: +2\r\n",
    "a length in hex": b"Content-Length: 0x2\r\n",
    "an endless length": b"Content-Length: 99999999999999999999999\r\n",
    "an odd coding": b"Transfer-Encoding: xchunked\r\n",
    "chunked before another": b"Transfer-Encoding: chunked, identity\r\n",
    "chunked twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n",
    "a folded header": b"X-Fold: a\r\n b: c\r\nContent-Length: 0\r\n",
    "a NUL in a header": b"X-Nul: a\x00b\r\nContent-Length: 0\r\n",
    "a bare CR in a header": b"X-Cr: a\rb\r\nContent-Length: 0\r\n",
    "a NUL in a name": b"X\x00Y: a\r\nContent-Length: 0\r\n",
    "no name": b": a\r\nContent-Length: 0\r\n",
    "a very long header": b"X-Long: " + b"a" * 200_000 + b"\r\nContent-Length: 0\r\n",
    "very many headers": b"X-Many: a\r\n" * 20_000 + b"Content-Length: 0\r\n",
    "bytes that are no text": b"X-Raw: \xff\xfe\x80\r\nContent-Length: 0\r\n",
}
BODIES = {
    "a chunk without a size": b"\r\nxx\r\n0\r\n\r\n",
    "a chunk of a negative size": b"-1\r\nxx\r\n0\r\n\r\n",
    "a chunk of an endless size": b"fffffffffffffffffff\r\nxx\r\n0\r\n\r\n",
    "a chunk longer than it says": b"1\r\nxx\r\n0\r\n\r\n",
}


@pytest.fixture(autouse=True)
def well(harness: ApiHarness, ann: ApiUser) -> Iterator[None]:
    """After each attack others are answered as before."""
    yield
    assert ann.http.get("/api/jobs").status_code == 200
    assert ann.anonymous.get("/ready").json()["status"] == "ready"


def _head(ann: ApiUser, method: str, target: str, more: bytes = b"", host: str = "") -> bytes:
    host = host or urlsplit(ann.harness.url).netloc
    token = ann.http.headers["authorization"]
    start = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\n"
    return start.encode() + b"Content-Type: application/json\r\n" + more + b"\r\n"


def _statuses(ann: ApiUser, sent: bytes) -> list[int]:
    """Of every answer on one connection, until the service closes it or waits for more."""
    url = urlsplit(ann.harness.url)
    came = b""
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=2) as link:
        try:
            link.sendall(sent)
            while part := link.recv(65_536):
                came += part
        except OSError:
            pass  # closed over what was still to be read, or open for more
    lines = [line for line in came.split(b"\r\n") if b"HTTP/1.1 " in line]
    return [int(line[line.index(b"HTTP/1.1 ") + 9 :][:3]) for line in lines]


def _refused(statuses: list[int]) -> None:
    assert len(statuses) == 1, statuses
    assert all(400 <= status < 500 for status in statuses), statuses


@pytest.mark.parametrize("name", ODD_HEADERS)
def test_odd_headers_are_refused_or_read_over(ann: ApiUser, name: str) -> None:
    statuses = _statuses(ann, _head(ann, "POST", "/api/jobs/quote", ODD_HEADERS[name]) + b"{}")
    _refused(statuses)


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_end_nowhere(ann: ApiUser, name: str) -> None:
    head = _head(ann, "POST", "/api/jobs/quote", b"Transfer-Encoding: chunked\r\n")
    _refused(_statuses(ann, head + BODIES[name]))


SMUGGLED = {
    "both, the length longer": (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n",
        b"0\r\n\r\n",
    ),
    "both, the coding first": (
        b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n",
        b"0\r\n\r\n",
    ),
    "both, the length none": (b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "two lengths": (b"Content-Length: 0\r\nContent-Length: %d\r\n", b""),
    "two lengths, turned": (b"Content-Length: %d\r\nContent-Length: 0\r\n", b""),
    "an odd coding": (b"Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
    "a coding after a tab": (b"Content-Length: 5\r\nTransfer-Encoding:\tchunked\r\n", b"0\r\n\r\n"),
    "a coding by capitals": (b"Content-Length: 5\r\nTransfer-Encoding: cHuNkEd\r\n", b"0\r\n\r\n"),
    "a length by a space": (b"Content-Length : 0\r\nContent-Length: %d\r\n", b""),
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_no_request_is_smuggled_in_the_body_of_another(ann: ApiUser, name: str) -> None:
    job_id = ann.announce("pt")["job_id"]
    headers, start = SMUGGLED[name]
    inner = _head(ann, "DELETE", f"/api/jobs/{job_id}")
    if b"%d" in headers:
        headers = headers % (len(start) + len(inner))
    statuses = _statuses(ann, _head(ann, "POST", "/api/jobs/quote", headers) + start + inner)
    _refused(statuses)
    assert ann.job(job_id)["status"] == "uploading"


@pytest.mark.parametrize(
    "host", [EVIL, f"{EVIL}:80", f"user@{EVIL}", "", "a" * 5_000, f"127.0.0.1#{EVIL}"]
)
def test_no_link_is_made_of_the_host_that_was_asked(dora: ApiUser, dubbed: UUID, host: str) -> None:
    more = f"X-Forwarded-Host: {EVIL}\r\nForwarded: host={EVIL}\r\nX-Forwarded-Proto: x\r\n"
    asked = [
        ("GET", f"/api/jobs/{dubbed}"),
        ("GET", f"/api/jobs/{dubbed}/download"),
        ("GET", f"/api/jobs/{dubbed}/download?lang=pt&type=voice"),
        ("GET", "/api/jobs?limit=1"),
        ("GET", f"http://{EVIL}/api/jobs/{dubbed}"),
    ]
    for method, target in asked:
        sent = _head(dora, method, target, more.encode() + b"Connection: close\r\n", host or " ")
        url = urlsplit(dora.harness.url)
        with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as link:
            link.sendall(sent)
            came = link.makefile("rb").read()
        assert EVIL.encode() not in came, (method, target)


def test_a_packed_body_is_not_unpacked(ann: ApiUser) -> None:
    bomb = gzip.compress(b'{"fullName": "' + b" " * 20_000_000 + b'"}')
    for coding in ("gzip", "deflate", "br", "x-gzip, gzip"):
        reply = ann.http.put("/api/users/me", content=bomb, headers={"Content-Encoding": coding})
        assert reply.status_code == 400
        assert reply.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    "body",
    [
        b'{"fullName": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"fullName": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
        b'{"fullName": ' + b"9" * 100_000 + b"}",
        b'{"fullName": 1e309}',
        b'{"fullName": -Infinity}',
        b'{"fullName": "\xed\xa0\x80"}',
        b'{"fullName": "\\ud800"}',
        b'{"fullName": "\\u0000"}',
        b'{"fullName": "a", "fullName": {"b": 1}}',
        b'\xef\xbb\xbf{"fullName": 5}',
        b'{"fullName": "a"} {"fullName": "b"}',
    ],
    ids=range(11),
)
def test_bodies_that_mean_harm(ann: ApiUser, body: bytes) -> None:
    reply = ann.http.put("/api/users/me", content=body)
    assert reply.status_code == 400, reply.text
    assert reply.json()["error"] == "invalid_request"


TYPES = ("text/html", "application/x-www-form-urlencoded", "image/svg+xml", "a" * 2_000, "\xff")


@pytest.mark.parametrize("content_type", TYPES)
def test_bodies_of_other_types_are_not_read(ann: ApiUser, content_type: str) -> None:
    headers = [(b"Content-Type", content_type.encode("latin-1"))]
    reply = ann.http.put("/api/users/me", content=b'{"fullName": "a"}', headers=headers)
    assert reply.status_code == 400
    assert ann.http.get("/api/users/me").json()["fullName"] is None


@pytest.mark.parametrize(
    "credential",
    [
        b"Bearer",
        b"Bearer \xff\xfe",
        b"Bearer " + b"a" * 60_000,
        b"Basic YTpi",
        b"Bearer a.b.c, Bearer d.e.f",
        b"Bearer " + b"." * 1_000,
        b"bearer\t%s",
        b"Bearer %00",
    ],
    ids=range(8),
)
def test_credentials_that_are_none(ann: ApiUser, credential: bytes) -> None:
    for path in ("/api/jobs", "/api/users/me", "/api/admin/costs"):
        reply = ann.anonymous.get(path, headers=[(b"Authorization", credential)])
        assert reply.status_code in (400, 401), path


TRAVERSAL = [
    "/storage/..%2f..%2fetc/passwd",
    "/storage/%2e%2e/%2e%2e%2fetc%2fpasswd",
    "/storage/....//....//etc/passwd",
    "/storage/..\\..\\windows/win.ini",
    "/storage//etc/passwd",
    "/storage/%00/%00",
    "/storage/{id}/..%2f{id}",
    "/storage/{id}/{id}%00.mp3",
    "/storage/{id}/{id}/../../{id}",
    "/storage/{ID}/{ID}",
    "/page/..%2f..%2fetc%2fpasswd",
    "/api/jobs/..%2f..%2fready",
]


@pytest.mark.parametrize("target", TRAVERSAL)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_no_path_leads_out_of_the_storage(ann: ApiUser, method: str, target: str) -> None:
    key = ann.announce("pt")["voice_track_path"].partition("/")[0]
    target = target.replace("{id}", key).replace("{ID}", key.upper())
    query = "?expires=9999999999&signature=x&type=audio/wav"
    sent = _head(ann, method, target + query, b"Connection: close\r\nContent-Length: 1\r\n") + b"x"
    (status,) = _statuses(ann, sent)
    assert status in (403, 404, 405), status


def test_no_name_of_a_file_becomes_a_header(ann: ApiUser) -> None:
    name = 'a"\r\nSet-Cookie: a=b\r\n\r\n<script>\u2028.wav'
    job_id = ann.queued("pt", voice_track_name=name, title=name, background=False)
    ann.harness.hands.dub(job_id)
    for file in ann.job(job_id)["files"]:
        reply = ann.anonymous.get(file["url"])
        told = reply.headers.get_list("content-disposition")
        assert len(told) == 1
        assert told[0].startswith('attachment; filename="')
        assert told[0].isascii()
        assert told[0].count('"') == 2
        assert not {"set-cookie", "location"} & set(reply.headers)
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_no_field_of_a_query_becomes_a_header(dora: ApiUser, dubbed: UUID) -> None:
    for odd in ("%0d%0aSet-Cookie:%20a=b", "pt%0d%0a%0d%0ax", "%00", "%ff"):
        for path in (
            f"/api/jobs/{dubbed}/download?lang={odd}&type=voice",
            f"/api/jobs?cursor={odd}",
        ):
            reply = dora.http.get(path)
            assert reply.status_code in (400, 404)
            assert "set-cookie" not in reply.headers


def test_a_link_and_its_signature_are_one(dora: ApiUser, dubbed: UUID, bob: ApiUser) -> None:
    """Nothing of a signed link can be changed, and none serves what another was made for."""
    first, second = (file["url"] for file in dora.job(dubbed)["files"][:2])
    path, _, query = first.partition("?")
    fields = query.split("&")
    changed = [
        second.partition("?")[0] + "?" + query,
        f"{path}?{query}&{query}",
        f"{path}?{query}&type=text/html",
        *(f"{path}?{'&'.join(fields[:n] + fields[n + 1 :])}" for n in range(len(fields))),
        *(
            f"{path}?{'&'.join([*fields[:n], each + '0', *fields[n + 1 :]])}"
            for n, each in enumerate(fields)
        ),
        f"{path}?{query.upper()}",
        f"{path}?{'&'.join(reversed(fields))}x",
    ]
    for url in changed:
        for who in (dora, bob):
            assert who.anonymous.get(url).status_code in (403, 404, 410), url
            assert who.anonymous.put(url, content=b"x").status_code in (403, 404, 410, 415), url
    assert dora.anonymous.get(first).status_code == 200


def test_links_end_with_their_job(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    job = ann.job(job_id)
    once = ann.http.get(f"/api/jobs/{job_id}/download").json()["links"]
    ann.http.delete(f"/api/jobs/{job_id}")
    for url in [*(file["url"] for file in job["files"]), *(link["url"] for link in once)]:
        for method in ("GET", "HEAD"):
            assert ann.anonymous.request(method, url).status_code in (404, 410), url


ROUNDS = 6


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_one_time_links_raced_for(dora: ApiUser, dubbed: UUID, bob: ApiUser, seed: int) -> None:
    """Everybody at once, looks among them: each link leads somewhere once."""
    urls = [each["url"] for each in dora.http.get(f"/api/jobs/{dubbed}/download").json()["links"]]
    tries = [(method, url) for url in urls for method in ("GET", "HEAD", "GET", "GET")]
    random.Random(seed).shuffle(tries)  # noqa: S311  # an order, no secret
    clients = (dora.anonymous, bob.anonymous)
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(clients[n % 2].request, method, url)
            for n, (method, url) in enumerate(tries)
        ]
        got = [
            url
            for (method, url), each in zip(tries, asked, strict=True)
            if method == "GET" and each.result().status_code == 307
        ]
    assert sorted(got) == sorted(urls)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_job_submitted_cancelled_and_deleted_at_once(ann: ApiUser, seed: int) -> None:
    """Whoever comes first, what is deleted is not queued, and what is queued is queued once."""
    job = ann.uploaded("pt", background=False)
    job_id = UUID(job["job_id"])
    calls = [
        lambda: ann.submit(job),
        lambda: ann.submit(job),
        lambda: ann.http.post(f"/api/jobs/{job_id}/cancel"),
        lambda: ann.http.delete(f"/api/jobs/{job_id}"),
        lambda: ann.http.post("/api/jobs/quote", json={"job_id": str(job_id)}),
    ]
    random.Random(seed).shuffle(calls)  # noqa: S311  # an order, no secret
    with ThreadPoolExecutor(len(calls)) as pool:
        statuses = [each.result().status_code for each in [pool.submit(call) for call in calls]]
    assert set(statuses) <= {200, 204, 400, 404, 409}, statuses
    assert ann.http.get(f"/api/jobs/{job_id}").status_code == 404
    ((open_tasks,),) = ann.harness.rows(
        "select count(*) from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j"
        " on j.id = t.job_id where j.id = :id and (t.stage = 'queued' or not j.cancel_requested)",
        id=job_id,
    )
    assert open_tasks == 0
    ((submitted,),) = ann.harness.rows(
        "select count(*) from ytdubber.job_events where job_id = :id and kind = 'submitted'",
        id=job_id,
    )
    assert submitted in (0, 1)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_an_upload_link_raced_for_takes_one_file(ann: ApiUser, seed: int) -> None:
    job = ann.announce("pt", background=False)
    url = job["upload_urls"]["voice_track"]
    files = [voice(4.0 + n / 10) for n in range(4)]
    random.Random(seed).shuffle(files)  # noqa: S311  # an order, no secret
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda data: ann.put(url, data).status_code, files))
    assert statuses.count(200) == 1, statuses
    assert set(statuses) <= {200, 409, 410, 429}, statuses
    kept = {len(data) for data, status in zip(files, statuses, strict=True) if status == 200}
    query = "select bytes from ytdubber.uploads where job_id = :id"
    assert {row[0] for row in ann.harness.rows(query, id=UUID(job["job_id"]))} == kept


def test_every_route_refuses_a_strangers_ids(
    dora: ApiUser, dubbed: UUID, harness: ApiHarness
) -> None:
    """Ids that are nobody's and ids that are somebody else's are answered alike."""
    with api_user(harness) as bob:
        for method, path, operation in operations(harness.app):
            if "{job_id}" not in path or not operation.get("security"):
                continue
            answers: list[Any] = []
            for each in (dubbed, uuid4()):
                address = path.replace("{job_id}", str(each))
                reply = bob.http.request(method, address, headers={"X-Request-Id": "one-of-two"})
                answers.append((reply.status_code, reply.text))
            assert answers[0] == answers[1], (method, path)


def test_no_error_has_a_sentence_of_the_machines_insides() -> None:
    words = ("psycopg", "sqlalchemy", "Traceback", "/usr", "site-packages", "0x")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    ours = [kind for kind in kinds if issubclass(kind, YtDubberError)]
    assert len(ours) > 80
    for kind in ours:
        assert not any(word in kind.template for word in words), kind


def test_no_address_that_a_user_gives_is_fetched(ann: ApiUser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/inside"
        assert ann.http.put("/api/users/me", json={"avatarUrl": url}).status_code == 200
        job = ann.uploaded(voice_track_url=url)
        sent = ann.submit(job, voice_track_url=url, background_track_url=url)
        assert sent.status_code == 200
        ann.harness.hands.dub(UUID(job["job_id"]))
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
