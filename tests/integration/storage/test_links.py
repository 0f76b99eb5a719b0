"""Nothing but the links we signed opens anything, and only in their time."""

import string
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.storage.conftest import UploadUrl
from tests.integration.storage.serving import JOB, KEY, OTHER_KEY, SECRET, ManualClock, storage
from tests.plain_http import NO_TLS

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.domain.errors import BadSignature, LinkExpired, NotFound
from ytdubber.ports.media_store import UploadHeaders

WAV = {"Content-Type": "audio/wav"}


def changed(url: str, **changes: str | None) -> str:
    parts = urlsplit(url)
    fields: dict[str, str | None] = {**dict(parse_qsl(parts.query)), **changes}
    query = urlencode({name: value for name, value in fields.items() if value is not None})
    return urlunsplit(parts._replace(query=query))


@pytest.fixture
def full_url(upload_url: UploadUrl) -> str:
    """An upload link with every field a link can have."""
    return upload_url(bytes=5, sha256="ab" * 32)


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "99999999999"},
        {"max": "999999999"},
        {"size": "6"},
        {"size": None},
        {"sha256": "cd" * 32},
        {"sha256": None},
        {"type": "audio/mpeg"},
        {"type": None},
        {"max": None},
        {"expires": None},
        {"signature": None},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "ünicode"},
        {"extra": "1"},
    ],
)
def test_a_changed_upload_link_is_refused(
    http: httpx.Client, full_url: str, root: Path, change: dict[str, str | None]
) -> None:
    reply = http.put(changed(full_url, **change), content=b"sound", headers=WAV)
    assert (reply.status_code, reply.json()["error"]) == (403, "bad_signature")
    assert list(root.glob("*/*.json")) == []


@pytest.mark.parametrize(
    "change",
    [{"name": "other.mp3"}, {"type": "text/html"}, {"expires": "99999999999"}, {"name": None}],
)
def test_a_changed_download_link_is_refused(
    store: FolderMediaStore,
    http: httpx.Client,
    clock: ManualClock,
    tmp_path: Path,
    change: dict[str, str | None],
) -> None:
    (tmp_path / "x").write_bytes(b"sound")
    store.put(KEY, tmp_path / "x", "audio/mpeg")
    url = store.download_url(
        KEY,
        file_name="a.mp3",
        content_type="audio/mpeg",
        expires_at=clock.now() + timedelta(seconds=60),
    )
    assert http.get(url).status_code == 200
    assert http.get(changed(url, **change)).status_code == 403
    assert http.get(url.replace(KEY, OTHER_KEY)).status_code == 403
    assert http.put(url, content=b"x", headers=WAV).status_code == 403


def test_a_link_is_for_its_key_and_method_only(http: httpx.Client, upload_url: UploadUrl) -> None:
    url = upload_url()
    assert http.put(url.replace(KEY, OTHER_KEY), content=b"x", headers=WAV).status_code == 403
    assert http.get(url).status_code == 403
    assert http.put(url + "&expires=1", content=b"x", headers=WAV).status_code == 403
    assert http.post(url).status_code == 405
    assert http.post(url).json()["error"] == "method_not_allowed"


