"""Uploads by TUS as a program makes them, request by request."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

VERSION = {"Tus-Resumable": "1.0.0"}
STREAM = {"Content-Type": "application/offset+octet-stream"}


def encoded(metadata: Mapping[str, str]) -> str:
    """`Upload-Metadata`."""
    pairs = (f"{name} {base64.b64encode(v.encode()).decode()}" for name, v in metadata.items())
    return ",".join(pairs)


@dataclass
class Tus:
    """One upload that was offered.

    Attributes:
        http: Calls without a token.
        offer: What the announcement said of it.
        url: Where it goes on.
    """

    http: httpx.Client
    offer: Any
    url: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every request."""
        headers: dict[str, str] = VERSION | self.offer["headers"]
        return headers

    def create(
        self, length: object, metadata: Mapping[str, str] | None = None, **more: str
    ) -> httpx.Response:
        """Begin it."""
        given = self.offer["metadata"] if metadata is None else metadata
        said = {"Upload-Length": str(length), "Upload-Metadata": encoded(given)}
        headers = self.headers | said | {name.replace("_", "-"): v for name, v in more.items()}
        reply = self.http.post(self.offer["url"], headers=headers)
        if reply.status_code == 201:
            self.url = reply.headers["location"]
        return reply

    def patch(self, offset: object, data: bytes | Iterable[bytes], **more: str) -> httpx.Response:
        """Send bytes from there."""
        headers = self.headers | STREAM | {"Upload-Offset": str(offset)} | more
        return self.http.patch(self.url, content=data, headers=headers)

    def head(self) -> httpx.Response:
        """Ask where it stands."""
        return self.http.head(self.url, headers=self.headers)

    def offset(self) -> int:
        """Where it stands."""
        reply = self.head()
        assert reply.status_code == 200, reply.status_code
        return int(reply.headers["upload-offset"])

    def end(self) -> httpx.Response:
        """Give it up."""
        return self.http.delete(self.url, headers=self.headers)
