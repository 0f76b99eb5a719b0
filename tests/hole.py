"""A way to a database that can be cut without either end being told."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg.conninfo import conninfo_to_dict

_CHUNK = 65_536


@dataclass
class Hole:
    """Forwards bytes both ways, or swallows them: connections stay open, and nothing answers.

    Attributes:
        url: The database, by way of this.
        made: How many connections came.
    """

    url: str = ""
    made: int = 0
    _open: threading.Event = field(default_factory=threading.Event)
    _answers: threading.Event = field(default_factory=threading.Event)
    _pairs: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def swallow(self) -> None:
        """Let nothing through any more, of connections there are or come."""
        self._open.clear()

    def swallow_answers(self) -> None:
        """Let through what is asked, and nothing of what is answered."""
        self._answers.clear()

    def forward(self) -> None:
        """Let through whatever comes from now on. What was swallowed is gone with its connections,
        which end.
        """
        with self._lock:
            _end(self._pairs)
            self._open.set()
            self._answers.set()

    def close(self) -> None:
        """End every connection."""
        with self._lock:
            _end(self._pairs)

    def serve(self, listener: socket.socket, server: str) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                behind = socket.socket(socket.AF_UNIX)
                behind.connect(server)
                with self._lock:
                    self.made += 1
                    self._pairs += [client, behind]
                for one, other, way in (
                    (client, behind, self._open),
                    (behind, client, self._answers),
                ):
                    words = (one, other, way)
                    threading.Thread(target=self._pass_on, args=words, daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, way: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(_CHUNK):
                if self._open.is_set() and way.is_set():
                    other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)


def _end(sockets: list[socket.socket]) -> None:
    for each in sockets:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
    sockets.clear()


@contextmanager
def hole(url: str) -> Iterator[Hole]:
    """A way to the database, which listens on a Unix socket, while the block runs."""
    known = conninfo_to_dict(url)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    made = Hole(f"postgresql://{known['user']}@127.0.0.1:{port}/{known['dbname']}?sslmode=disable")
    made.forward()
    server = f"{known['host']}/.s.PGSQL.{known.get('port', 5432)}"
    thread = threading.Thread(target=made.serve, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        made.close()
        thread.join()
