"""Two servers that speak S3: nanio (PyPI), which holds requests and links to their signatures, and
s3rver (npm), which looks at none, but serves files under the names that links give them.
"""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from tests import apart
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.adapters.s3.client import Account, s3_client

S3RVER = Path(__file__).parents[3] / ".tools" / "s3rver" / "node_modules" / ".bin" / "s3rver"
ABSENT = "there is no s3rver on this machine; make s3server installs it where npm is"
BUCKET = "media"
KEY = "S3RVER"
"""Both halves of the key pair they know."""


@contextmanager
def server(root: Path) -> Iterator[str]:
    """s3rver's address while it runs, with the bucket in it; skips where there is none."""
    if not S3RVER.exists():
        pytest.skip(ABSENT)
    port = _free_port()
    options = {"directory": root / "s3", "address": "127.0.0.1", "port": port}
    given = [f"--{name}={value}" for name, value in options.items()]
    with _running([S3RVER, *given, "--configure-bucket", BUCKET], port, root) as url:
        yield url


@contextmanager
def signed_server(root: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """nanio's address while it runs, with the bucket in it; skips where there is none."""
    program = apart.program("nanio", "nanio")
    (root / "s3").mkdir()
    port = _free_port()
    words = [program, "serve", "--data-dir", root / "s3", "--host", "127.0.0.1", "--port", port]
    keys = {"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": KEY}
    with _running(words, port, root, keys | dict(environment or {})) as url:
        with closing(s3_client(account(url))) as client:
            client.create_bucket(Bucket=BUCKET)
        yield url


def account(url: str) -> Account:
    return Account(url, None, KEY, KEY)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _running(
    words: Sequence[object], port: int, root: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    url, log = f"http://127.0.0.1:{port}", root / "s3.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [str(each) for each in words],
            stdout=out,
            stderr=out,
            env=os.environ | dict(environment or {}),
        ) as process,
    ):
        try:
            until(lambda: _answers(url), log)
            yield url
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        httpx.get(url, verify=NO_TLS)
    except httpx.HTTPError:
        return False
    return True
