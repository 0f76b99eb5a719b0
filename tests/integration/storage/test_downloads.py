"""Downloads over real HTTP."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from tests.integration.storage.serving import KEY, ORIGIN, ManualClock

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.api.storage import attachment

SOUND = os.urandom(2_300_001)
SHA256 = hashlib.sha256(SOUND).hexdigest()


@pytest.fixture
def url(store: FolderMediaStore, tmp_path: Path, clock: ManualClock) -> str:
    (tmp_path / "mix").write_bytes(SOUND)
    store.put(KEY, tmp_path / "mix", "audio/mpeg")
    return store.download_url(
        KEY,
        file_name="Übung – 1.mp3",
        content_type="audio/mpeg",
        expires_at=clock.now() + timedelta(minutes=5),
    )


def test_a_link_gives_the_file_as_often_as_asked(http: httpx.Client, url: str) -> None:
    for _ in range(2):
        reply = http.get(url, headers={"Origin": ORIGIN})
        assert (reply.status_code, reply.content) == (200, SOUND)
    assert reply.headers["content-length"] == str(len(SOUND))
    assert reply.headers["content-type"] == "audio/mpeg"
    assert reply.headers["etag"] == f'"{SHA256}"'
    assert reply.headers["cache-control"] == "private, no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["accept-ranges"] == "bytes"
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert "Content-Disposition" in reply.headers["access-control-expose-headers"]
    assert reply.headers["content-disposition"] == (
        "attachment; filename=\"_bung _ 1.mp3\"; filename*=UTF-8''%C3%9Cbung%20%E2%80%93%201.mp3"
    )


def test_head_tells_the_same_without_the_file(http: httpx.Client, url: str) -> None:
    head, get = http.head(url), http.get(url)
    assert (head.status_code, head.content) == (200, b"")
    same = ("content-length", "content-type", "etag", "content-disposition", "accept-ranges")
    assert {name: head.headers[name] for name in same} == {name: get.headers[name] for name in same}
    assert http.head(url, headers={"Range": "bytes=1-2"}).headers["content-length"] == "2"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=2300000-", 2_300_000, 2_300_001),
        ("bytes=100-99999999999", 100, len(SOUND)),
        ("bytes=-7", len(SOUND) - 7, len(SOUND)),
        ("bytes=-99999999", 0, len(SOUND)),
    ],
)
def test_a_range_is_served(http: httpx.Client, url: str, asked: str, start: int, stop: int) -> None:
    reply = http.get(url, headers={"Range": asked})
    assert (reply.status_code, reply.content) == (206, SOUND[start:stop])
    assert reply.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(SOUND)}"
    assert reply.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=2300001-", "bytes=9999999-99999999", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(http: httpx.Client, url: str, asked: str) -> None:
    reply = http.get(url, headers={"Range": asked})
    assert (reply.status_code, reply.json()["error"]) == (416, "range_not_satisfiable")
    assert reply.headers["content-range"] == f"bytes */{len(SOUND)}"


@pytest.mark.parametrize(
    "asked", ["bytes=9-5", "bytes=-", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes=٣-٤", "="]
)
def test_ranges_of_other_forms_are_ignored(http: httpx.Client, url: str, asked: str) -> None:
    reply = http.get(url, headers=[(b"Range", asked.encode())])
    assert (reply.status_code, len(reply.content)) == (200, len(SOUND))


def test_a_range_of_another_version_gives_the_whole(http: httpx.Client, url: str) -> None:
    reply = http.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert reply.status_code == 200
    reply = http.get(url, headers={"Range": "bytes=0-1", "If-Range": f'"{SHA256}"'})
    assert reply.status_code == 206


def test_a_file_that_was_deleted_is_gone(
    store: FolderMediaStore, http: httpx.Client, url: str
) -> None:
    store.delete([KEY])
    reply = http.get(url)
    assert (reply.status_code, reply.json()["error"]) == (404, "media_missing")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("mix.mp3", "mix.mp3"),
        ('a"; filename="evil.exe', "a__ filename=_evil.exe".replace("=", "_")),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\r\nSet-Cookie: a=b", "C__x_r_nSet-Cookie_ a_b"),
        ("..", "download"),
        ("", "download"),
        ("日本語.srt", "___.srt"),
        ("gpj.\u202e3pm", "gpj._u202e3pm"),
        ("\ud800.mp3", "_ud800.mp3"),
        ("x" * 300 + ".mp3", "x" * 250 + ".mp3"),
        ("50% off'(1).mp3", "50_ off_(1).mp3"),
    ],
)
def test_any_name_can_be_told(
    store: FolderMediaStore, http: httpx.Client, url: str, clock: ManualClock, name: str, plain: str
) -> None:
    del url  # the file is there
    link = store.download_url(
        KEY,
        file_name=name,
        content_type="audio/mpeg",
        expires_at=clock.now() + timedelta(seconds=60),
    )
    reply = http.head(link)
    assert reply.status_code == 200
    assert "set-cookie" not in reply.headers
    told = reply.headers["content-disposition"]
    assert told.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    full = unquote(told.rpartition("''")[2])
    assert not set(full) & set('/\\"\r\n\u202e')


def test_names_of_one_script_come_through_whole() -> None:
    assert unquote(attachment("日本語 – ü.srt").rpartition("''")[2]) == "日本語 – ü.srt"
