"""Clients that keep connections without using them, and how long others' requests take meanwhile.

    python -m benchmarks.crowd

1,000 sockets that never finish a request's head, opened again whenever they are ended, and 200
uploads of 1.2 kB a second, for two minutes (`CROWD_S`). Another user asks for `/health` and for
their list before and meanwhile.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from benchmarks.service import SECRET, Bench, running
from benchmarks.storm import told
from ytdubber.adapters.identity.tokens import local_session

IDLE, UPLOADS = 1_000, 200
SECONDS = float(os.environ.get("CROWD_S", "120"))
BEFORE_S, PAUSE_S = 5.0, 0.05
UPLOAD_BYTES, PIECE = 50_000_000, b"x" * 6_000
EVERY_S = 5.0
CROWD = UUID("c7007d00-0000-4000-8000-000000000001")
"""Who uploads."""


def main() -> None:
    """Measure, and print what came of it."""
    with running() as bench:
        idle = _asked(bench, threading.Event(), BEFORE_S)
        links = _links(bench)
        before_kb = _resident_kb(bench.ours_pid)
        words = [sys.executable, "-m", "benchmarks.crowd", "crowd"]
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as crowd:
            assert crowd.stdin  # noqa: S101  # they were asked for
            assert crowd.stdout  # noqa: S101
            crowd.stdin.write(json.dumps({"url": bench.ours, "links": links}))
            crowd.stdin.close()
            crowd.stdout.readline()  # they are all there
            seen = _asked(bench, threading.Event(), SECONDS)
            after_kb = _resident_kb(bench.ours_pid)
            facts = json.loads(crowd.stdout.read())
    for path in idle:
        print(f"{path}, alone: {told(idle[path])}")
        print(f"{path}, meanwhile: {told(seen[path])}")
    print(f"the crowd, at its end: {json.dumps(facts, sort_keys=True)}")
    print(f"memory: {before_kb // 1024} MB before, {after_kb // 1024} MB at the end")


def _asked(bench: Bench, over: threading.Event, seconds: float) -> dict[str, list[float]]:
    """How long each request takes, on a connection of its own, in milliseconds."""
    took_ms: dict[str, list[float]] = {"/health": [], "/api/jobs": []}
    until_s = time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {bench.token}", "Connection": "close"}
    with httpx.Client(headers=headers, timeout=60) as http:
        while not over.is_set() and time.monotonic() < until_s:
            for path, each in took_ms.items():
                started_s = time.monotonic()
                http.get(bench.ours + path).raise_for_status()
                each.append((time.monotonic() - started_s) * 1000)
            time.sleep(PAUSE_S)
    return took_ms


def _links(bench: Bench) -> list[str]:
    session = local_session(SECRET, CROWD, "crowd@example.org", timedelta(hours=1))
    headers = {"Authorization": f"Bearer {session.access_token}"}
    asked = {"languages": ["pt"], "voice_track_name": "talk.flac"}
    links = []
    with httpx.Client(headers=headers, timeout=60) as http:
        for _ in range(UPLOADS):
            reply = http.post(f"{bench.ours}/api/jobs/upload-urls", json=asked)
            links.append(reply.raise_for_status().json()["upload_urls"]["voice_track"])
    return links


def _resident_kb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


class Crowd:
    """The clients, in a process of their own."""

    def __init__(self, url: str) -> None:
        self._where = urlsplit(url)
        self._all = asyncio.Event()
        self.facts = {"opened again": 0, "idle": 0, "uploads": 0, "uploads refused": 0}

    async def run(self, links: list[str]) -> None:
        """Everything until the time is over."""
        works = [self._idle() for _ in range(IDLE)] + [self._upload(link) for link in links]
        tasks = [asyncio.ensure_future(work) for work in works]
        await self._all.wait()
        print("there", flush=True)
        await asyncio.sleep(SECONDS)
        held = dict(self.facts)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        print(json.dumps(held), flush=True)

    def _here(self, which: str) -> None:
        self.facts[which] += 1
        if self.facts["idle"] >= IDLE and self.facts["uploads"] >= UPLOADS:
            self._all.set()

    async def _idle(self) -> None:
        while True:
            reader, writer = await self._connected()
            writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Never: ")
            self._here("idle")
            try:
                while await reader.read(4096):
                    pass
            except ConnectionError:
                pass
            finally:
                writer.close()
            self.facts["idle"] -= 1
            self.facts["opened again"] += 1

    async def _upload(self, link: str) -> None:
        parts = urlsplit(link)
        reader, writer = await self._connected()
        head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        head += f"Content-Type: audio/flac\r\nContent-Length: {UPLOAD_BYTES}\r\n\r\n"
        writer.write(head.encode())
        self._here("uploads")
        answer = asyncio.ensure_future(reader.read(4096))
        try:
            while not answer.done():
                writer.write(PIECE)
                await asyncio.sleep(EVERY_S)
            self.facts["uploads"] -= 1
            self.facts["uploads refused"] += 1
        finally:
            answer.cancel()
            writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._where.hostname, self._where.port)


if __name__ == "__main__":
    if sys.argv[1:] == ["crowd"]:
        given = json.loads(sys.stdin.read())
        asyncio.run(Crowd(given["url"]).run(given["links"]))
    else:
        main()
