"""A server that speaks S3, from npm: `sh scripts/s3_server.sh .tools/s3rver` installs it."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.adapters.s3.client import Account

PROGRAM = Path(__file__).parents[3] / ".tools" / "s3rver" / "node_modules" / ".bin" / "s3rver"
ABSENT = "there is no s3rver on this machine; make s3server installs it where npm is"
BUCKET = "media"
KEY = "S3RVER"
"""Both halves of the key pair it knows."""


@contextmanager
def server(root: Path) -> Iterator[str]:
    """Its address while it runs, with the bucket in it. The test is skipped where there is none."""
    if not PROGRAM.exists():
        pytest.skip(ABSENT)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = {"directory": root / "s3", "address": "127.0.0.1", "port": port}
    given = [f"--{name}={value}" for name, value in options.items()]
    log = root / "s3.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [PROGRAM, *given, "--configure-bucket", BUCKET], stdout=out, stderr=out
        ) as process,
    ):
        try:
            until(lambda: _answers(url), log)
            yield url
        finally:
            process.terminate()


def account(url: str) -> Account:
    return Account(url, None, KEY, KEY)


def _answers(url: str) -> bool:
    try:
        httpx.get(url, verify=NO_TLS)
    except httpx.HTTPError:
        return False
    return True
