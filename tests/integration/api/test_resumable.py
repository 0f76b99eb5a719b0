"""Uploads that go on after a cut, over real HTTP."""

import hashlib
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from tests.integration.api.person import Person, person, voice
from tests.integration.api.rig import ORIGIN, ROOMY, api
from tests.integration.api.tus_client import STREAM, VERSION, Tus, encoded
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S, eventually, until

MIB = 2**20
SOUND = os.urandom(7 * MIB)
SHA256 = hashlib.sha256(SOUND).hexdigest()


def offered(who: Person, size: int | None = len(SOUND), **more: Any) -> tuple[Any, Tus]:
    """An announced job, and the upload of its voice."""
    track = {"type": "audio/wav"} | ({} if size is None else {"size": size}) | more
    job = who.announce("pt", background=False, voice_track=track)
    return job, Tus(who.anonymous, job["resumable"]["voice_track"])


@pytest.fixture
def tus(ann: Person) -> Tus:
    """An upload that has begun."""
    upload = offered(ann)[1]
    assert upload.create(len(SOUND)).status_code == 201
    return upload


@contextmanager
def wire(upload: Tus, offset: int, length: int) -> Iterator[socket.socket]:
    """A connection on which the head of a PATCH was sent."""
    parts = urlsplit(upload.url)
    headers = (
        upload.headers | STREAM | {"Upload-Offset": f"{offset}", "Content-Length": f"{length}"}
    )
    lines = [f"PATCH {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    address = parts.hostname or "", parts.port or 0
    with socket.create_connection(address, timeout=PATIENCE_S) as link:
        link.sendall("\r\n".join([*lines, "", ""]).encode())
        yield link


def stored(who: Person, job: Any) -> Any:
    return who.rig.backend.media.stat(job["voice_track_path"])


def left(who: Person, job: Any) -> list[str]:
    """Names of files that are there for a job, beside locks."""
    root = who.rig.backend.settings.data / "media"
    return sorted(path.name for path in root.glob(f"*/{job['job_id']}.*"))


def refused(reply: httpx.Response, status: int, code: str) -> httpx.Response:
    assert (reply.status_code, reply.json()["error"]) == (status, code), reply.text
    assert reply.headers["tus-resumable"] == "1.0.0"
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    return reply


def test_large_files_and_those_of_unknown_size_can_be_resumed(ann: Person) -> None:
    small, large = {"size": 6 * MIB}, {"size": 6 * MIB + 1}
    job = ann.announce("pt", voice_track=small, background_track=large)
    assert job["resumable"]["voice_track"] is None
    offer = job["resumable"]["background_track"]
    assert offer["url"].endswith("/storage/upload/resumable/sign")
    assert set(offer["headers"]) == {"x-signature"}
    assert offer["metadata"] == {"objectName": job["background_track_path"]}
    assert offer["chunk_bytes"] == 6 * MIB
    assert ann.announce("pt", background=False)["resumable"]["voice_track"] is not None
    assert set(job["upload_urls"]) == {"voice_track", "background_track"}


def test_a_file_arrives_in_pieces(ann: Person) -> None:
    job, tus = offered(ann, sha256=SHA256)
    created = tus.create(len(SOUND))
    assert created.status_code == 201
    assert tus.url.startswith(ann.rig.url + "/storage/upload/resumable/sign/")
    assert created.headers["upload-expires"].endswith("GMT")
    for at in range(0, len(SOUND), 3 * MIB):
        piece = SOUND[at : at + 3 * MIB]
        reply = tus.patch(at, piece)
        assert reply.status_code == 204, reply.text
        assert int(reply.headers["upload-offset"]) == at + len(piece) == tus.offset()
        assert (stored(ann, job) is None) == (at + len(piece) < len(SOUND))
    assert (stored(ann, job).sha256, stored(ann, job).content_type) == (SHA256, "audio/wav")
    assert len(left(ann, job)) == 2
    assert ann.rig.rows(
        "select bytes, sha256 from ytdubber.uploads where key = :key", key=job["voice_track_path"]
    ) == [(len(SOUND), SHA256)]


def test_a_resumed_recording_is_dubbed(ann: Person) -> None:
    recording = voice()
    job, tus = offered(ann, None)
    tus.create(len(recording))
    tus.patch(0, recording[:50_000])
    assert tus.patch(50_000, recording[50_000:]).status_code == 204
    assert ann.submit(job).status_code == 200
    ann.rig.hands.dub(UUID(job["job_id"]))
    assert ann.job(UUID(job["job_id"]))["status"] == "complete"


def test_where_it_stands_is_told_and_never_kept(ann: Person, tus: Tus) -> None:
    tus.patch(0, SOUND[:1000])
    told = tus.head().headers
    assert (told["upload-offset"], told["upload-length"]) == ("1000", f"{len(SOUND)}")
    assert told["cache-control"] == "no-store"
    assert told["upload-metadata"] == encoded(tus.offer["metadata"])
    assert told["upload-expires"].endswith("GMT")
    exposed = {each.strip().lower() for each in told["access-control-expose-headers"].split(",")}
    assert {"upload-offset", "upload-length", "location", "tus-resumable"} <= exposed
    assert tus.patch(1000, b"").headers["upload-offset"] == "1000"
    del ann


def test_the_first_bytes_may_come_with_the_creation(ann: Person) -> None:
    job, tus = offered(ann)
    said = {"Upload-Length": f"{len(SOUND)}", "Upload-Metadata": encoded(tus.offer["metadata"])}
    headers = tus.headers | STREAM | said
    reply = tus.http.post(tus.offer["url"], headers=headers, content=SOUND[:MIB])
    assert (reply.status_code, reply.headers["upload-offset"]) == (201, f"{MIB}")
    tus.url = reply.headers["location"]
    assert tus.patch(MIB, SOUND[MIB:]).status_code == 204
    assert stored(ann, job).sha256 == SHA256


def test_what_is_spoken_is_told(ann: Person, tus: Tus) -> None:
    for url in (tus.offer["url"], tus.url):
        reply = ann.anonymous.options(url)
        assert reply.status_code == 204
        assert reply.headers["tus-version"] == "1.0.0"
        assert "termination" in reply.headers["tus-extension"]
        assert int(reply.headers["tus-max-size"]) == ROOMY.upload_bytes
        asked = {
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "content-type,tus-resumable,upload-length,"
            "upload-metadata,upload-offset,x-signature,x-http-method-override",
        }
        asked["Origin"] = ORIGIN
        assert httpx.options(url, headers=asked, verify=NO_TLS).status_code == 200


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.0, 0.2.2"])
def test_another_version_is_refused_with_ours(tus: Tus, version: str | None) -> None:
    headers = {name: value for name, value in tus.headers.items() if name not in VERSION}
    if version:
        headers["Tus-Resumable"] = version
    for method, url in (("POST", tus.offer["url"]), ("PATCH", tus.url), ("DELETE", tus.url)):
        reply = refused(tus.http.request(method, url, headers=headers), 412, "tus_version_unknown")
        assert reply.headers["tus-version"] == "1.0.0"


@pytest.mark.parametrize("cut", [1, 70_000, 2 * MIB + 17])
def test_a_cut_connection_keeps_what_arrived(ann: Person, cut: int) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[:cut])
        link.shutdown(socket.SHUT_WR)
        link.recv(1)
    until(lambda: tus.patch(tus.offset(), b"").status_code == 204)
    offset = tus.offset()
    assert 0 <= offset <= cut
    assert offset >= cut - 128 * 1024
    assert tus.patch(offset, SOUND[offset:]).status_code == 204
    assert stored(ann, job).sha256 == SHA256


