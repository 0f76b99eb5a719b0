"""The service's reads against a bare route, live events to many, uploads against a copy.

Each measured thing and what it is compared with run one after the other, in turns, on one
PostgreSQL; servers and clients are processes of their own.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from sqlalchemy import Engine, text

from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.identity.tokens import local_session
from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.bootstrap.backend import API_LOGIN, DATABASE

TITLE = "Service: reads against a bare route, live events, uploads"
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
TURNS = 5
CLIENTS = 16
LISTENERS = 500
JOBS = 20
LANGUAGES = ("de", "es", "pt")
FILES = ("captions.srt", "captions.vtt", "mix.flac", "mix.mp3", "translation.json", "voice.flac", "voice.mp3")  # fmt: skip
UPLOAD_BYTES = 95 * 2**20
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # of a service that lives for a minute
SERVER, CLIENT = "benchmarks.service_servers", "benchmarks.service_clients"


@dataclass(frozen=True)
class Bench:
    """A running service, a bare route, a user with jobs and one who watches a job."""

    ours: str
    bare: str
    ours_pid: int
    engine: Engine
    token: str
    jobs: Sequence[UUID]
    watcher: str
    watched: UUID


@dataclass(frozen=True)
class Load:
    """What clients saw in some turns."""

    turns_ms: Sequence[Sequence[float]]

    @property
    def a_second(self) -> float:
        return sum(map(len, self.turns_ms)) / SECONDS

    @property
    def p50_ms(self) -> float:
        return statistics.median(statistics.median(turn) for turn in self.turns_ms)

    @property
    def p99_ms(self) -> float:
        return statistics.median(statistics.quantiles(turn, n=100)[98] for turn in self.turns_ms)


def run() -> str:
    """Everything, as text for the report."""
    with running() as bench:
        return "\n\n".join(part(bench) for part in (_reads, _events, _uploads))


def _reads(bench: Bench) -> str:
    addresses = {
        "bare route, `select 1`": f"{bench.bare}/bare",
        "GET /api/jobs/{id}": f"{bench.ours}/api/jobs/{bench.jobs[0]}",
        f"GET /api/jobs, {JOBS} jobs": f"{bench.ours}/api/jobs",
    }
    for url in addresses.values():
        load(url, bench.token, 1)
    turns = [
        [load(url, bench.token, SECONDS / TURNS) for url in addresses.values()]
        for _ in range(TURNS)
    ]
    bare, *_ = loads = [Load(each) for each in zip(*turns, strict=True)]
    lines = [
        f"{CLIENTS} clients that keep their connections, {SECONDS:.0f} s each in {TURNS} turns;"
        f" every job has {len(LANGUAGES)} languages and {len(LANGUAGES) * len(FILES)} files. The"
        " latencies are the medians of the turns'.",
        "",
        "| | requests/s | of bare | p50 | p99 | of bare's p99 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, seen in zip(addresses, loads, strict=True):
        lines.append(
            f"| {name} | {seen.a_second:.0f} | {seen.a_second / bare.a_second:.2f}"
            f" | {seen.p50_ms:.1f} ms | {seen.p99_ms:.1f} ms | {seen.p99_ms / bare.p99_ms:.2f} x |"
        )
    return "\n".join(lines)


def load(url: str, token: str, seconds: float) -> list[float]:
    """The latency of every answer, in milliseconds."""
    words = [sys.executable, "-m", CLIENT, "load", url, token, str(CLIENTS), str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    latencies_ms: list[float] = json.loads(done.stdout)
    return latencies_ms


def _events(bench: Bench) -> str:
    job_id, news, pause_s = bench.watched, 20, 0.5
    before_kb = _resident_kb(bench.ours_pid)
    seconds = news * pause_s + 3
    words = [sys.executable, "-m", CLIENT, "listen", f"{bench.ours}/api/jobs/{job_id}/events"]
    words += [bench.watcher, str(LISTENERS), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101  # it was asked for
        process.stdout.readline()
        time.sleep(1)
        each_kb = (_resident_kb(bench.ours_pid) - before_kb) / LISTENERS
        sent = []
        for number in range(1, news + 1):
            with bench.engine.begin() as connection:
                advance = "update ytdubber.language_tasks set progress = :p where job_id = :j"
                connection.execute(text(advance), {"p": number / (news + 1), "j": job_id})
            sent.append(time.monotonic())
            time.sleep(pause_s)
        arrivals = json.loads(process.stdout.read())
    lasts_ms = []
    for at in sent:
        came: dict[int, float] = {}
        for number, when in arrivals:
            if when > at:
                came.setdefault(number, when)
        if len(came) != LISTENERS:
            raise RuntimeError(f"{len(came)} of {LISTENERS} listeners were told")
        lasts_ms.append((max(came.values()) - at) * 1000)
    p95_ms = statistics.quantiles(lasts_ms, n=20)[18]
    return (
        f"{LISTENERS} listeners of one job in one process: {each_kb:.0f} kB each; from the commit"
        f" to the last of them p50 {statistics.median(lasts_ms):.0f} ms, p95 {p95_ms:.0f} ms."
    )


def _resident_kb(pid: int) -> int:
    words = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def _uploads(bench: Bench) -> str:
    copies_s, uploads_s = [], []
    with tempfile.TemporaryDirectory() as folder, httpx.Client(timeout=60) as http:
        source = Path(folder, "source")
        source.write_bytes(os.urandom(2**20) * (UPLOAD_BYTES // 2**20))
        for _ in range(TURNS):
            begin = time.perf_counter()
            _copy(source, Path(folder, "copy"))
            copies_s.append(time.perf_counter() - begin)
            reply = http.post(
                f"{bench.ours}/api/jobs/upload-urls",
                headers={"Authorization": f"Bearer {bench.token}"},
                json={"languages": ["pt"], "voice_track_name": "a.wav"},
            )
            url = reply.raise_for_status().json()["upload_urls"]["voice_track"]
            begin = time.perf_counter()
            with source.open("rb") as file:
                headers = {"Content-Type": "audio/wav", "Content-Length": str(UPLOAD_BYTES)}
                http.put(url, content=file, headers=headers).raise_for_status()
            uploads_s.append(time.perf_counter() - begin)
    megabytes = UPLOAD_BYTES / 1e6
    copy_s, upload_s = min(copies_s), min(uploads_s)
    return (
        f"An upload of {megabytes:.0f} MB, hashed and synced to the disk: {megabytes / upload_s:.0f}"
        f" MB/s, {copy_s / upload_s:.2f} of a plain synced copy ({megabytes / copy_s:.0f} MB/s)."
    )


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as write:
        shutil.copyfileobj(read, write, 2**20)
        write.flush()
        os.fsync(write.fileno())


@contextmanager
def running() -> Iterator[Bench]:
    user_id, watcher_id = uuid4(), uuid4()
    with tempfile.TemporaryDirectory(prefix="ytdubber-bench-") as home:
        server = EmbeddedPostgres(Path(home))
        server.start()
        server.ensure_database(DATABASE)
        owner_url, api_url = server.url(DATABASE), server.url(DATABASE, API_LOGIN)
        engine = make_engine(owner_url, pool_size=2, name="bench")
        try:
            migrate.upgrade(engine)
            jobs = fill(engine, user_id, JOBS, "complete")
            (watched,) = fill(engine, watcher_id, 1, "dubbing")
            with (
                _started("ours", home, owner_url, api_url, SECRET) as (ours, pid),
                _started("bare", api_url) as (bare, _),
            ):
                token, watcher = token_of(user_id), token_of(watcher_id)
                yield Bench(ours, bare, pid, engine, token, jobs, watcher, watched)
        finally:
            engine.dispose()
            server.stop()


def token_of(user_id: UUID) -> str:
    session = local_session(SECRET, user_id, "bench@localhost", timedelta(hours=1))
    return session.access_token


@contextmanager
def _started(*words: str) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", SERVER, *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout  # noqa: S101  # it was asked for
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        answering(url)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def answering(url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/openapi.json")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def fill(engine: Engine, user_id: UUID, jobs: int, stage: str) -> list[UUID]:
    """A user with jobs at a stage; what is complete has its files."""
    made = [uuid4() for _ in range(jobs)]
    done = stage == "complete"
    with engine.begin() as connection:
        connection.execute(text("insert into ytdubber.users (id) values (:u)"), {"u": user_id})
        for number, job_id in enumerate(made):
            job = {"j": job_id, "u": user_id, "l": list(LANGUAGES), "s": stage}
            connection.execute(text(_JOB), job | {"n": number, "done": done})
            for position, language in enumerate(LANGUAGES):
                task = job | {"t": uuid4(), "p": position, "one": language}
                connection.execute(text(_TASK), task)
                for name in FILES if done else ():
                    kind, _, form = name.partition(".")
                    file = {"path": f"{language}/{name}", "kind": kind, "form": form}
                    connection.execute(text(_FILE), task | file | {"key": f"{job_id}/{uuid4()}"})
    return made


_JOB = """
insert into ytdubber.dubbing_jobs (id, user_id, title, stage, source_language, target_languages,
  has_background, voice_duration_ms, created_at, submitted_at, finished_at, expires_at)
values (:j, :u, 'A talk.wav', :s, 'en', :l, true, 61000, now() - :n * interval '1 minute', now(),
  case when :done then now() end, case when :done then now() + interval '2 days' end)
"""
_TASK = """
insert into ytdubber.language_tasks (id, job_id, user_id, position, language, stage, entered_at,
  result)
select :t, :j, :u, :p, :one, :s, jsonb_object_agg(stage, now()), '{"figures": {"needs_review": 1}}'
from unnest(array['queued', 'stt', 'translating', 'dubbing', 'mixing', 'exporting', 'complete'])
  as stage
"""
_FILE = """
insert into ytdubber.artifacts (id, job_id, task_id, user_id, path, language, kind, format, key,
  bytes, sha256, mime, duration_ms, expires_at)
values (gen_random_uuid(), :j, :t, :u, :path, :one, :kind, :form, :key, 1234567, repeat('0', 64),
  'audio/mpeg', 61000, now() + interval '2 days')
"""

if __name__ == "__main__":
    print(run())
