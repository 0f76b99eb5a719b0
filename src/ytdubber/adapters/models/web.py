"""Downloads over HTTPS that resume where they broke off and give up fast on a closed network."""

import http.client
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from queue import Empty, SimpleQueue
from socket import create_connection
from typing import cast

from ytdubber.adapters.models.transfer import (
    Check,
    SourceFailed,
    Tell,
    copy_bytes,
    size_of,
    wait_for,
)

CONNECT_S = 3.0
"""How long a host may take to be found and to accept a connection."""

READ_S = 10.0
"""How long a connection may stay silent before it counts as broken."""

_RESUMES = 5
_RANGE_NOT_SATISFIABLE = 416
_PARTIAL = 206


class _Refused(SourceFailed):
    def __init__(self, host: str, status: int) -> None:
        super().__init__(f"{host} answered {status}")
        self.status = status


class _Body:
    """A response's bytes. A broken connection reads as its end: the bytes are counted after."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response

    def read(self, size: int) -> bytes:
        try:
            return self._response.read(size)
        except (OSError, http.client.HTTPException):
            return b""


class Web:
    """An HTTP client for hubs. A host that did not answer is not asked again.

    Args:
        check: called often while bytes flow; what it raises stops the work.
        connect_s: how long a host may take to be found and to accept a connection.
        read_s: how long a connection may stay silent before it counts as broken.
    """

    def __init__(
        self, check: Check, *, connect_s: float = CONNECT_S, read_s: float = READ_S
    ) -> None:
        self._check = check
        self._connect_s = connect_s
        self._read_s = read_s
        self._hosts: dict[str, str] = {}
        self._lock = threading.Lock()
        self._opener = urllib.request.build_opener()

    def read(self, url: str, limit_bytes: int) -> bytes:
        """A small document.

        Raises:
            SourceFailed: it cannot be had, or is longer than the limit.
        """
        try:
            with self._open(url, {}) as response:
                body = response.read(limit_bytes + 1)
        except (OSError, http.client.HTTPException) as error:
            raise SourceFailed("the connection broke") from error
        if len(body) > limit_bytes:
            raise SourceFailed("the answer is too long")
        return body

    def download(self, url: str, part: Path, size: int, tell: Tell) -> None:
        """Bring a file of known size to `part`, from where an earlier download of it broke off.

        A note beside the part (`.etag`) names the version it belongs to; a part without one, or of
        another version, is started over.

        Raises:
            SourceFailed: it cannot be had. The part stays and can be resumed.
        """
        part.parent.mkdir(parents=True, exist_ok=True)
        note = part.with_name(f"{part.name}.etag")
        for _ in range(_RESUMES):
            before = _resumable(url, part, note, size)
            if before < size:
                self._continue(url, part, note, before, size, tell)
            if size_of(part) == size:
                note.unlink(missing_ok=True)
                return
            if size_of(part) <= before:
                break
        raise SourceFailed(f"the connection broke after {max(0, size_of(part)):,} bytes")

    def _continue(
        self, url: str, part: Path, note: Path, offset: int, size: int, tell: Tell
    ) -> None:
        """Download from the offset until the end or until the connection breaks."""
        try:
            response = self._open(url, _range(offset, note))
        except _Refused as refusal:
            if refusal.status != _RANGE_NOT_SATISFIABLE or not offset:
                raise
            offset = 0
            response = self._open(url, {})
        with response:
            if response.status != _PARTIAL:
                offset = 0
            _verify_length(response, offset, size)
            _write_note(note, url, response)
            with part.open("ab" if offset else "wb") as target:
                copy_bytes(_Body(response), target, size - offset, tell, done=offset)

    def _open(self, url: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._check()
        host = urllib.parse.urlsplit(url).netloc
        self._reach(url, host)
        headers = {"User-Agent": "ytdubber", "Accept-Encoding": "identity", **headers}
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - manifest URLs are https
        try:
            response = self._opener.open(request, timeout=self._read_s)
        except urllib.error.HTTPError as error:
            error.close()
            raise _Refused(host, error.code) from error
        except (OSError, http.client.HTTPException) as error:
            raise SourceFailed(self._give_up(host, _reason(error))) from error
        return cast(http.client.HTTPResponse, response)

    def _reach(self, url: str, host: str) -> None:
        """Find out once whether a host answers, in bounded time even when name lookup hangs."""
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = self._knock(url)
            reason = self._hosts[host]
        if reason:
            raise SourceFailed(reason)

    def _give_up(self, host: str, reason: str) -> str:
        with self._lock:
            self._hosts[host] = f"{host}: {reason}"
            return self._hosts[host]

    def _knock(self, url: str) -> str:
        """Why a host cannot be reached, encryption included; empty when it can."""
        address = urllib.parse.urlsplit(url)
        host = address.hostname or ""
        proxied = address.scheme in urllib.request.getproxies()
        if proxied and not urllib.request.proxy_bypass(host):
            return ""
        port = address.port or (443 if address.scheme == "https" else 80)
        answers: SimpleQueue[str] = SimpleQueue()

        def knock() -> None:
            try:
                with create_connection((host, port), timeout=self._connect_s) as line:
                    if address.scheme == "https":
                        ssl.create_default_context().wrap_socket(line, server_hostname=host).close()
            except OSError as error:
                answers.put(f"{host}: {_reason(error)}")
            else:
                answers.put("")

        threading.Thread(target=knock, name=f"knock-{host}", daemon=True).start()
        try:
            return wait_for(answers, self._connect_s, self._check)
        except Empty:
            return f"{host}: no answer within {self._connect_s:g} s"


def _resumable(url: str, part: Path, note: Path, size: int) -> int:
    """The bytes of the part that may be kept."""
    here = size_of(part)
    if here <= 0 or here > size or not _validator(note, url):
        return 0
    return here


def _range(offset: int, note: Path) -> dict[str, str]:
    if not offset:
        return {}
    return {"Range": f"bytes={offset}-", "If-Range": note.read_text().splitlines()[1]}


def _validator(note: Path, url: str) -> str:
    """The version that a part of this URL belongs to; empty when it is not known."""
    try:
        of, validator = note.read_text().splitlines()
    except (OSError, ValueError):
        return ""
    return validator if of == url else ""


def _write_note(note: Path, url: str, response: http.client.HTTPResponse) -> None:
    """Keep what identifies this version. Weak entity tags may not be used with If-Range."""
    tag = response.headers.get("ETag", "")
    validator = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
    note.unlink(missing_ok=True)
    if validator:
        note.write_text(f"{url}\n{validator}\n")


def _verify_length(response: http.client.HTTPResponse, offset: int, size: int) -> None:
    """Refuse another file before its bytes are fetched, such as a login page."""
    begins = response.headers.get("Content-Range", "")
    if offset and not begins.startswith(f"bytes {offset}-"):
        raise SourceFailed("it resumed at another place than asked")
    length = response.headers.get("Content-Length")
    if length is not None and offset + int(length) != size:
        raise SourceFailed(f"it offers {offset + int(length):,} bytes, expected {size:,}")


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return str(getattr(cause, "strerror", "") or cause or type(cause).__name__)
