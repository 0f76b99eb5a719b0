"""What every storage of files does alike."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
from tests import debian
from tests.contract.storage.places import PLACES, UNSIGNED, Place
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.domain.errors import (
    Cancelled,
    MediaMissing,
    NotFound,
    StorageNotWorking,
    UploadRefused,
    UploadTooLarge,
    WrongContentType,
)
from ytdubber.ports.media_store import MediaStore

SOUND = os.urandom(2_100_000)
SHA256 = hashlib.sha256(SOUND).hexdigest()
MB = 2**20

Put = Callable[..., str]

holds_to_signatures = pytest.mark.parametrize(
    "place", [name for name in PLACES if name != UNSIGNED], indirect=True
)


@pytest.fixture(scope="module", params=PLACES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with PLACES[request.param](tmp_path_factory.mktemp("place")) as made:
        yield made


@pytest.fixture
def store(place: Place) -> MediaStore:
    return place.store


@pytest.fixture
def key() -> str:
    return f"{uuid4()}/{uuid4()}"


@pytest.fixture
def put(store: MediaStore, tmp_path: Path, key: str) -> Put:
    """Puts bytes under a key of the test's own, unless another is given."""

    def made(data: bytes = SOUND, content_type: str = "audio/flac", under: str = key) -> str:
        file = tmp_path / "file"
        file.write_bytes(data)
        store.put(under, file, content_type)
        assert not file.exists()
        return under

    return made


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(verify=NO_TLS, timeout=PATIENCE_S) as client:
        yield client


def upload_url(store: MediaStore, key: str, **changes: object) -> str:
    usual: dict[str, object] = {
        "content_type": "audio/wav",
        "max_bytes": 3 * MB,
        "bytes": None,
        "sha256": None,
        "expires_in_s": 600,
    }
    return store.upload_url(key, **(usual | changes))  # type: ignore[arg-type]  # by name


def never() -> None:
    return None


def test_a_file_put_in_can_be_fetched(
    store: MediaStore, put: Put, key: str, tmp_path: Path
) -> None:
    put()
    stored = store.stat(key)
    assert stored
    assert (stored.bytes, stored.content_type) == (len(SOUND), "audio/flac")
    assert stored.sha256 in (None, SHA256)
    assert store.fetch(key, tmp_path / "copy", never) == SHA256
    assert (tmp_path / "copy").read_bytes() == SOUND


def test_putting_again_replaces(store: MediaStore, put: Put, key: str, tmp_path: Path) -> None:
    put()
    put(b"new", "text/vtt")
    stored = store.stat(key)
    assert stored
    assert (stored.bytes, stored.content_type) == (3, "text/vtt")
    store.fetch(key, tmp_path / "copy", never)
    assert (tmp_path / "copy").read_bytes() == b"new"


def test_an_empty_file_is_a_file(store: MediaStore, put: Put, key: str, tmp_path: Path) -> None:
    put(b"")
    assert store.fetch(key, tmp_path / "copy", never) == hashlib.sha256().hexdigest()


def test_what_is_not_there_cannot_be_put(store: MediaStore, key: str, tmp_path: Path) -> None:
    with pytest.raises(StorageNotWorking, match="no such file"):
        store.put(key, tmp_path / "nothing", "audio/flac")
    assert store.stat(key) is None


def test_what_is_not_there_is_missing(store: MediaStore, key: str, tmp_path: Path) -> None:
    assert store.stat(key) is None
    with pytest.raises(MediaMissing):
        store.fetch(key, tmp_path / "copy", never)
    assert not (tmp_path / "copy").exists()


def test_a_fetch_that_is_cancelled_leaves_nothing(
    store: MediaStore, put: Put, key: str, tmp_path: Path
) -> None:
    put()
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        store.fetch(key, tmp_path / "copy", check)
    assert not (tmp_path / "copy").exists()


def test_deleting_removes_and_again_is_no_error(store: MediaStore, put: Put, key: str) -> None:
    put()
    store.delete([key, f"{uuid4()}/{uuid4()}"])
    store.delete([key])
    store.delete([])
    assert store.stat(key) is None


def test_keys_are_listed_by_their_beginning(store: MediaStore, put: Put, key: str) -> None:
    job = key.partition("/")[0]
    second, third = f"{job}/{uuid4()}", f"{uuid4()}/{uuid4()}"
    for each in (key, second, third):
        put(b"x", "text/vtt", each)
    assert {key, second, third} <= set(store.keys(""))
    assert set(store.keys(f"{job}/")) == set(store.keys(job)) == {key, second}
    assert set(store.keys(job[:13])) == {key, second}
    assert list(store.keys(key)) == [key]
    assert list(store.keys(key[:-1])) == [key]
    for nothing in ("..", "**", "[", "/", "%", job + "x", f"{job}/x"):
        assert list(store.keys(nothing)) == []


