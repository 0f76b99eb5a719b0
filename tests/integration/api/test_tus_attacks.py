"""Resumable uploads as somebody sends them who means harm."""

import base64
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.tus_client import STREAM, Tus, encoded

SIZE = 7 * 2**20
UPLOAD_ID = (
    "11111111-1111-4111-8111-111111111111.22222222-2222-4222-8222-222222222222.0123456789abcdef"
)


def offered(who: ApiUser) -> tuple[Any, Tus]:
    track = {"type": "audio/wav", "size": SIZE}
    job = who.announce("pt", background=False, voice_track=track)
    return job, Tus(who.anonymous, job["resumable"]["voice_track"])


@pytest.fixture(autouse=True)
def well(ann: ApiUser) -> Iterator[None]:
    """After each attack the service is as well as before, and no file is anywhere."""
    before = _files(ann)
    yield
    assert ann.anonymous.get("/ready").json()["status"] == "ready"
    assert _files(ann) - before <= {"lock"}


def _files(who: ApiUser) -> set[str]:
    root = who.harness.backend.settings.data / "media"
    return {path.name for path in root.glob("**/*") if path.is_file()}


def _refused(reply: httpx.Response, *statuses: int) -> None:
    assert reply.status_code in statuses, (reply.status_code, reply.text)
    assert reply.json()["message"].endswith(".")


LENGTHS = [
    "-1",
    "+7",
    "0x10",
    "1e3",
    "7.0",
    "",
    "NaN",
    "9" * 18,
    "9" * 19,
    "9" * 5_000,
    "7,7",
]


@pytest.mark.parametrize("length", LENGTHS, ids=range(len(LENGTHS)))
def test_lengths_that_are_none(ann: ApiUser, length: str) -> None:
    _, tus = offered(ann)
    _refused(tus.create(length), 400, 413, 422)


@pytest.mark.parametrize("offset", LENGTHS, ids=range(len(LENGTHS)))
def test_offsets_that_are_none(ann: ApiUser, offset: str) -> None:
    _, tus = offered(ann)
    tus.create(SIZE)
    _refused(tus.patch(offset, b"x"), 400, 409)
    assert tus.offset() == 0
    tus.end()


METADATA = [
    "",
    "objectName",
    "objectName !!!!",
    "objectName " + base64.b64encode(b"\xff\xfe").decode(),
    ",,,,",
    "objectName QQ==,objectName QQ==",
    " ".join(["QQ=="] * 50),
    ",".join(f"n{n} QQ==" for n in range(5_000)),
    "objectName " + base64.b64encode(b"a" * 30_000).decode(),
    "\xe9 QQ==",
    "a\tb QQ==",
]


@pytest.mark.parametrize("metadata", METADATA, ids=range(len(METADATA)))
def test_metadata_that_is_none(ann: ApiUser, metadata: str) -> None:
    _, tus = offered(ann)
    said = {"Upload-Length": str(SIZE), "Upload-Metadata": metadata}
    headers = [(k.encode(), v.encode("latin-1")) for k, v in (tus.headers | said).items()]
    _refused(ann.anonymous.post(tus.offer["url"], headers=headers), 400, 404, 431)


