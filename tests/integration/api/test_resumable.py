"""Uploads that go on after a cut, over real HTTP."""

import socket
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, voice
from tests.integration.api.harness import ORIGIN, ROOMY
from tests.integration.api.tus_client import STREAM, VERSION, Tus, encoded
from tests.integration.api.tus_uploads import (
    MIB,
    SHA256,
    SOUND,
    left,
    offered,
    refused,
    stored,
    wire,
)
from tests.plain_http import NO_TLS
from tests.waiting import until


@pytest.fixture
def tus(ann: ApiUser) -> Tus:
    """An upload that has begun."""
    upload = offered(ann)[1]
    assert upload.create(len(SOUND)).status_code == 201
    return upload


def test_large_files_and_those_of_unknown_size_can_be_resumed(ann: ApiUser) -> None:
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


def test_a_file_arrives_in_pieces(ann: ApiUser) -> None:
    job, tus = offered(ann, sha256=SHA256)
    created = tus.create(len(SOUND))
    assert created.status_code == 201
    assert tus.url.startswith(ann.harness.url + "/storage/upload/resumable/sign/")
    assert created.headers["upload-expires"].endswith("GMT")
    for at in range(0, len(SOUND), 3 * MIB):
        piece = SOUND[at : at + 3 * MIB]
        reply = tus.patch(at, piece)
        assert reply.status_code == 204, reply.text
        assert int(reply.headers["upload-offset"]) == at + len(piece) == tus.offset()
        assert (stored(ann, job) is None) == (at + len(piece) < len(SOUND))
    assert (stored(ann, job).sha256, stored(ann, job).content_type) == (SHA256, "audio/wav")
    assert len(left(ann, job)) == 2
    assert ann.harness.rows(
        "select bytes, sha256 from ytdubber.uploads where key = :key", key=job["voice_track_path"]
    ) == [(len(SOUND), SHA256)]


def test_a_resumed_recording_is_dubbed(ann: ApiUser) -> None:
    recording = voice()
    job, tus = offered(ann, None)
    tus.create(len(recording))
    tus.patch(0, recording[:50_000])
    assert tus.patch(50_000, recording[50_000:]).status_code == 204
    assert ann.submit(job).status_code == 200
    ann.harness.hands.dub(UUID(job["job_id"]))
    assert ann.job(UUID(job["job_id"]))["status"] == "complete"


def test_where_it_stands_is_told_and_never_kept(ann: ApiUser, tus: Tus) -> None:
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


def test_the_first_bytes_may_come_with_the_creation(ann: ApiUser) -> None:
    job, tus = offered(ann)
    said = {"Upload-Length": f"{len(SOUND)}", "Upload-Metadata": encoded(tus.offer["metadata"])}
    headers = tus.headers | STREAM | said
    reply = tus.http.post(tus.offer["url"], headers=headers, content=SOUND[:MIB])
    assert (reply.status_code, reply.headers["upload-offset"]) == (201, f"{MIB}")
    tus.url = reply.headers["location"]
    assert tus.patch(MIB, SOUND[MIB:]).status_code == 204
    assert stored(ann, job).sha256 == SHA256


def test_what_is_spoken_is_told(ann: ApiUser, tus: Tus) -> None:
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
def test_a_cut_connection_keeps_what_arrived(ann: ApiUser, cut: int) -> None:
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


def test_the_answer_to_the_last_bytes_may_get_lost(ann: ApiUser) -> None:
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


def test_another_way_of_naming_the_method(tus: Tus) -> None:
    headers = tus.headers | STREAM | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert tus.http.post(tus.url, headers=headers, content=b"abc").status_code == 204
    assert tus.offset() == 3
    headers = tus.headers | {"X-HTTP-Method-Override": "TRACE"}
    assert tus.http.post(tus.url, headers=headers).status_code == 400
