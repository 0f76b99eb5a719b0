"""The way to a server: a listener in front of it that can cut connections, go silent, or lose what
is sent.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Address = Path | int
"""A Unix socket, or a port of the loopback address."""
PIECE_BYTES = 65_536
LOST_S = 75.0
"""When a lost connection is cut, as a router does it at last; what waits no longer than a minute
has given up by then."""


@dataclass(eq=False)
class Line:
    """A connection that passes through; when it is lost, nothing that is sent on it arrives."""

    task: "asyncio.Task[None]"
    lost: bool = False


class Proxy:
    """Forwards every connection to a server.

    While it is silent nothing goes through in either direction and nothing is closed; all arrives
    when it speaks again. While it loses, what is sent in either direction is gone, and nothing
    arrives on that connection any more: nobody is told before `LOST_S`. Whoever connects meanwhile
    is accepted, and heard by nobody.

    Args:
        here: Where it listens; 0 for a free port.
        server: Where the server does.

    Attributes:
        broken: How many connections were lost on which something was sent, or cut.
    """

    def __init__(self, here: Address, server: Address) -> None:
        self.broken = 0
        self._listener = _listener(here)
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._open.set()
        self._losing = False
        self._lines: set[Line] = set()
        self._accepting: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def silence(self) -> None:
        """Let nothing through from now on."""
        self._call(self._open.clear)

    def speak(self) -> None:
        """Let everything through again."""
        self._call(self._open.set)

    def lose(self) -> None:
        """Lose what is sent from now on."""
        self._call(lambda: self._to_lose(True))

    def keep(self) -> None:
        """Lose nothing of what is sent on connections that are not lost yet."""
        self._call(lambda: self._to_lose(False))

    def cut(self) -> None:
        """End every connection there is."""
        self._call(lambda: self._end(lost=False))

    def calm(self) -> None:
        """Let everything through; what was lost ends."""
        self.keep()
        self.speak()
        self._call(lambda: self._end(lost=True))

    def stop(self) -> None:
        """End everything."""
        asyncio.run_coroutine_threadsafe(self._stopped(), self._loop).result()
        self._call(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, what: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(what)

    def _to_lose(self, losing: bool) -> None:
        self._losing = losing

    def _end(self, *, lost: bool) -> None:
        for line in self._lines:
            if line.lost or not lost:
                self.broken += not line.lost
                line.task.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._accept())
        self._loop.run_forever()

    async def _accept(self) -> None:
        unix = self._listener.family == socket.AF_UNIX
        start = asyncio.start_unix_server if unix else asyncio.start_server
        self._accepting = await start(self._connected, sock=self._listener)

    async def _stopped(self) -> None:
        assert self._accepting is not None
        self._accepting.close()
        tasks = [line.task for line in self._lines]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        line = Line(task)
        self._lines.add(line)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._open.wait()
                if self._losing:
                    await self._forward(reader, None, line)
                else:
                    await self._joined(reader, writer, line)
        finally:
            self._lines.discard(line)
            writer.transport.abort()

    async def _joined(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line
    ) -> None:
        theirs, to_server = await _connection(self._server)
        try:
            await asyncio.gather(
                self._forward(reader, to_server, line), self._forward(theirs, writer, line)
            )
        finally:
            to_server.transport.abort()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None, line: Line
    ) -> None:
        while piece := await reader.read(PIECE_BYTES):
            await self._open.wait()
            if (self._losing or writer is None) and not line.lost:
                self._lose(line)
            if writer is not None and not line.lost:
                writer.write(piece)
                await writer.drain()
        if writer is None:
            return
        if line.lost:  # nor does the other end hear of the end
            await asyncio.sleep(LOST_S)
        writer.close()

    def _lose(self, line: Line) -> None:
        line.lost = True
        self.broken += 1
        self._loop.call_later(LOST_S, line.task.cancel)


@contextmanager
def proxied(here: Address, server: Address) -> Iterator[Proxy]:
    """A proxy while the block runs."""
    proxy = Proxy(here, server)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def _listener(here: Address) -> socket.socket:
    if isinstance(here, int):
        return socket.create_server(("127.0.0.1", here))
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(here))
    listener.listen()
    here.chmod(0o666)
    return listener


async def _connection(server: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(server, int):
        return await asyncio.open_connection("127.0.0.1", server)
    return await asyncio.open_unix_connection(server)