def test_the_answer_to_the_last_bytes_may_get_lost(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND)
        until(lambda: stored(ann, job) is not None)
    assert tus.offset() == len(SOUND)
    refused(tus.patch(len(SOUND), b""), 409, "already_uploaded")
    refused(tus.end(), 409, "already_uploaded")
    refused(tus.create(len(SOUND)), 409, "already_uploaded")
    assert stored(ann, job).sha256 == SHA256


@pytest.mark.parametrize("offset", [0, 999, 1001, 10**17])
def test_bytes_from_elsewhere_are_refused(tus: Tus, offset: int) -> None:
    tus.patch(0, SOUND[:1000])
    reply = refused(tus.patch(offset, SOUND[:10]), 409, "upload_offset_wrong")
    assert reply.json()["details"] == {"offset": 1000}
    assert tus.offset() == 1000


def test_one_at_a_time_sends(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 3 * MIB])
        let_in(ann, job)
        reply = refused(tus.patch(0, b""), 423, "upload_in_use")
        assert int(reply.headers["retry-after"]) > 0
        link.sendall(SOUND[3 * MIB :])
        assert b" 204 " in link.makefile("rb").readline()
    assert stored(ann, job).sha256 == SHA256


def let_in(who: Person, job: Any) -> None:
    """Wait until bytes of the job's upload are written."""
    root = who.rig.backend.settings.data / "media"
    notes = (".unfinished", ".json", ".tmp")
    until(
        lambda: any(
            path.stat().st_size
            for path in root.glob(f"*/{job['job_id']}.*")
            if path.suffix not in notes
        )
    )


