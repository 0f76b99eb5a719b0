"""The way to a server, which breaks as networks do."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest
from tests.chaos.proxy import Proxy, proxied
from tests.waiting import until

SOON_S = 0.2
"""Nothing arrives so soon, where nothing may."""


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(100):
            self.request.sendall(data)


@pytest.fixture
def way() -> Iterator[Proxy]:
    """To a server that says what it hears."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            with proxied(0, server.server_address[1]) as proxy:
                yield proxy
        finally:
            server.shutdown()
            thread.join()


def _connected(way: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", way.port), 60)


def _silent(connection: socket.socket) -> bool:
    connection.settimeout(SOON_S)
    try:
        return connection.recv(1) != b""
    except TimeoutError:
        return True
    finally:
        connection.settimeout(60)


def _ended(connection: socket.socket) -> bool:
    with contextlib.suppress(ConnectionResetError):
        return connection.recv(1) == b""
    return True


def test_everything_goes_through(way: Proxy) -> None:
    with _connected(way) as connection:
        connection.sendall(b"hello")
        assert connection.recv(5) == b"hello"
    assert way.broken == 0


def test_what_is_said_into_silence_arrives_afterwards(way: Proxy) -> None:
    with _connected(way) as connection:
        way.silence()
        connection.sendall(b"hello")
        assert _silent(connection)
        way.speak()
        assert connection.recv(5) == b"hello"


def test_what_was_lost_never_arrives_and_its_connection_is_lost_too(way: Proxy) -> None:
    with _connected(way) as before, _connected(way) as idle:
        for each in (before, idle):
            each.sendall(b"1")
            assert each.recv(1) == b"1"
        way.lose()
        with _connected(way) as within:
            for each in (before, within):
                each.sendall(b"2")
            until(lambda: way.broken == 2)
            way.keep()
            for each in (before, within):
                each.sendall(b"3")
                assert _silent(each)
            idle.sendall(b"4")
            assert idle.recv(1) == b"4"
            way.calm()
            for each in (before, within):
                assert _ended(each)
            idle.sendall(b"5")
            assert idle.recv(1) == b"5"


def test_a_cut_ends_every_connection_there_is_and_no_other(way: Proxy) -> None:
    with _connected(way) as before:
        before.sendall(b"1")
        assert before.recv(1) == b"1"
        way.cut()
        assert _ended(before)
    with _connected(way) as after:
        after.sendall(b"2")
        assert after.recv(1) == b"2"
    assert way.broken == 1