@pytest.mark.parametrize(
    "path",
    [
        "/storage/../../etc/passwd",
        "/storage/..%2f..%2fetc%2fpasswd",
        "/storage/%2e%2e/%2e%2e",
        f"/storage/{JOB}/..",
        f"/storage/{JOB}/lock",
        f"/storage/{KEY.upper().replace('1', 'A')}",
        f"/storage/{KEY}.json",
        f"/storage/{KEY}%00",
        f"/storage/{KEY}%0a",
        "/storage/",
        "/storage",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
def test_paths_that_are_no_keys_are_nothing(
    http: httpx.Client, upload_url: UploadUrl, path: str, method: str
) -> None:
    parts = urlsplit(upload_url())
    target = f"{path}?{parts.query}".encode()
    request = http.build_request(method, f"{parts.scheme}://{parts.netloc}", headers=WAV)
    request.extensions["target"] = target
    reply = http.send(request)
    assert reply.status_code == 404
    if method != "HEAD":
        assert reply.json()["error"] == "not_found"


def test_links_end_in_their_time_and_none_lasts_longer_than_it_may(
    http: httpx.Client, store: FolderMediaStore, upload_url: UploadUrl, clock: ManualClock
) -> None:
    short, long = upload_url(), upload_url(expires_in_s=99_999_999)
    down = store.download_url(
        KEY,
        file_name="a",
        content_type="audio/mpeg",
        expires_at=clock.now() + timedelta(days=2),
    )
    clock.turn(599)
    assert http.put(short, content=b"", headers=WAV).status_code == 400
    clock.turn(1)
    reply = http.put(short, content=b"x", headers=WAV)
    assert (reply.status_code, reply.json()["error"]) == (410, "link_expired")
    assert "Ask for a new one" in reply.json()["message"]
    clock.turn(299)
    assert http.get(down).status_code == 404
    clock.turn(1)
    assert http.get(down).status_code == 410
    clock.turn(2699)
    assert http.put(long, content=b"", headers=WAV).status_code == 400
    clock.turn(1)
    assert http.put(long, content=b"", headers=WAV).status_code == 410


def test_links_of_another_secret_are_refused(
    tmp_path: Path, clock: ManualClock, http: httpx.Client, upload_url: UploadUrl
) -> None:
    url = urlsplit(upload_url())
    other = FolderMediaStore(tmp_path / "other", b"x" * 32, f"http://{url.netloc}", clock)
    link = other.upload_url(
        KEY, content_type=None, max_bytes=9, bytes=None, sha256=None, expires_in_s=60
    )
    assert http.put(link, content=b"x", headers=WAV).status_code == 403
    with pytest.raises(ValueError, match="32 bytes"):
        FolderMediaStore(tmp_path / "other", b"short", "http://x", clock)


def test_while_the_secret_is_changed_links_of_both_open(tmp_path: Path, clock: ManualClock) -> None:
    new, old, third = (letter * 32 for letter in (b"n", b"o", b"t"))
    base_url = "http://localhost"

    def link(secret: bytes) -> str:
        store = FolderMediaStore(tmp_path, secret, base_url, clock)
        url = store.upload_url(
            KEY, content_type=None, max_bytes=9, bytes=5, sha256=None, expires_in_s=60
        )
        return urlsplit(url).query

    both = FolderMediaStore(tmp_path, new, base_url, clock, second_secret=old)
    for secret in (new, old):
        both.accept(KEY, link(secret), UploadHeaders("audio/wav", 5)).abandon()
    with pytest.raises(BadSignature):
        both.accept(KEY, link(third), UploadHeaders("audio/wav", 5))
    given = both.download_url(
        KEY, file_name="a", content_type="audio/mpeg", expires_at=clock.now() - timedelta(seconds=1)
    )
    with pytest.raises(LinkExpired):  # signed by the new one alone
        FolderMediaStore(tmp_path, new, base_url, clock).present(KEY, urlsplit(given).query)
    with pytest.raises(ValueError, match="32 bytes"):
        FolderMediaStore(tmp_path, new, base_url, clock, second_secret=b"short")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FolderMediaStore, str]]:
    clock = ManualClock()
    with storage(tmp_path_factory.mktemp("fuzz"), clock) as store:
        yield (
            store,
            store.upload_url(
                KEY, content_type=None, max_bytes=9, bytes=None, sha256=None, expires_in_s=60
            ),
        )


NAMES = st.sampled_from(["expires", "signature", "max", "size", "sha256", "type", "name"])
QUERIES = st.one_of(
    st.text(alphabet=string.printable, max_size=80),
    st.lists(st.tuples(NAMES | st.text(max_size=5), st.text(max_size=20)), max_size=20).map(
        lambda pairs: urlencode(pairs, errors="replace")
    ),
    st.lists(st.tuples(NAMES, st.integers().map(str)), max_size=9).map(urlencode),
)


@given(query=QUERIES, key=st.just(KEY) | st.text(max_size=90))
@settings(max_examples=300, deadline=None)
def test_no_query_we_did_not_sign_is_taken(
    served: tuple[FolderMediaStore, str], query: str, key: str
) -> None:
    with pytest.raises((BadSignature, NotFound)):
        served[0].accept(key, query, UploadHeaders("audio/wav", 5))
    with pytest.raises((BadSignature, NotFound)):
        served[0].present(key, query)


@given(data=st.data(), method=st.sampled_from(["PUT", "GET", "HEAD"]))
@settings(max_examples=150, deadline=None)
def test_a_link_with_any_byte_changed_is_refused_over_http(
    served: tuple[FolderMediaStore, str], data: st.DataObject, method: str
) -> None:
    store, url = served
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}"
    at = data.draw(st.integers(len("/storage/"), len(target) - 1))
    byte = data.draw(st.sampled_from(string.ascii_letters + string.digits + "&=%+-._~/?"))
    new = target[:at] + byte + target[at + 1 :]
    request = httpx.Request(method, f"http://{parts.netloc}", headers=WAV, content=b"x")
    request.extensions["target"] = new.encode()
    with httpx.Client(verify=NO_TLS) as client:
        status = client.send(request).status_code
    if new == target and method == "PUT":
        assert status == 200
        store.delete([KEY])
    else:
        assert status in (403, 404)


def test_the_secret_is_not_what_signs(clock: ManualClock, tmp_path: Path) -> None:
    """A secret used elsewhere too gives no signature away: links have a key derived from it."""
    url = FolderMediaStore(tmp_path, SECRET, "http://x", clock).download_url(
        KEY, file_name="a", content_type="audio/mpeg", expires_at=clock.now() - timedelta(seconds=1)
    )
    store = FolderMediaStore(tmp_path, SECRET, "http://x", clock)
    with pytest.raises(LinkExpired):
        store.present(KEY, urlsplit(url).query)
