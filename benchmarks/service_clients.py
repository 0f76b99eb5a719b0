"""The clients of the service's benchmark, on the standard library alone."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from urllib.parse import urlsplit


def load(url: str, token: str, clients: str, seconds: str) -> None:
    """Ask for an address over and over; prints the latency of every answer in milliseconds."""
    latencies_ms: list[float] = []
    end = time.perf_counter() + float(seconds)

    async def client() -> None:
        reader, writer = await _connect(url)
        request = _request(url, token)
        while (begin := time.perf_counter()) < end:
            writer.write(request)
            await _answer(reader)
            latencies_ms.append((time.perf_counter() - begin) * 1000)
        writer.close()

    asyncio.run(_all(client, int(clients)))
    print(json.dumps(latencies_ms))


def listen(url: str, token: str, count: str, seconds: str) -> None:
    """Listen to events; prints a line when all are there, then when each frame came to whom."""
    arrivals: list[tuple[int, float]] = []
    there = 0

    async def client() -> None:
        nonlocal there
        number, there = there, there + 1
        reader, writer = await _connect(url)
        writer.write(_request(url, token))
        await reader.readuntil(b"\nevent: job\n")
        if number == int(count) - 1:
            print("there", flush=True)
        try:
            async with asyncio.timeout(float(seconds)):
                async for at in _frames(reader):
                    arrivals.append((number, at))
        except TimeoutError:
            writer.close()

    asyncio.run(_all(client, int(count)))
    print(json.dumps(arrivals))


async def _frames(reader: asyncio.StreamReader) -> AsyncIterator[float]:
    while True:
        await reader.readuntil(b"event: job\n")
        yield time.monotonic()


async def _all(client: Callable[[], Coroutine[None, None, None]], count: int) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(client())


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port, limit=2**22)


def _request(url: str, token: str) -> bytes:
    parts = urlsplit(url)
    return (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        "Origin: http://localhost:3000\r\nAccept: */*\r\n\r\n"
    ).encode()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    _, _, rest = head.lower().partition(b"content-length:")
    return await reader.readexactly(int(rest.partition(b"\r\n")[0]))


if __name__ == "__main__":
    {"load": load, "listen": listen}[sys.argv[1]](*sys.argv[2:])
