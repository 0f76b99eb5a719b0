"""Uploads by TUS of a user of the service, and what is left of them."""

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ORIGIN
from tests.integration.api.tus_client import STREAM, Tus
from tests.waiting import PATIENCE_S, until

MIB = 2**20
SOUND = os.urandom(7 * MIB)
SHA256 = hashlib.sha256(SOUND).hexdigest()


def offered(who: ApiUser, size: int | None = len(SOUND), **more: Any) -> tuple[Any, Tus]:
    """An announced job, and the upload of its voice."""
    track = {"type": "audio/wav"} | ({} if size is None else {"size": size}) | more
    job = who.announce("pt", background=False, voice_track=track)
    return job, Tus(who.anonymous, job["resumable"]["voice_track"])


@contextmanager
def wire(upload: Tus, offset: int, length: int) -> Iterator[socket.socket]:
    """A connection on which the head of a PATCH was sent."""
    parts = urlsplit(upload.url)
    headers = (
        upload.headers | STREAM | {"Upload-Offset": f"{offset}", "Content-Length": f"{length}"}
    )
    lines = [f"PATCH {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    address = parts.hostname or "", parts.port or 0
    with socket.create_connection(address, timeout=PATIENCE_S) as link:
        link.sendall("\r\n".join([*lines, "", ""]).encode())
        yield link


def stored(who: ApiUser, job: Any) -> Any:
    return who.harness.backend.media.stat(job["voice_track_path"])


def left(who: ApiUser, job: Any) -> list[str]:
    """Names of files that are there for a job, beside locks."""
    root = who.harness.backend.settings.data / "media"
    return sorted(path.name for path in root.glob(f"*/{job['job_id']}.*"))


def refused(reply: httpx.Response, status: int, code: str) -> httpx.Response:
    assert (reply.status_code, reply.json()["error"]) == (status, code), reply.text
    assert reply.headers["tus-resumable"] == "1.0.0"
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    return reply


def let_in(who: ApiUser, job: Any) -> None:
    """Wait until bytes of the job's upload are written."""
    root = who.harness.backend.settings.data / "media"
    notes = (".unfinished", ".json", ".tmp")
    until(
        lambda: any(
            path.stat().st_size
            for path in root.glob(f"*/{job['job_id']}.*")
            if path.suffix not in notes
        )
    )
