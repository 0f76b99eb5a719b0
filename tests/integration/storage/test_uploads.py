"""Uploads over real HTTP, by well-behaved clients and by others."""

import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from tests.integration.storage.conftest import UploadUrl
from tests.integration.storage.serving import KEY, ORIGIN, ManualClock, storage
from tests.waiting import PATIENCE_S, eventually, until

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.domain.errors import TooManyRequests, UploadRefused, UploadTooLarge, WrongContentType
from ytdubber.ports.media_store import VIDEO_TYPES, Stored

WAV = {"Content-Type": "audio/wav"}
SOUND = os.urandom(2_500_000)
SHA256 = hashlib.sha256(SOUND).hexdigest()


def files(root: Path) -> list[str]:
    return sorted(p.name for p in root.glob("*/*") if p.name != "lock")


@pytest.fixture(autouse=True)
def begins_empty(store: FolderMediaStore, root: Path) -> None:
    assert files(root) == []
    del store


def settles_empty(root: Path) -> bool:
    return eventually(lambda: files(root) == [])


@contextmanager
def raw(url: str, *headers: str) -> Iterator[socket.socket]:
    """A connection on which the head of a PUT was sent."""
    parts = urlsplit(url)
    head = [f"PUT {parts.path}?{parts.query} HTTP/1.1", f"Host: {parts.netloc}", *headers]
    with socket.create_connection(
        (parts.hostname or "", parts.port or 0), timeout=PATIENCE_S
    ) as wire:
        wire.sendall("\r\n".join([*head, "", ""]).encode())
        yield wire


def answer(wire: socket.socket) -> bytes:
    """Everything that comes until the server closes the connection."""
    parts = []
    while part := wire.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_a_file_arrives_whole_with_its_size_and_hash(
    store: FolderMediaStore, root: Path, http: httpx.Client, upload_url: UploadUrl
) -> None:
    url = upload_url(bytes=len(SOUND), sha256=SHA256.upper())
    reply = http.put(url, content=SOUND, headers=WAV)
    assert (reply.status_code, reply.json()) == (200, {"bytes": len(SOUND), "sha256": SHA256})
    assert store.stat(KEY) == Stored(len(SOUND), "audio/wav", SHA256)
    assert len(files(root)) == 2
    assert {p.stat().st_mode & 0o77 for p in root.glob("*/*") if p.name != "lock"} <= {0, 0o44}


def test_a_body_in_chunks_arrives_as_well(
    store: FolderMediaStore, http: httpx.Client, upload_url: UploadUrl
) -> None:
    pieces = (SOUND[i : i + 70_001] for i in range(0, len(SOUND), 70_001))
    assert http.put(upload_url(), content=pieces, headers=WAV).json()["sha256"] == SHA256
    stored = store.stat(KEY)
    assert stored
    assert stored.bytes == len(SOUND)


def test_a_second_upload_is_refused_and_the_first_one_stays(
    store: FolderMediaStore, http: httpx.Client, upload_url: UploadUrl
) -> None:
    url = upload_url()
    assert http.put(url, content=SOUND, headers=WAV).status_code == 200
    again = http.put(url, content=b"other", headers=WAV)
    assert (again.status_code, again.json()["error"]) == (409, "already_uploaded")
    stored = store.stat(KEY)
    assert stored
    assert stored.sha256 == SHA256


def test_of_two_at_once_the_first_whole_one_wins(
    store: FolderMediaStore, root: Path, upload_url: UploadUrl
) -> None:
    url = upload_url()
    head = ("Content-Type: audio/wav", "Connection: close", "Content-Length: 10")
    with raw(url, *head) as first, raw(url, *head) as second:
        first.sendall(b"first")
        second.sendall(b"other")
        until(lambda: len(files(root)) == 2)
        second.sendall(b"sound")
        assert b"200 OK" in answer(second)
        first.sendall(b"again")
        assert b"409 Conflict" in answer(first)
    stored = store.stat(KEY)
    assert stored
    assert stored.sha256 == hashlib.sha256(b"othersound").hexdigest()
    assert len(files(root)) == 2


def test_a_link_cannot_be_used_many_times_over_at_once(
    store: FolderMediaStore, root: Path, upload_url: UploadUrl, http: httpx.Client
) -> None:
    url = upload_url()
    head = ("Content-Type: audio/wav", "Connection: close", "Content-Length: 10")
    with raw(url, *head), raw(url, *head), raw(url, *head), raw(url, *head):
        until(lambda: len(files(root)) == 4)
        reply = http.put(url, content=b"fifth", headers=WAV)
        assert (reply.status_code, reply.json()["error"]) == (429, TooManyRequests.code)
        assert int(reply.headers["retry-after"]) > 0
    assert settles_empty(root)