NAMES = [
    "../../../etc/passwd",
    "/etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "{key}/..",
    "{key}/../../x",
    "{key}\x00.wav",
    "{KEY}",
    "{key}.json",
    " {key}",
    "{key}\n",
    "",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_leads_elsewhere(ann: ApiUser, name: str) -> None:
    job, tus = offered(ann)
    key = job["voice_track_path"]
    name = name.replace("{key}", key).replace("{KEY}", key.upper())
    _refused(tus.create(SIZE, tus.offer["metadata"] | {"objectName": name}), 400, 403, 404)


IDS = [
    "..%2f..%2fx",
    "%2e%2e",
    UPLOAD_ID.upper(),
    UPLOAD_ID + ".json",
    UPLOAD_ID + "%00",
    UPLOAD_ID + "%0a",
    UPLOAD_ID.replace(".", "/"),
    "x",
]


@pytest.mark.parametrize("odd", IDS, ids=range(len(IDS)))
def test_no_id_leads_elsewhere(ann: ApiUser, odd: str) -> None:
    _, tus = offered(ann)
    tus.url = f"{tus.offer['url']}/{odd}"
    for reply in (tus.patch(0, b"x"), tus.end()):
        _refused(reply, 403, 404)
    assert tus.head().status_code in (403, 404)


def test_a_signature_is_for_one_file_and_one_way(ann: ApiUser, bob: ApiUser) -> None:
    """Another's, another file's, a link's, a changed one and none."""
    job, tus = offered(ann)
    tus.create(SIZE)
    signature = tus.offer["headers"]["x-signature"]
    link = job["upload_urls"]["voice_track"]
    wrong = [
        offered(bob)[1].offer["headers"]["x-signature"],
        offered(ann)[1].offer["headers"]["x-signature"],
        link.partition("?")[2],
        signature.replace(f"size={SIZE}", f"size={SIZE + 1}"),
        signature.replace("max=", "max=9"),
        signature + "&size=1",
        signature + "0",
        signature.upper(),
        "expires=9999999999&signature=" + "0" * 64,
        "",
        "a" * 8_000,
    ]
    for each in wrong:
        forged = Tus(ann.anonymous, tus.offer | {"headers": {"x-signature": each}}, tus.url)
        for reply in (forged.create(SIZE), forged.patch(0, b"x"), forged.end()):
            _refused(reply, 403)
        assert forged.head().status_code == 403
    path = link.partition("?")[0]
    assert ann.put(f"{path}?{signature}", b"x").status_code == 403
    assert tus.offset() == 0
    tus.end()


def test_an_upload_is_not_another_jobs(ann: ApiUser, bob: ApiUser) -> None:
    """A good signature of one's own gives no right to the id of another's upload."""
    _, tus = offered(ann)
    tus.create(SIZE)
    _, own = offered(bob)
    own.create(SIZE)
    stolen = Tus(bob.anonymous, own.offer, tus.url)
    for reply in (stolen.patch(0, b"x"), stolen.end()):
        _refused(reply, 403)
    mixed = own.url.rpartition(".")[0] + "." + tus.url.rpartition(".")[2]
    assert Tus(bob.anonymous, own.offer, mixed).head().status_code == 404
    tus.end()
    own.end()


def test_a_body_without_an_end_is_cut_at_what_was_announced(ann: ApiUser) -> None:
    _, tus = offered(ann)
    tus.create(SIZE)

    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(2**20)

    try:
        _refused(tus.patch(0, endless()), 413)
    except httpx.TransportError:
        pass  # the answer came while more was being sent
    assert tus.offset() <= SIZE
    tus.end()


def test_uploads_begun_again_and_again_leave_one(ann: ApiUser) -> None:
    job, tus = offered(ann)
    for _ in range(30):
        assert tus.create(SIZE).status_code == 201
        tus.patch(0, b"x" * 1000)
    assert sum(name.startswith(job["job_id"]) for name in _files(ann)) == 2
    tus.end()


def test_nothing_in_a_header_is_given_back_as_one(ann: ApiUser) -> None:
    _, tus = offered(ann)
    given = tus.offer["metadata"] | {"fileName": "a\r\nSet-Cookie: a=b"}
    assert tus.create(SIZE, given).status_code == 201
    told = tus.head()
    assert told.headers["upload-metadata"] == encoded(given)
    assert "set-cookie" not in told.headers
    said = {
        "Upload-Length": "1",
        "Upload-Metadata": encoded({"objectName": f"{uuid4()}/{uuid4()}"}),
    }
    foreign = ann.anonymous.post(tus.offer["url"], headers=tus.headers | STREAM | said)
    _refused(foreign, 403)
    tus.end()
