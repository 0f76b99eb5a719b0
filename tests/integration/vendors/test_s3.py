"""The whole service with its files in S3, by the settings alone."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.integration.storage.s3_server import BUCKET, account, server
from tests.integration.storage.s3_server import KEY as S3_KEY
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.whole_job import (
    announced,
    dubbed,
    recording,
    redeemed,
    served,
    signed_in,
)
from tests.plain_http import NO_TLS

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.adapters.s3.client import s3_client

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # opens nothing but this test's service
FLAC = {"content-type": "audio/flac"}


def test_a_whole_job(
    serve: Serve,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve()
    log = tmp_path / "serve.log"
    token = local_session(SECRET, uuid4(), "eva@example.org", timedelta(hours=1)).access_token
    with server(tmp_path) as storage, closing(s3_client(account(storage))) as s3:
        for name, value in {
            "DATABASE_URL": database_url,
            "YTDUBBER_SECRET": SECRET,
            "YTDUBBER_S3_BUCKET": BUCKET,
            "YTDUBBER_S3_ENDPOINT": storage,
            "YTDUBBER_S3_ACCESS_KEY": S3_KEY,
            "YTDUBBER_S3_SECRET_KEY": S3_KEY,
        }.items():
            monkeypatch.setenv(name, value)
        with served(log) as url, signed_in(url, token) as client:
            assert client.get("/ready").status_code == 200
            made = announced(client)
            for link in made["upload_urls"].values():
                assert link.startswith(f"{storage}/{BUCKET}/{made['job_id']}/")
                sent = httpx.put(link, content=recording(), headers=FLAC, verify=NO_TLS)
                sent.raise_for_status()
            links = dubbed(client, made, log)
            assert links
            for each in links:
                assert redeemed(client, each).startswith(f"{storage}/{BUCKET}/")
            kept = s3.list_objects_v2(Bucket=BUCKET, Prefix=made["job_id"])["Contents"]
            assert len(kept) >= len(links) + 2
    assert not list((tmp_path / "home").glob("media/*/*"))