def test_a_body_in_chunks_is_cut_off_at_the_cap(root: Path, upload_url: UploadUrl) -> None:
    head = ("Content-Type: audio/wav", "Transfer-Encoding: chunked")
    with raw(upload_url(max_bytes=1_500_000), *head) as wire:
        chunk = b"%x\r\n%s\r\n" % (100_000, b"x" * 100_000)
        wire.sendall(chunk * 25)  # more than the cap, and never the last chunk
        reply = answer(wire)
    assert b"413" in reply.splitlines()[0]
    assert b"connection: close" in reply.lower()
    assert b'"limit_bytes": 1500000' in reply
    assert settles_empty(root)


def test_a_length_over_the_cap_is_refused_before_the_body(
    root: Path, upload_url: UploadUrl
) -> None:
    with raw(
        upload_url(), "Content-Type: audio/wav", "Content-Length: 99999999999", "Expect: x"
    ) as wire:
        reply = answer(wire)  # not a byte of the body was sent
    assert b"413" in reply.splitlines()[0]
    assert b"connection: close" in reply.lower()
    assert files(root) == []


def test_a_connection_survives_a_refusal_of_what_was_read_whole(
    http: httpx.Client, upload_url: UploadUrl
) -> None:
    reply = http.put(upload_url(sha256="0" * 64), content=b"sound", headers=WAV)
    assert reply.status_code == 422
    assert "connection" not in reply.headers
    early = http.put(upload_url(), content=b"sound", headers={"Content-Type": "text/html"})
    assert early.headers["connection"] == "close"
    assert http.put(upload_url(), content=b"sound", headers=WAV).status_code == 200


def test_whoever_sends_on_after_a_refusal_still_reads_the_answer(upload_url: UploadUrl) -> None:
    length = 6 * 2**20
    with raw(upload_url(), "Content-Type: audio/wav", f"Content-Length: {length}") as wire:
        wire.sendall(b"x" * length)
        assert b"upload_too_large" in answer(wire)


