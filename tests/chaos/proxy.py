"""The way to the database: a socket of its own in front of the server's, which can be cut or go
silent.
"""

import asyncio
import contextlib
import threading
from pathlib import Path

PIECE_BYTES = 65_536


class Proxy:
    """Forwards every connection to the server's Unix socket.

    While it is silent nothing goes through in either direction and nothing is closed, as when a
    firewall forgets a connection: only time-outs tell.

    Args:
        folder: Where its socket is made, under the server's own name.
        server: The server's socket.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self.socket = folder / server.name
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._open: asyncio.Event | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._started = threading.Event()

    def start(self) -> None:
        """Listen, until the process ends."""
        self._thread.start()
        self._started.wait()

    def silence(self) -> None:
        """Let nothing through from now on."""
        self._loop.call_soon_threadsafe(self._gate().clear)

    def speak(self) -> None:
        """Let everything through again."""
        self._loop.call_soon_threadsafe(self._gate().set)

    def cut(self) -> None:
        """End every connection there is."""
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in list(self._tasks)])

    def stop(self) -> None:
        """End everything."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _gate(self) -> asyncio.Event:
        assert self._open is not None
        return self._open

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.run_forever()

    async def _listen(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._listener = await asyncio.start_unix_server(self._connected, self.socket)
        self.socket.chmod(0o666)
        self._started.set()

    async def _end(self) -> None:
        assert self._listener is not None
        self._listener.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._gate().wait()
                theirs, to_server = await asyncio.open_unix_connection(self._server)
                try:
                    await asyncio.gather(
                        self._forward(reader, to_server), self._forward(theirs, writer)
                    )
                finally:
                    to_server.close()
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE_BYTES):
            await self._gate().wait()
            writer.write(piece)
            await writer.drain()
        writer.close()
