"""The whole service on Supabase: its tokens, database and storage, by the settings alone."""

import base64
import hashlib
import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from tests import apart, postgres_server
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.whole_job import (
    announced,
    dubbed,
    recording,
    redeemed,
    served,
    signed_in,
)
from tests.pooler import pooler
from tests.supabase_database import AUTH, STORAGE, prepare
from tests.waiting import PATIENCE_S
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
PROGRAM = Path(__file__).with_name("official_client.py")
PUBLISHABLE = "sb_publishable_double_0123456789abcdef"


@pytest.fixture
def prepared() -> Iterator[str]:
    """A database as Supabase makes it, empty of ours."""
    url = postgres_server.fresh_database()
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection, AUTH + STORAGE)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def double() -> StorageDouble:
    return StorageDouble()


@pytest.fixture
def project(double: StorageDouble, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The project's address, which is set, as are the vendors."""
    serve()
    with running(double) as url:
        monkeypatch.setenv("SUPABASE_URL", url)
        monkeypatch.setenv("SUPABASE_SERVICE_KEY", SECRET_KEY)
        yield url


def test_a_whole_job_through_a_transaction_pooler(
    project: str,
    double: StorageDouble,
    prepared: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its voice comes as a browser sends it, its background by TUS, cut and resumed."""
    log = tmp_path / "serve.log"
    token = double.sign_in.token(project, uuid4(), "eva@example.org")
    with ExitStack() as stack:
        database = stack.enter_context(pooler(prepared, size=20))
        monkeypatch.setenv("DATABASE_URL", database)
        url = stack.enter_context(served(log))
        client = stack.enter_context(signed_in(url, token))
        assert client.get("/ready").status_code == 200
        made = announced(client)
        _as_a_browser_does(made["upload_urls"]["voice_track"])
        _cut_and_resumed(made["resumable"]["background_track"], double)
        links = dubbed(client, made, log)
        assert links
        for link in links:
            to = redeemed(client, link)
            assert to.startswith(f"{project}/storage/v1/object/sign/")
    assert not list((tmp_path / "home").glob("media/*/*"))


def test_the_official_client_brings_and_fetches(
    project: str,
    double: StorageDouble,
    prepared: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", prepared)
    log, user_id = tmp_path / "serve.log", uuid4()
    token = double.sign_in.token(project, user_id, "eva@example.org")
    with served(log) as url, signed_in(url, token) as client:
        made = announced(client)
        sent = [_upload(link) for link in made["upload_urls"].values()]
        said = _official(url=project, key=PUBLISHABLE, jwt=token, uploads=sent)
        assert (said["sub"], said["alg"]) == (str(user_id), "ES256")
        hashes = {}
        for link in dubbed(client, made, log):
            to = httpx.URL(client.get(link["url"]).headers["location"])
            hashes[to.path.partition(f"/{BUCKET}/")[2]] = link["sha256"]
    said = _official(url=project, key=SECRET_KEY, downloads=list(hashes))
    assert hashes
    assert hashes == {
        path: hashlib.sha256(base64.b64decode(data)).hexdigest()
        for path, data in said["files"].items()
    }


def _official(**asked: Any) -> Any:
    """What the program says; skips where its package is not."""
    python = apart.program("supabase", "python")
    done = subprocess.run(
        [python, PROGRAM],
        input=json.dumps({"bucket": BUCKET} | asked),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _upload(link: str) -> dict[str, str]:
    """What the official client wants to know of an upload's link."""
    path = link.partition(f"/object/upload/sign/{BUCKET}/")[2].partition("?")[0]
    data = base64.b64encode(recording()).decode()
    token = httpx.URL(link).params["token"]
    return {"path": path, "token": token, "data": data, "type": "audio/flac"}


def _as_a_browser_does(link: str) -> None:
    headers = {"content-type": "audio/flac", "origin": "http://localhost:3000"}
    httpx.put(link, content=recording(), headers=headers).raise_for_status()


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
