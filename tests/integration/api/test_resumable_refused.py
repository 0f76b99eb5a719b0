"""Uploads by TUS of what was not announced, or of more than may come."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ROOMY, api
from tests.integration.api.tus_client import Tus
from tests.integration.api.tus_uploads import (
    MIB,
    SOUND,
    left,
    offered,
    refused,
    stored,
)


@pytest.mark.parametrize(
    ("length", "status", "code"),
    [
        (0, 400, "upload_refused"),
        (ROOMY.upload_bytes + 1, 413, "upload_too_large"),
        (len(SOUND) - 1, 422, "upload_mismatch"),
    ],
)
def test_a_size_that_was_not_announced_is_refused_at_once(
    ann: ApiUser, length: int, status: int, code: str
) -> None:
    job, tus = offered(ann)
    refused(tus.create(length), status, code)
    assert left(ann, job) == []


def test_a_type_that_was_not_announced_is_refused_at_once(ann: ApiUser) -> None:
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


def test_a_length_that_is_not_known_yet_is_refused_in_words(ann: ApiUser) -> None:
    _, tus = offered(ann)
    headers = tus.headers | {"Upload-Defer-Length": "1"}
    reply = refused(tus.http.post(tus.offer["url"], headers=headers), 400, "invalid_request")
    assert "how many bytes" in reply.json()["message"]


def test_no_more_comes_than_was_said(ann: ApiUser) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    refused(tus.patch(0, SOUND + b"x"), 413, "upload_too_large")
    assert tus.offset() == 0
    pieces = (SOUND[at : at + MIB] for at in range(0, len(SOUND), MIB))
    reply = tus.patch(0, (piece + b"x" for piece in pieces))  # in chunks: no length before
    refused(reply, 413, "upload_too_large")
    assert tus.offset() < len(SOUND)
    assert stored(ann, job) is None


def test_another_files_hash_leaves_nothing(ann: ApiUser) -> None:
    job, tus = offered(ann, sha256="0" * 64)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:MIB])
    refused(tus.patch(MIB, SOUND[MIB:]), 422, "upload_mismatch")
    assert left(ann, job) == []
    assert tus.head().status_code == 404
    assert stored(ann, job) is None


def test_what_comes_counts_for_the_day_whole_or_not(tmp_path: Path) -> None:
    limits = replace(ROOMY, upload_bytes_a_day=20 * MIB, upload_bytes=10 * MIB)
    with api(tmp_path, limits) as harness, api_user(harness) as eve:
        _, tus = offered(eve, 9 * MIB)
        for _ in range(2):
            tus.create(9 * MIB)
            assert tus.patch(0, bytes(8 * MIB)).status_code == 204
            assert tus.end().status_code == 204
        tus.create(9 * MIB)
        refused(tus.patch(0, bytes(8 * MIB)), 429, "too_many_uploads")
        refused(tus.patch(8 * MIB, bytes(MIB)), 429, "too_many_uploads")
        refused(tus.create(9 * MIB), 429, "too_many_uploads")
        with harness.clock.later(hours=2):  # no link of the upload is left, and it counts
            reply = eve.http.post(
                "/api/jobs/upload-urls", json={"languages": ["pt"], "voice_track_name": "a.wav"}
            )
            assert (reply.status_code, reply.json()["error"]) == (429, "too_many_uploads")
