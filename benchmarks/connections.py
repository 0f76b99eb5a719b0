"""Forty workers of eight threads on a PostgreSQL of 400 connections: how many they really open."""

import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks.site import site
from ytdubber.adapters.db.coordination.budget import worker_connections
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.bootstrap.backend import DATABASE

TITLE = "Connections: forty workers of eight threads"
WORKERS, THREADS, JOBS = 40, 8, 120
MOST = 400
SHARE = 0.25
LATENCY_S = {"listen": 5.0, "responses": 4.0, "speak": 1.5}
_OPEN = text("select count(*) from pg_stat_activity where backend_type = 'client backend'")
_WORKERS = text("select count(distinct id) from ytdubber.workers")


def run() -> str:
    """What was measured, in a sentence."""
    with tempfile.TemporaryDirectory(prefix="ytdubber-bench-") as name:
        server = EmbeddedPostgres(Path(name))
        _started(server)
        engine = make_engine(server.url(DATABASE), pool_size=1, name="bench")
        over, seen = threading.Event(), [0]
        watch = threading.Thread(target=_watch, args=(engine, over, seen))
        watch.start()
        try:
            return _load(server.url(DATABASE), engine, seen)
        finally:
            over.set()
            watch.join()
            engine.dispose()
            server.stop()


def _started(server: EmbeddedPostgres) -> None:
    """The server, with that limit."""
    server.start()
    server.ensure_database(DATABASE)
    engine = make_engine(server.url(DATABASE), pool_size=1, name="bench")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"alter system set max_connections = {MOST}"))
    engine.dispose()
    server.stop()
    server.start()


def _load(url: str, engine: Engine, seen: list[int]) -> str:
    settings = {"DATABASE_URL": url, "YTDUBBER_JOBS_AT_ONCE": "1000"}
    with site(dict(LATENCY_S), **settings) as here:
        here.staff(WORKERS, THREADS)
        while _counted(engine) < WORKERS:
            time.sleep(1)
        begun = max(seen)
        done = here.finish([here.send(("es",), SHARE) for _ in range(JOBS)])
        complete = sum(each.complete for each in done.values())
        held_gb = here.memory_mb() / 1024
    return (
        f"{WORKERS} workers of {THREADS} threads, each with a budget of {worker_connections(THREADS)},"
        f" and one process that sends {JOBS} jobs: {begun} connections when all had started, at most"
        f" {max(seen)} of {MOST} until {complete} of {JOBS} were complete. The workers hold"
        f" {held_gb:.1f} GB."
    )


def _counted(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(_WORKERS).scalar_one())


def _watch(engine: Engine, over: threading.Event, seen: list[int]) -> None:
    while not over.wait(0.2):
        with engine.connect() as connection:
            seen.append(int(connection.execute(_OPEN).scalar_one()))


if __name__ == "__main__":
    print(run())
