"""An upload goes on at the right place after `ytdubber serve` ended in the middle of it."""

import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from tests.integration.api.tus_client import Tus
from tests.integration.roles.home import Home, Role, home
from tests.integration.storage.serving import free_port
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S, until

from ytdubber.adapters.identity.tokens import local_session

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the owner is found in /proc"),
    pytest.mark.xdist_group("roles"),
]
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # opens nothing but this test's service
MIB = 2**20


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home(tmp_path_factory.mktemp("r")) as made:
        yield made


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_upload_goes_on_after_the_service_was_started_again(made: Home, number: int) -> None:
    sound = os.urandom(7 * MIB)
    listener, address = free_port()
    listener.close()
    serve = _served(made, address)
    with closing(httpx.Client(verify=NO_TLS, base_url=address, timeout=PATIENCE_S)) as http:
        job = _announced(http, sound)
        tus = Tus(http, job["resumable"]["voice_track"])
        assert tus.create(len(sound)).status_code == 201
        assert tus.patch(0, sound[: 3 * MIB]).status_code == 204
        serve.end(number)
        serve = _served(made, address)
        assert tus.offset() == 3 * MIB
        assert tus.patch(2 * MIB, sound[2 * MIB : 4 * MIB]).status_code == 409
        assert tus.patch(3 * MIB, sound[3 * MIB : 5 * MIB]).status_code == 204
        serve.end(number)
        _served(made, address)
        assert tus.offset() == 5 * MIB
        assert tus.patch(5 * MIB, sound[5 * MIB :]).status_code == 204
        key = job["voice_track_path"]
        assert made.ask("select bytes, sha256 from ytdubber.uploads where key = %s", key) == [
            (len(sound), hashlib.sha256(sound).hexdigest())
        ]


def _served(made: Home, address: str) -> Role:
    port = str(urlsplit(address).port)
    role = made.start("serve", "--port", port, "--workers", "0", YTDUBBER_SECRET=SECRET)
    until(lambda: role.process.poll() is not None or role.status() == 200, made.log)
    assert role.process.poll() is None, made.log.read_text()
    return role


def _announced(http: httpx.Client, sound: bytes) -> Any:
    session = local_session(SECRET, uuid4(), "eva@example.org", timedelta(hours=1))
    facts = {"size": len(sound), "type": "audio/wav", "sha256": hashlib.sha256(sound).hexdigest()}
    body = {"languages": ["pt"], "voice_track_name": "talk.wav", "voice_track": facts}
    headers = {"Authorization": f"Bearer {session.access_token}"}
    reply = http.post("/api/jobs/upload-urls", json=body, headers=headers)
    return reply.raise_for_status().json()