@pytest.mark.parametrize("bad", ["", "a/b", "../x", "KEY/x", "KEY\n", "JOB", "/KEY", "É/KEY"])
def test_only_keys_are_keys(store: MediaStore, key: str, tmp_path: Path, bad: str) -> None:
    bad = bad.replace("KEY", key).replace("JOB", key[:36])
    file = tmp_path / "file"
    file.write_bytes(b"x")
    calls: list[Callable[[], object]] = [
        lambda: store.stat(bad),
        lambda: store.fetch(bad, tmp_path / "copy", never),
        lambda: store.put(bad, file, "audio/flac"),
        lambda: store.delete([key, bad]),
        lambda: upload_url(store, bad),
        lambda: resumable(store, bad),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert file.exists()


def resumable(store: MediaStore, key: str, content_type: str | None = "audio/wav") -> object:
    return store.resumable_upload(
        key, content_type=content_type, max_bytes=MB, bytes=None, sha256=None, expires_in_s=600
    )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"content_type": "text/html"}, WrongContentType),
        ({"bytes": 0}, UploadRefused),
        ({"bytes": 3 * MB + 1}, UploadTooLarge),
        ({"sha256": "abc"}, UploadRefused),
    ],
)
def test_what_cannot_be_uploaded_gets_no_link(
    store: MediaStore, key: str, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        upload_url(store, key, **changes)


@pytest.mark.parametrize("content_type", ["audio/wav", None])
@pytest.mark.parametrize("announced", [True, False])
def test_a_link_takes_a_file(
    store: MediaStore,
    key: str,
    http: httpx.Client,
    tmp_path: Path,
    content_type: str | None,
    announced: bool,
) -> None:
    facts = {"bytes": len(SOUND), "sha256": SHA256} if announced else {}
    url = upload_url(store, key, content_type=content_type, **facts)
    answer = http.put(url, content=SOUND, headers={"content-type": "audio/wav"})
    assert answer.is_success, answer.text
    stored = store.stat(key)
    assert stored
    assert (stored.bytes, stored.content_type) == (len(SOUND), "audio/wav")
    assert store.fetch(key, tmp_path / "copy", never) == SHA256


def test_a_link_takes_one_file(place: Place, key: str, tmp_path: Path) -> None:
    """But one of S3, whose file is known by its hash once it was read (ADR 35)."""
    url, wav = upload_url(place.store, key), {"content-type": "audio/wav"}
    assert httpx.put(url, content=b"first", headers=wav, verify=NO_TLS).is_success
    again = httpx.put(url, content=b"second", headers=wav, verify=NO_TLS)
    assert again.is_success == place.of_s3
    place.store.fetch(key, tmp_path / "copy", never)
    assert (tmp_path / "copy").read_bytes() == (b"second" if place.of_s3 else b"first")


@holds_to_signatures
def test_a_link_for_one_key_is_none_for_another(place: Place, key: str, http: httpx.Client) -> None:
    store = place.store
    other = f"{key[:36]}/{uuid4()}"
    url = upload_url(store, key).replace(key, other)
    wav = {"content-type": "audio/wav"}
    assert not httpx.put(url, content=b"first", headers=wav, verify=NO_TLS).is_success
    assert store.stat(other) is None


@pytest.mark.parametrize("name", ["Sprache.wav", 'a "b" ü ☃ 你好; c=d&e.wav', "a\n\x00b\u202ec%2F"])
def test_a_link_serves_the_file_under_a_name(
    place: Place, put: Put, key: str, http: httpx.Client, name: str
) -> None:
    put()
    ends = place.clock.now() + timedelta(minutes=10)
    url = place.store.download_url(key, file_name=name, content_type="audio/flac", expires_at=ends)
    for method in ("GET",) if place.of_s3 else ("GET", "HEAD"):  # S3 signs the method
        answer = http.request(method, url)
        assert answer.status_code == 200
        assert int(answer.headers["content-length"]) == len(SOUND)
        assert answer.headers["content-type"] == "audio/flac"
        if not place.names_files:
            continue
        shown = answer.headers["content-disposition"]
        assert shown.startswith("attachment")
        said = unquote(shown)
        assert name in said or not set(name) & {"\n", "\x00", "\u202e"} & set(said)
    assert http.get(url).content == SOUND
    part = http.get(url, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, SOUND[10:20])


@holds_to_signatures
def test_links_end_when_they_say_and_after_a_quarter_of_an_hour(
    place: Place, put: Put, key: str, http: httpx.Client
) -> None:
    if place.of_s3 and not place.its_clock:
        pytest.skip(debian.MISSING.format("libfaketime"))
    put()

    def link(seconds: float) -> str:
        return place.store.download_url(
            key,
            file_name="x",
            content_type="audio/flac",
            expires_at=place.clock.now() + timedelta(seconds=seconds),
        )

    soon, capped = link(60), link(86_400)
    assert http.get(soon).status_code == http.get(capped).status_code == 200
    place.turn(61)
    assert http.get(soon).status_code >= 400
    assert http.get(capped).status_code == 200
    place.turn(15 * 60)
    assert http.get(capped).status_code >= 400
    if place.its_clock:  # links are signed by the clock of this machine
        place.turn(-61 - 15 * 60)
    assert http.get(link(60)).status_code == 200


def test_links_to_several_files_are_made_at_once(
    place: Place, put: Put, key: str, http: httpx.Client
) -> None:
    other, missing = (f"{key[:36]}/{uuid4()}" for _ in range(2))
    put(b"one")
    put(b"two", under=other)
    ends = place.clock.now() + timedelta(minutes=10)
    place.store.sign_ahead([key, missing, other, key], ends)
    first, nothing, second = (
        place.store.download_url(each, file_name="x", content_type="audio/flac", expires_at=ends)
        for each in (key, missing, other)
    )
    assert http.get(first).content == b"one"
    assert http.get(second).content == b"two"
    assert http.get(nothing).status_code >= 400


def test_storage_that_works_passes_its_check_and_keeps_nothing(store: MediaStore) -> None:
    before = set(store.keys(""))
    store.check()
    store.sweep()
    assert set(store.keys("")) == before
