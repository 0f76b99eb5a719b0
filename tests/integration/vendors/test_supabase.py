"""The whole service on Supabase: its tokens, database and storage, by the settings alone."""

import hashlib
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
import soundfile as sf
from storage3 import SyncStorageClient
from tests import postgres_server
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.office import RATE_HZ, brief
from tests.plain_http import NO_TLS
from tests.supabase_database import AUTH, STORAGE, prepare
from tests.waiting import PATIENCE_S, until
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed

from ytdubber.testing.storage_double import (
    BUCKET,
    SECRET_KEY,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)

CHUNK = 128 * 1024


@pytest.fixture
def prepared() -> Iterator[str]:
    """A database as Supabase makes it, empty of ours."""
    url = postgres_server.fresh_database()
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection, AUTH + STORAGE)
    yield url
    postgres_server.drop_database(url)


@contextmanager
def served(log: Path) -> Iterator[str]:
    """`ytdubber serve` by the settings in force; its address."""
    words = [sys.executable, "-m", "ytdubber", "serve", "--port", "0", "--verbose"]
    with (
        log.open("wb") as err,
        subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=err, env=os.environ | {"COLUMNS": "400"}
        ) as process,
    ):
        assert process.stdout
        try:
            for line in iter(process.stdout.readline, b""):
                if found := re.search(rb"serves at (http://\S+)", line):
                    yield found[1].decode()
                    break
            else:
                raise AssertionError(log.read_text("utf-8"))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)


def recording() -> bytes:
    file = io.BytesIO()
    sf.write(file, brief(), RATE_HZ, format="FLAC")
    return file.getvalue()


def test_a_whole_job(
    serve: Serve, prepared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve()
    double = StorageDouble()
    with running(double) as project:
        monkeypatch.setenv("DATABASE_URL", prepared)
        monkeypatch.setenv("SUPABASE_URL", project)
        monkeypatch.setenv("SUPABASE_SERVICE_KEY", SECRET_KEY)
        token = double.sign_in.token(project, uuid4(), "eva@example.org")
        with (
            served(tmp_path / "serve.log") as url,
            httpx.Client(
                verify=NO_TLS,
                base_url=url,
                timeout=PATIENCE_S,
                headers={"Authorization": f"Bearer {token}"},
            ) as client,
        ):
            assert client.get("/ready").status_code == 200
            links = _dubbed(client, double, tmp_path / "serve.log")
            for link in links:
                first = client.get(link["url"])
                assert first.status_code == 307
                assert first.headers["location"].startswith(f"{project}/storage/v1/object/sign/")
                data = httpx.get(first.headers["location"], verify=NO_TLS).content
                assert hashlib.sha256(data).hexdigest() == link["sha256"]
                assert client.get(link["url"]).status_code == 410
    assert not list((tmp_path / "home").glob("media/*/*"))


def _dubbed(client: httpx.Client, double: StorageDouble, log: Path) -> list[dict[str, str]]:
    """A job sent in both ways, complete; one-time links to its files."""
    names = {"voice_track_name": "talk.flac", "background_track_name": "music.flac"}
    known = {"content_types": {"voice": "audio/flac", "background": "audio/flac"}}
    body = {"languages": ["pt"], "formats": ["flac"]} | names | known
    made = client.post("/api/jobs/upload-urls", json=body).raise_for_status().json()
    _as_the_official_client_does(made["upload_urls"]["voice_track"])
    _cut_and_resumed(made["resumable"]["background_track"], double)
    client.post("/api/jobs", json={"job_id": made["job_id"]}).raise_for_status()
    stage = ""

    def ended() -> bool:
        nonlocal stage
        stage = client.get(f"/api/jobs/{made['job_id']}").raise_for_status().json()["stage"]
        return stage in ("complete", "failed", "cancelled")

    until(ended, log)
    assert stage == "complete", log.read_text("utf-8")
    found = client.get(f"/api/jobs/{made['job_id']}/download").raise_for_status().json()
    links: list[dict[str, str]] = found["links"]
    return links


def _as_the_official_client_does(link: str) -> None:
    url = httpx.URL(link)
    base, key = link.split(f"/object/upload/sign/{BUCKET}/")
    with httpx.Client(verify=NO_TLS) as http:
        bucket = SyncStorageClient(f"{base}/", {}, http_client=http).from_(BUCKET)
        bucket.upload_to_signed_url(
            key.partition("?")[0], url.params["token"], recording(), {"content-type": "audio/flac"}
        )


def _cut_and_resumed(offered: Any, double: StorageDouble) -> None:
    client = TusClient(offered["url"], headers=offered["headers"])
    how = {"metadata": offered["metadata"], "chunk_size": CHUNK}
    first: Any = client.uploader(file_stream=io.BytesIO(recording()), **how)
    first.upload_chunk()
    double.script(Operation.TUS, [StorageFault(cut_in=True)])
    with pytest.raises(TusUploadFailed):
        first.upload_chunk()
    second: Any = client.uploader(file_stream=io.BytesIO(recording()), url=first.url, **how)
    assert second.offset == CHUNK
    second.upload()