def test_a_connection_that_fell_silent_gives_way(ann: Person) -> None:
    """As after a cut that nobody told the server of."""
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 2 * MIB + 5])
        let_in(ann, job)
        until(lambda: tus.offset() == 2 * MIB + 5)
        assert tus.patch(2 * MIB + 5, SOUND[2 * MIB + 5 :]).status_code == 204
        assert b" 408 " in link.makefile("rb").readline()
    assert stored(ann, job).sha256 == SHA256


def test_many_at_once_leave_one_file(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with ThreadPoolExecutor(4) as pool:
        statuses = [r.status_code for r in pool.map(lambda _: tus.patch(0, SOUND), range(4))]
    assert statuses.count(204) == 1, statuses
    assert set(statuses) <= {204, 409, 423}, statuses
    assert stored(ann, job).sha256 == SHA256


def test_a_new_upload_takes_the_place_of_the_old_one(ann: Person) -> None:
    job, old = offered(ann)
    old.create(len(SOUND))
    with wire(old, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 2 * MIB])
        let_in(ann, job)
        new = Tus(ann.anonymous, old.offer)
        assert new.create(len(SOUND)).status_code == 201
        link.sendall(SOUND[2 * MIB :])
        assert b" 410 " in link.makefile("rb").readline()
    assert old.head().status_code == 404
    assert new.patch(0, SOUND).status_code == 204
    assert stored(ann, job).sha256 == SHA256


def test_nothing_is_left_of_one_that_was_given_up(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:1000])
    assert len(left(ann, job)) == 2
    assert tus.end().status_code == 204
    assert left(ann, job) == []
    assert tus.head().status_code == 404
    refused(tus.patch(1000, b"x"), 404, "not_found")
    assert tus.create(len(SOUND)).status_code == 201
    assert tus.patch(0, SOUND).status_code == 204


@pytest.mark.parametrize(
    ("length", "status", "code"),
    [
        (0, 400, "upload_refused"),
        (ROOMY.upload_bytes + 1, 413, "upload_too_large"),
        (len(SOUND) - 1, 422, "upload_mismatch"),
    ],
)
def test_a_size_that_was_not_announced_is_refused_at_once(
    ann: Person, length: int, status: int, code: str
) -> None:
    job, tus = offered(ann)
    refused(tus.create(length), status, code)
    assert left(ann, job) == []


def test_a_type_that_was_not_announced_is_refused_at_once(ann: Person) -> None:
    _, tus = offered(ann)
    given = tus.offer["metadata"]
    refused(
        tus.create(len(SOUND), given | {"contentType": "audio/mpeg"}), 415, "wrong_content_type"
    )
    job = ann.announce("pt", background=False)
    open_tus = Tus(ann.anonymous, job["resumable"]["voice_track"])
    refused(open_tus.create(10), 415, "wrong_content_type")
    named = open_tus.offer["metadata"] | {"contentType": "text/html"}
    refused(open_tus.create(10, named), 415, "wrong_content_type")
    assert open_tus.create(10, named | {"contentType": "audio/wav"}).status_code == 201
    refused(open_tus.patch(0, b"x", **{"Content-Type": "audio/wav"}), 415, "wrong_content_type")


