"""A web server on this machine that behaves as hubs do, or as badly as a test wants."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.waiting import PATIENCE_S


@dataclass
class Page:
    """What lies at an address, and how it is served.

    `cuts` are the bytes after which the first, second ... answer breaks off.
    """

    body: bytes
    etag: str = '"v1"'
    status: int = 200
    ranges: bool = True
    unsatisfiable: bool = False
    lengths: bool = True
    cuts: list[int] = field(default_factory=list)
    gate: threading.Event | None = None


@dataclass(frozen=True)
class Request:
    path: str
    range: str | None
    if_range: str | None


class Hub:
    """The server: put pages in, read requests out."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, Page] = {}
        self.requests: list[Request] = []
        self.seen = threading.Event()

    def put(self, path: str, page: Page) -> str:
        self.pages[path] = page
        return f"{self.url}{path}"

    def hits(self) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for request in self.requests:
            counts[request.path] += 1
        return dict(counts)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        hub = self.server.hub
        path = self.path.removeprefix("/")
        hub.requests.append(Request(path, self.headers["Range"], self.headers["If-Range"]))
        page, start = self._answer(hub.pages.get(path, Page(b"", status=404)))
        self._head(page, start)
        body = page.body[start:]
        if page.cuts:
            body = body[: page.cuts.pop(0)]
        half = len(body) // 2
        self.wfile.write(body[:half])
        self.wfile.flush()
        hub.seen.set()
        if page.gate:
            page.gate.wait(PATIENCE_S)
        self.wfile.write(body[half:])

    def _answer(self, page: Page) -> tuple[Page, int]:
        """The page to send, and from which byte."""
        wanted, version = self.headers["Range"], self.headers["If-Range"]
        if wanted and page.unsatisfiable:
            return Page(b"", status=416), 0
        if wanted and page.ranges and version in (None, page.etag):
            return page, int(wanted.removeprefix("bytes=").rstrip("-"))
        return page, 0

    def _head(self, page: Page, start: int) -> None:
        self.send_response(206 if start else page.status)
        if page.lengths:
            self.send_header("Content-Length", str(len(page.body) - start))
        if page.etag:
            self.send_header("ETag", page.etag)
        if start:
            last = len(page.body) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(page.body)}")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


class _Server(ThreadingHTTPServer):
    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle is what some tests are about."""


@contextmanager
def serving() -> Iterator[Hub]:
    """A hub on a free port of the loopback address."""
    hub = Hub("")
    server = _Server(hub)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield hub
    finally:
        for page in hub.pages.values():
            if page.gate:
                page.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()