@pytest.mark.parametrize(
    ("link", "headers", "body", "status", "error", "told"),
    [
        ({"sha256": "0" * 64}, WAV, b"sound", 422, "upload_mismatch", "expected SHA-256 000"),
        ({"bytes": 6}, WAV, b"sound", 422, "upload_mismatch", "size in bytes 6, got 5"),
        ({}, WAV, b"", 400, "upload_refused", "no bytes"),
        ({}, {"Content-Type": "audio/mpeg"}, b"x", 415, "wrong_content_type", "only audio/wav"),
        (
            {},
            {"Content-Type": "text/html"},
            b"x",
            415,
            "wrong_content_type",
            "audio, or video as",
        ),
        ({}, {}, b"x", 415, "wrong_content_type", "unknown type"),
        (
            {"content_type": None},
            {"Content-Type": "image/png"},
            b"x",
            415,
            "wrong_content_type",
            "",
        ),
        ({"content_type": None}, {"Content-Type": "audio/"}, b"x", 415, "wrong_content_type", ""),
    ],
)
def test_what_was_not_announced_is_refused_and_removed(
    root: Path,
    http: httpx.Client,
    upload_url: UploadUrl,
    link: dict[str, object],
    headers: dict[str, str],
    body: bytes,
    status: int,
    error: str,
    told: str,
) -> None:
    reply = http.put(upload_url(**link), content=body, headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert told in reply.json()["message"]
    assert files(root) == []


def test_both_hashes_are_told(http: httpx.Client, upload_url: UploadUrl) -> None:
    reply = http.put(upload_url(sha256="ab" * 32), content=SOUND, headers=WAV)
    assert "ab" * 32 in reply.json()["message"]
    assert SHA256 in reply.json()["message"]
    assert reply.json()["details"]["actual"] == SHA256


def test_a_mismatch_in_chunks_is_found_at_the_end(
    root: Path, http: httpx.Client, upload_url: UploadUrl
) -> None:
    reply = http.put(upload_url(bytes=6), content=iter([b"so", b"und"]), headers=WAV)
    assert reply.status_code == 422
    assert http.put(upload_url(), content=iter([]), headers=WAV).status_code == 400
    assert files(root) == []


@pytest.mark.parametrize("content_type", [*VIDEO_TYPES, "audio/x-m4a", "AUDIO/WAV; rate=8000"])
def test_any_sound_is_taken_where_no_type_was_announced(
    store: FolderMediaStore, http: httpx.Client, upload_url: UploadUrl, content_type: str
) -> None:
    url = upload_url(content_type=None)
    assert http.put(url, content=b"x", headers={"Content-Type": content_type}).status_code == 200
    stored = store.stat(KEY)
    assert stored
    assert stored.content_type == content_type.partition(";")[0].lower()


def test_after_a_refusal_the_same_link_still_works(
    http: httpx.Client, upload_url: UploadUrl
) -> None:
    url = upload_url(sha256=SHA256)
    assert http.put(url, content=b"wrong", headers=WAV).status_code == 422
    assert http.put(url, content=SOUND, headers=WAV).status_code == 200


def test_an_upload_that_breaks_off_leaves_nothing(root: Path, upload_url: UploadUrl) -> None:
    with raw(upload_url(), "Content-Type: audio/wav", "Content-Length: 2000000") as wire:
        wire.sendall(b"x" * 1_200_000)
        until(lambda: files(root) != [])
    assert settles_empty(root)


def test_an_upload_that_stands_still_is_given_up(tmp_path: Path) -> None:
    with storage(tmp_path / "media", ManualClock(), stalled_s=0.3) as store:
        url = store.upload_url(
            KEY, content_type=None, max_bytes=99, bytes=None, sha256=None, expires_in_s=60
        )
        with raw(url, "Content-Type: audio/wav", "Content-Length: 10") as wire:
            wire.sendall(b"half")
            assert b"upload_stalled" in answer(wire)
    assert files(tmp_path / "media") == []


@pytest.mark.parametrize(
    ("limits", "error"),
    [((0.3, 60.0), b"upload_stalled"), ((60.0, 0.3), b"link_expired")],
)
def test_so_is_one_that_hardly_moves(
    tmp_path: Path, limits: tuple[float, float], error: bytes
) -> None:
    stalled_s, longest_s = limits
    media, clock = tmp_path / "media", ManualClock()
    with storage(media, clock, stalled_s=stalled_s, longest_s=longest_s) as store:
        url = store.upload_url(
            KEY, content_type=None, max_bytes=10**6, bytes=None, sha256=None, expires_in_s=60
        )
        with raw(url, "Content-Type: audio/wav", "Content-Length: 900000") as wire:
            wire.settimeout(0.02)
            said, end = b"", time.monotonic() + PATIENCE_S
            while error not in said and time.monotonic() < end:
                with suppress(TimeoutError):
                    said += wire.recv(65_536)
                with suppress(ConnectionError):
                    wire.sendall(b"x")
            assert error in said
    assert files(tmp_path / "media") == []


def test_one_that_moves_slowly_is_taken(tmp_path: Path) -> None:
    with storage(tmp_path / "media", ManualClock(), stalled_s=2.0) as store:
        url = store.upload_url(
            KEY, content_type=None, max_bytes=10**7, bytes=None, sha256=None, expires_in_s=60
        )
        with raw(url, "Content-Type: audio/wav", "Content-Length: 2621440") as wire:
            for _ in range(40):
                wire.sendall(bytes(65_536))
                time.sleep(0.06)  # slow, and longer in all than it may stand still
            assert b"200 OK" in answer(wire)
        assert store.stat(KEY)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"content_type": "text/html"}, WrongContentType),
        ({"bytes": 4 * 2**20}, UploadTooLarge),
        ({"bytes": 0}, UploadRefused),
        ({"sha256": "xyz"}, UploadRefused),
    ],
)
def test_a_link_is_not_made_for_what_would_be_refused(
    upload_url: UploadUrl, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        upload_url(**changes)


def test_whoever_records_uploads_is_told_and_may_refuse(tmp_path: Path, http: httpx.Client) -> None:
    root = tmp_path / "media"
    told: list[tuple[str, Stored]] = []

    def uploaded(key: str, stored: Stored) -> None:
        if stored.bytes == 13:
            raise UploadRefused(reason="the job is gone")
        if stored.bytes == 14:
            raise RuntimeError("the database is on fire")
        told.append((key, stored))

    with storage(root, ManualClock(), uploaded) as store:
        url = store.upload_url(
            KEY, content_type=None, max_bytes=99, bytes=None, sha256=None, expires_in_s=60
        )
        refused = http.put(url, content=b"x" * 13, headers=WAV)
        assert (refused.status_code, refused.json()["error"]) == (400, "upload_refused")
        failed = http.put(url, content=b"x" * 14, headers=WAV | {"Origin": ORIGIN})
        assert (failed.status_code, failed.json()["error"]) == (500, "internal_error")
        assert failed.headers["access-control-allow-origin"] == ORIGIN
        assert "fire" not in failed.text
        assert files(root) == []
        assert http.put(url, content=b"x", headers=WAV).status_code == 200
        assert told == [(KEY, store.stat(KEY))]


def test_a_browser_may_upload_from_the_pages_own_origin(
    http: httpx.Client, upload_url: UploadUrl
) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    assert http.options(upload_url(), headers=asked).status_code == 200
    reply = http.put(upload_url(), content=b"", headers=WAV | {"Origin": ORIGIN})
    assert reply.status_code == 400
    assert reply.headers["access-control-allow-origin"] == ORIGIN