def test_a_length_that_is_not_known_yet_is_refused_in_words(ann: Person) -> None:
    _, tus = offered(ann)
    headers = tus.headers | {"Upload-Defer-Length": "1"}
    reply = refused(tus.http.post(tus.offer["url"], headers=headers), 400, "invalid_request")
    assert "how many bytes" in reply.json()["message"]


def test_no_more_comes_than_was_said(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    refused(tus.patch(0, SOUND + b"x"), 413, "upload_too_large")
    assert tus.offset() == 0
    pieces = (SOUND[at : at + MIB] for at in range(0, len(SOUND), MIB))
    reply = tus.patch(0, (piece + b"x" for piece in pieces))  # in chunks: no length before
    refused(reply, 413, "upload_too_large")
    assert tus.offset() < len(SOUND)
    assert stored(ann, job) is None


def test_another_files_hash_leaves_nothing(ann: Person) -> None:
    job, tus = offered(ann, sha256="0" * 64)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:MIB])
    refused(tus.patch(MIB, SOUND[MIB:]), 422, "upload_mismatch")
    assert left(ann, job) == []
    assert tus.head().status_code == 404
    assert stored(ann, job) is None


@pytest.mark.parametrize("how", ["deleted", "submitted"])
def test_it_ends_with_its_job(ann: Person, how: str) -> None:
    job, tus = offered(ann, None)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:1000])
    if how == "deleted":
        assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
        assert left(ann, job) == []
    else:
        ann.put(job["upload_urls"]["voice_track"], voice())
        assert ann.submit(job).status_code == 200
    assert tus.head().status_code == 410
    for reply in (tus.patch(1000, SOUND[1000:]), tus.end(), tus.create(len(SOUND))):
        refused(reply, 410, "upload_closed")


def test_one_under_way_when_its_job_is_deleted_does_not_stay(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 2 * MIB])
        let_in(ann, job)
        assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
        link.sendall(SOUND[2 * MIB :])
        assert b" 410 " in link.makefile("rb").readline()
    assert eventually(lambda: left(ann, job) == [])


def test_it_ends_with_its_link(ann: Person) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:1000])
    media = ann.rig.backend.media
    with ann.rig.clock.later(minutes=59):
        media.sweep()
        assert tus.offset() == 1000
    with ann.rig.clock.later(minutes=61):
        assert tus.head().status_code == 410
        for reply in (tus.patch(1000, SOUND[1000:]), tus.create(len(SOUND))):
            refused(reply, 410, "link_expired")
        media.sweep()
        assert left(ann, job) == []


def test_another_way_of_naming_the_method(tus: Tus) -> None:
    headers = tus.headers | STREAM | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert tus.http.post(tus.url, headers=headers, content=b"abc").status_code == 204
    assert tus.offset() == 3
    headers = tus.headers | {"X-HTTP-Method-Override": "TRACE"}
    assert tus.http.post(tus.url, headers=headers).status_code == 400


def test_what_comes_counts_for_the_day_whole_or_not(tmp_path: Path) -> None:
    limits = replace(ROOMY, upload_bytes_a_day=20 * MIB, upload_bytes=10 * MIB)
    with api(tmp_path, limits) as rig, person(rig) as eve:
        _, tus = offered(eve, 9 * MIB)
        for _ in range(2):
            tus.create(9 * MIB)
            assert tus.patch(0, bytes(8 * MIB)).status_code == 204
            assert tus.end().status_code == 204
        tus.create(9 * MIB)
        refused(tus.patch(0, bytes(8 * MIB)), 429, "too_many_uploads")
        refused(tus.patch(8 * MIB, bytes(MIB)), 429, "too_many_uploads")
        refused(tus.create(9 * MIB), 429, "too_many_uploads")
        with rig.clock.later(hours=2):  # no link of the upload is left, and it counts
            reply = eve.http.post(
                "/api/jobs/upload-urls", json={"languages": ["pt"], "voice_track_name": "a.wav"}
            )
            assert (reply.status_code, reply.json()["error"]) == (429, "too_many_uploads")
