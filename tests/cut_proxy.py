"""A way to a server that can be cut: a proxy for TCP that closes everything after so many bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PIECE_BYTES = 65_536


class CutProxy:
    """Passes connections on, until so many bytes went up; then none, until it is mended.

    Attributes:
        url: Where it is reached.
        sent_bytes: What went up so far.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = parts.hostname or "", parts.port or 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent_bytes = 0
        self._left: int | None = None
        self._down = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def cut_after(self, sent_bytes: int) -> None:
        """Cut everything once so many more bytes went up."""
        with self._lock:
            self._left = sent_bytes

    def mend(self) -> None:
        """Pass connections on again."""
        self._left = None
        self._down.clear()

    @property
    def is_down(self) -> bool:
        """Whether it is cut."""
        return self._down.is_set()

    def run(self) -> None:
        """Serve until it is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._down.is_set():
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open |= {client, server}
                for each in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass, args=each, daemon=True).start()

    def close(self) -> None:
        """End everything."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()

    def _pass(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                sink.sendall(piece)
                if up and self._spent(len(piece)):
                    self._down.set()
                    self._cut()
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _spent(self, sent_bytes: int) -> bool:
        with self._lock:
            self.sent_bytes += sent_bytes
            if self._left is None:
                return False
            self._left -= sent_bytes
            return self._left <= 0

    def _cut(self) -> None:
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()


@contextmanager
def cut_proxy(target: str) -> Iterator[CutProxy]:
    """The proxy before a server while the block runs."""
    proxy = CutProxy(target)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
