import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import pytest
from tests.integration.worker.harness import WorkerHarness, working
from tests.integration.worker.rows import Rows, migrated
from tests.postgres_server import drop_database, ensure_template, fresh_database
from tests.waiting import eventually

ROOT = Path(__file__).parents[3]
Started = subprocess.Popen[bytes]
Start = Callable[..., Started]
_WORKERS: LiteralString = "select count(distinct id) from ytdubber.workers"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database at this version, for the tests of a module one after the other."""
    ensure_template("worker", migrated)
    url = fresh_database("worker")
    yield url
    drop_database(url)


@pytest.fixture
def url(database: str) -> str:
    """The database, empty."""
    Rows(database).clear()
    return database


@pytest.fixture
def rows(url: str) -> Rows:
    return Rows(url)


@pytest.fixture
def harness(url: str) -> Iterator[WorkerHarness]:
    """A worker's parts; nobody takes messages."""
    harness = WorkerHarness(url)
    yield harness
    harness.close()


@pytest.fixture
def worker(url: str) -> Iterator[WorkerHarness]:
    """Takes messages, in this process."""
    with working(url) as harness:
        yield harness


@pytest.fixture
def start(url: str, rows: Rows, tmp_path: Path) -> Iterator[Start]:
    """Starts worker processes, which are gone at the end; returns when one takes messages."""
    with contextlib.ExitStack() as stack:

        def start(*words: str, threads: int = 2) -> Started:
            before = rows.one(_WORKERS)
            log = stack.enter_context((tmp_path / "log").open("ab"))
            command = [sys.executable, "-m", "tests.integration.worker.harness", url]
            process = subprocess.Popen(
                [*command, json.dumps({"threads": threads}), *words],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stderr=log,
            )
            stack.callback(_end, process)
            assert eventually(lambda: bool(rows.one(_WORKERS) > before)), (
                tmp_path / "log"
            ).read_text()
            return process

        yield start


def _end(process: Started) -> None:
    process.kill()
    assert process.stdin
    process.stdin.close()
    process.wait()
