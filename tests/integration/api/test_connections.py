"""Clients that keep a connection without using it, over real sockets."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from tests.waiting import PATIENCE_S, eventually
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ytdubber.api import errors
from ytdubber.api.connections import Guarded, guarded, public_address
from ytdubber.api.limits import BodyLimit
from ytdubber.domain.limits import ConnectionLimits

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass(frozen=True)
class Served:
    """A server, and what its application waits for and tells."""

    port: int
    protocol: type[Guarded]
    go_on: threading.Event
    ended: threading.Event

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def ask(self, request: bytes = GET) -> bytes:
        """The whole answer to a request on a connection of its own."""
        with self.connect() as wire:
            wire.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            return rest(wire)

    def empties(self) -> bool:
        return eventually(lambda: self.protocol.guard.connections == 0)


@contextmanager
def served(base: type[Any], **limits: float) -> Iterator[Served]:
    """A server whose `/wait` answers when told to, and whose `/much` and `/at-once` are 64 MB."""
    go_on, ended = threading.Event(), threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/wait":
            await asyncio.get_running_loop().run_in_executor(None, go_on.wait)
        size = {"/much": 64, "/at-once": 64}.get(scope["path"], 0) * 2**20
        head = [(b"content-length", str(size or 2).encode())]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": head})
            piece = size if scope["path"] == "/at-once" else 2**20
            for _ in range(size // piece if size else 0):
                await send({"type": "http.response.body", "body": bytes(piece), "more_body": True})
            last = b"" if size else b"ok"
            await send({"type": "http.response.body", "body": last, "more_body": False})
        finally:
            ended.set()

    settings = ConnectionLimits(**limits)  # type: ignore[arg-type]  # as tests mean them
    protocol = guarded(settings, base=base, address_of=lambda address: address)
    with running(app, protocol) as port:
        try:
            yield Served(port, protocol, go_on, ended)
        finally:
            go_on.set()


@contextmanager
def running(app: Any, protocol: type[Guarded]) -> Iterator[int]:
    """The port where an application is served."""
    config = uvicorn.Config(
        app, http=protocol, log_config=None, lifespan="off", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(params=[HttpToolsProtocol, H11Protocol], ids=["httptools", "h11"])
def base(request: pytest.FixtureRequest) -> type[Any]:
    found: type[Any] = request.param
    return found


def rest(wire: socket.socket) -> bytes:
    """Everything that comes until the end."""
    came = bytearray()
    with suppress(ConnectionResetError):
        while piece := wire.recv(1_000_000):
            came += piece
    return bytes(came)


def drip(wire: socket.socket, bytes_: bytes = b"x") -> bytes:
    """Send little by little until the other end has enough; what it says then."""
    wire.settimeout(0.02)
    said, end = b"", time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(TimeoutError):
            try:
                if not (piece := wire.recv(65_536)):
                    return said
                said += piece
            except ConnectionResetError:
                return said
        with suppress(ConnectionError):
            wire.sendall(bytes_)
    raise AssertionError(f"it is still listened to; {said!r}")


def test_a_head_that_does_not_end_is_ended(base: type[Any]) -> None:
    with served(base, head_s=1.0) as server, server.connect() as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        said = drip(wire)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert json.loads(said.partition(b"\r\n\r\n")[2])["error"] == "request_timeout"
        assert server.empties()


def test_who_says_nothing_is_ended_without_a_word(base: type[Any]) -> None:
    with served(base, head_s=1.0) as server, server.connect() as wire:
        assert rest(wire) == b""
        assert server.empties()


@pytest.mark.parametrize("next_", [b"G", GET[:20]])
def test_so_is_a_second_head(base: type[Any], next_: bytes) -> None:
    with served(base, head_s=1.0) as server, server.connect() as wire:
        wire.sendall(GET)
        assert wire.recv(65_536).startswith(b"HTTP/1.1 200 ")
        wire.sendall(next_)
        drip(wire)
        assert server.empties()


def test_so_is_a_body_that_nobody_waits_for(base: type[Any]) -> None:
    """The answer came before the body, which then drips."""
    with served(base, head_s=1.0) as server, server.connect() as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        assert wire.recv(65_536).startswith(b"HTTP/1.1 200 ")
        drip(wire)
        assert server.empties()


def test_a_request_at_work_has_no_such_limit(base: type[Any]) -> None:
    with served(base, head_s=1.0) as server, server.connect() as wire, server.connect() as idle:
        wire.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert rest(idle) == b""
        server.go_on.set()
        assert rest(wire).endswith(b"ok")


@pytest.mark.parametrize("begin", [b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"GET /"])
def test_a_head_without_end_is_not_kept(base: type[Any], begin: bytes) -> None:
    with served(base) as server, server.connect() as wire:
        wire.sendall(begin)
        said = drip(wire, b"x" * 30_000)
        assert said[:13] in (b"HTTP/1.1 431 ", b"HTTP/1.1 400 ", b"")
        assert server.empties()


@pytest.mark.parametrize("flood", [b"0\r\nX: ", b"1;x="])
def test_nor_are_trailers_or_extensions_of_chunks(base: type[Any], flood: bytes) -> None:
    with served(base) as server, server.connect() as wire:
        head = b"POST /wait HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        wire.sendall(head + flood)
        drip(wire, b"x" * 30_000)
        server.go_on.set()
        assert server.empties()


def test_the_one_that_waits_longest_gives_way(base: type[Any]) -> None:
    with served(base, in_all=8) as server, ExitStack() as stack:
        idle = [stack.enter_context(server.connect()) for _ in range(8)]
        assert eventually(lambda: server.protocol.guard.connections == 8)
        assert server.ask().endswith(b"ok")
        assert rest(idle[0]) == b""


def test_when_all_are_at_work_the_next_is_told_to_come_again(base: type[Any]) -> None:
    with served(base, in_all=4) as server, ExitStack() as stack:
        busy = [stack.enter_context(server.connect()) for _ in range(4)]
        for wire in busy:
            wire.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        guard = server.protocol.guard
        assert eventually(lambda: guard.connections == 4 and not guard.waiting)
        head, _, body = server.ask().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: 5" in head
        assert json.loads(body)["error"] == "unavailable"
        server.go_on.set()
        assert [rest(wire)[-2:] for wire in busy] == [b"ok"] * 4
        assert server.empties()
        assert server.ask().endswith(b"ok")


def test_one_address_has_so_many(base: type[Any]) -> None:
    with served(base, per_address=3) as server, ExitStack() as stack:
        mine = [stack.enter_context(server.connect()) for _ in range(3)]
        assert eventually(lambda: server.protocol.guard.connections == 3)
        head, _, body = server.ask().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 429 ")
        assert b"\r\nRetry-After: 5" in head
        assert json.loads(body)["error"] == "too_many_requests"
        mine[0].close()
        assert eventually(lambda: server.protocol.guard.connections == 2)
        assert server.ask().endswith(b"ok")


@pytest.mark.parametrize("path", ["/much", "/at-once"])
def test_an_answer_that_nobody_reads_is_given_up(base: type[Any], path: str) -> None:
    with served(base, slow_s=0.4, slow_bytes=1) as server, server.connect() as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert server.empties()
        assert server.ended.wait(PATIENCE_S)


def test_one_that_is_read_slowly_is_not(base: type[Any]) -> None:
    with served(base, slow_s=2.0, slow_bytes=1) as server, server.connect() as wire:
        wire.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        came, until = 0, time.monotonic() + 5.0
        while time.monotonic() < until:  # 1 MB/s: of 64 MB, much is left all the time
            came += len(wire.recv(20_000))
            time.sleep(0.02)
        assert server.protocol.guard.connections == 1
        assert came + len(rest(wire)) > 64 * 2**20


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    app = FastAPI()
    errors.install(app)

    @app.post("/")
    def take(body: dict[str, str]) -> str:
        return body["is"]

    protocol = guarded(ConnectionLimits())
    with (
        running(BodyLimit(app, longest_s=0.3), protocol) as port,
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as wire,
    ):
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        wire.sendall(head + b'Content-Length: 1000\r\n\r\n{"is": "')
        said = drip(wire)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert json.loads(said.partition(b"\r\n\r\n")[2])["error"] == "request_timeout"


SOFT = 256
FILES = """
import resource
from ytdubber.bootstrap.serve import connection_limits, open_files
from ytdubber.settings import Settings
before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
print(before, hard, open_files(), *resource.getrlimit(resource.RLIMIT_NOFILE))
print(connection_limits(Settings()).in_all)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such limit")
def test_a_server_may_have_as_many_files_open_as_it_may_ask_for() -> None:
    for hard in (2_000, 700):
        words = ["sh", "-c", f'ulimit -Sn {SOFT}; ulimit -Hn {hard}; exec "$0" -c "$1"']
        done = subprocess.run(
            [*words, sys.executable, FILES], capture_output=True, text=True, check=True
        )
        files, connections = done.stdout.splitlines()
        assert files == f"{SOFT} {hard} {hard} {hard} {hard}"
        assert int(connections) == hard - 512


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", None),  # for documentation, never global
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("2a00:1450:4001:82b::200e", "2a0014504001082b::"),
        ("2a00:1450:4001:82b:ffff::1", "2a0014504001082b::"),
        ("127.0.0.1", None),
        ("10.1.2.3", None),
        ("fe80::1%eth0", None),
        ("fd00::1", None),
        ("", None),
        ("a socket", None),
    ],
)
def test_proxies_nearby_are_not_counted(address: str, counted: str | None) -> None:
    assert public_address(address) == counted
