"""One account's storm, and how long another user's reads take meanwhile.

    python -m benchmarks.storm

60 quotes of one upload (half an hour of silence in a FLAC of a megabyte) and 150 submissions, all
at once; what is answered 429 comes back when it was told to. Another user reads their list before
and meanwhile.
"""

import asyncio
import io
import json
import os
import statistics
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import soundfile as sf

from benchmarks.service import SECRET, Bench, running
from ytdubber.adapters.identity.tokens import local_session

QUOTES, SUBMISSIONS = 60, 150
IDLE_S, PAUSE_S = 4.0, 0.02
LIMITS = httpx.Limits(max_connections=300, max_keepalive_connections=0)
STORM = UUID("5707a000-0000-4000-8000-000000000001")
"""Who makes it."""


def main() -> None:
    """Measure, and print what came of it."""
    with running() as bench:
        idle_ms = _reads(bench, threading.Event(), IDLE_S)
        jobs = asyncio.run(_announced(bench))
        before_kb = _resident_kb(bench.ours_pid)
        over, seen, most_kb = threading.Event(), [], [before_kb]
        reader = threading.Thread(target=lambda: seen.extend(_reads(bench, over)))
        watch = threading.Thread(target=_watch, args=(bench.ours_pid, over, most_kb))
        reader.start()
        watch.start()
        started_s = time.monotonic()
        tallies = asyncio.run(_storm(bench, jobs))
        took_s = time.monotonic() - started_s
        over.set()
        reader.join()
        watch.join()
        print(f"idle: {told(idle_ms)}")
        print(f"meanwhile: {told(seen)}")
        print(f"the storm took {took_s:.0f} s; answers {json.dumps(tallies, sort_keys=True)}")
        print(f"memory: {before_kb // 1024} MB before, {max(most_kb) // 1024} MB at most")


def told(took_ms: list[float]) -> str:
    p99 = (
        statistics.quantiles(took_ms, n=100, method="inclusive")[98]
        if len(took_ms) > 1
        else took_ms[0]
    )
    p50 = statistics.median(took_ms)
    return f"{len(took_ms)} reads, p50 {p50:.1f}, p99 {p99:.1f}, most {max(took_ms):.1f} ms"


def _reads(bench: Bench, over: threading.Event, seconds: float = float("inf")) -> list[float]:
    """How long each read takes, one after the other with a pause, in milliseconds."""
    took_ms: list[float] = []
    until_s = time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {bench.token}"}
    with httpx.Client(headers=headers, timeout=300) as http:
        while not over.is_set() and time.monotonic() < until_s:
            started_s = time.monotonic()
            http.get(f"{bench.ours}/api/jobs").raise_for_status()
            took_ms.append((time.monotonic() - started_s) * 1000)
            time.sleep(PAUSE_S)
    return took_ms


def _watch(pid: int, over: threading.Event, most_kb: list[int]) -> None:
    while not over.wait(0.25):
        most_kb.append(_resident_kb(pid))


def _resident_kb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _signed_in() -> dict[str, str]:
    session = local_session(SECRET, STORM, "storm@example.org", timedelta(hours=1))
    return {"Authorization": f"Bearer {session.access_token}"}


def _flac(seconds: int, level: float) -> bytes:
    file, rate_hz = io.BytesIO(), 16_000
    sound = (level * np.sin(np.arange(seconds * rate_hz) * 0.05)).astype(np.float32)
    sf.write(file, sound, rate_hz, format="FLAC")
    return file.getvalue()


async def _announced(bench: Bench) -> list[str]:
    """The jobs, the one that is quoted first."""
    headers = _signed_in()
    files = [_flac(1800, 0.0), _flac(10, 0.1)]
    jobs = []
    async with httpx.AsyncClient(timeout=600) as http:
        for number in range(SUBMISSIONS + 1):
            body: dict[str, Any] = {"languages": ["pt"], "voice_track_name": "talk.flac"}
            url = f"{bench.ours}/api/jobs/upload-urls"
            reply = await http.post(url, json=body, headers=headers)
            reply.raise_for_status()
            job = reply.json()
            link = job["upload_urls"]["voice_track"]
            kind = {"Content-Type": "audio/flac"}
            (await http.put(link, content=files[min(number, 1)], headers=kind)).raise_for_status()
            jobs.append(job["job_id"])
    return jobs


async def _storm(bench: Bench, jobs: list[str]) -> dict[str, int]:
    headers = _signed_in()
    tallies: dict[str, int] = {}

    async def ask(http: httpx.AsyncClient, path: str, job_id: str) -> None:
        while True:
            reply = await http.post(f"{bench.ours}{path}", json={"job_id": job_id})
            name = f"{path} {reply.status_code}"
            tallies[name] = tallies.get(name, 0) + 1
            if reply.status_code != 429:
                return
            await asyncio.sleep(float(reply.headers["retry-after"]))

    async with httpx.AsyncClient(headers=headers, timeout=600, limits=LIMITS) as http:
        try:
            async with asyncio.timeout(float(os.environ.get("STORM_S", "600"))):
                await asyncio.gather(
                    *(ask(http, "/api/jobs/quote", jobs[0]) for _ in range(QUOTES)),
                    *(ask(http, "/api/jobs/", job_id) for job_id in jobs[1:]),
                )
        except TimeoutError:
            tallies["cut short"] = 1
    return tallies


if __name__ == "__main__":
    main()
