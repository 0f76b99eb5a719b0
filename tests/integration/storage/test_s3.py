"""What is S3's own: what its links say, files in parts, servers that are away."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from tests.integration.storage.s3_server import BUCKET, account, server
from tests.integration.storage.serving import KEY

from ytdubber.adapters.s3.client import Account, s3_client
from ytdubber.adapters.s3.media import PART_BYTES, S3MediaStore
from ytdubber.bootstrap.remote_storage import storage_origin
from ytdubber.domain.errors import StorageNotWorking
from ytdubber.settings import Settings, StorageSettings
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.web.page import add_page


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with (
        server(tmp_path_factory.mktemp("s3")) as url,
        closing(s3_client(account(url))) as client,
    ):
        yield client


@pytest.fixture
def store(client: Any) -> S3MediaStore:
    return S3MediaStore(client, BUCKET, ManualClock(datetime.now(UTC)))


@pytest.fixture
def offline() -> Iterator[S3MediaStore]:
    """A store that only signs."""
    there = Account("https://s3.example.org", "auto", "key", "secret")
    with closing(s3_client(there)) as client:
        yield S3MediaStore(client, BUCKET, ManualClock())


def said(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_an_upload_link_holds_to_what_was_announced(offline: S3MediaStore) -> None:
    def signed(content_type: str | None, size: int | None, lasts_s: int = 600) -> dict[str, str]:
        url = offline.upload_url(
            KEY,
            content_type=content_type,
            max_bytes=100,
            bytes=size,
            sha256=None,
            expires_in_s=lasts_s,
        )
        assert url.startswith(f"https://s3.example.org/{BUCKET}/{KEY}?")
        return said(url)

    assert signed("audio/wav", 10)["X-Amz-SignedHeaders"] == "content-length;content-type;host"
    assert signed("audio/wav", None)["X-Amz-SignedHeaders"] == "content-type;host"
    assert signed(None, None)["X-Amz-SignedHeaders"] == "host"
    assert signed(None, None)["X-Amz-Expires"] == "600"
    assert signed(None, None, 86_400)["X-Amz-Expires"] == "3600"


def test_a_download_link_says_how_long_it_lasts(offline: S3MediaStore) -> None:
    def signed(**lasts: float) -> str:
        ends = ManualClock().now() + timedelta(**lasts)
        url = offline.download_url(
            KEY, file_name="ü.wav", content_type="audio/wav", expires_at=ends
        )
        assert (
            said(url)["response-content-disposition"] == "attachment; filename*=UTF-8''%C3%BC.wav"
        )
        assert said(url)["response-content-type"] == "audio/wav"
        return said(url)["X-Amz-Expires"]

    assert signed(seconds=60) == "60"
    assert signed(days=1) == "900"
    assert signed(days=-1) == "1"


def test_a_large_file_goes_in_parts(store: S3MediaStore, client: Any, tmp_path: Path) -> None:
    large = os.urandom(2 * PART_BYTES + 1_000)
    (tmp_path / "large").write_bytes(large)
    parts: list[int] = []
    client.meta.events.register(
        "before-call.s3.UploadPart", lambda **_: parts.append(1), unique_id="parts"
    )
    store.put(KEY, tmp_path / "large", "audio/flac")
    assert not (tmp_path / "large").exists()
    came = store.fetch(KEY, tmp_path / "copy", lambda: None)
    assert came == hashlib.sha256(large).hexdigest()
    assert len(parts) == 3
    store.delete([KEY])


def test_many_keys_are_listed_and_removed(store: S3MediaStore, client: Any) -> None:
    job = uuid4()
    keys = {f"{job}/{uuid4()}" for _ in range(30)}
    for key in keys:
        client.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    assert set(store.keys(f"{job}/")) == keys
    store.delete(sorted(keys))
    assert list(store.keys(f"{job}/")) == []


def test_a_bucket_that_is_missing_is_told(client: Any) -> None:
    store = S3MediaStore(client, "another", ManualClock())
    with pytest.raises(StorageNotWorking, match="YTDUBBER_S3_BUCKET") as raised:
        store.check()
    assert raised.value.away


def test_a_server_that_is_away_is_told() -> None:
    with closing(s3_client(Account("http://127.0.0.1:1", None, "key", "secret"))) as client:
        with pytest.raises(StorageNotWorking, match="does not answer") as raised:
            S3MediaStore(client, BUCKET, ManualClock()).stat(KEY)
    assert raised.value.away


def test_pages_are_told_where_the_files_are() -> None:
    def origin(**storage: str) -> str | None:
        pair = {"s3_access_key": "key", "s3_secret_key": "secret"}
        given = StorageSettings.model_validate(pair | storage) if storage else StorageSettings()
        return storage_origin(Settings(storage=given))

    assert origin() is None
    assert origin(s3_bucket="dubs", s3_endpoint="http://minio:9000/x") == "http://minio:9000"
    amazon = origin(s3_bucket="dubs", s3_region="eu-central-1")
    assert amazon == "https://dubs.s3.eu-central-1.amazonaws.com"
    project = Settings(
        supabase_url="https://ref.supabase.co/",
        storage=StorageSettings(supabase_service_key=SecretStr("sb_secret_0123456789")),
    )
    assert storage_origin(project) == "https://ref.supabase.co"
    app = FastAPI()
    add_page(app, amazon)
    with TestClient(app) as client:
        start = client.get("/")
    policy = start.headers["content-security-policy"]
    assert f'<meta name="storage" content="{amazon}">' in start.text
    assert f"connect-src 'self' {amazon};" in policy
    assert f"media-src 'self' blob: {amazon};" in policy
