"""What traces cost, where nobody wants them and where somebody does.

    BENCH_BEFORE=/path/to/an/older/tree BENCH_SECTIONS=tracing make bench

The older tree needs no environment of its own; without one the code is compared with itself.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psutil
from tests.collector import collecting

from benchmarks.service import JOBS, SECRET, SERVER, answering, fill, load, token_of
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.bootstrap.backend import API_LOGIN
from ytdubber.bootstrap.tracing import tracing
from ytdubber.tracing import event, line_ids, span, traceparent

TITLE = "Traces: what they cost, off and on"
HERE = Path(__file__).parents[1]
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
TURNS = 9
CALLS = 200_000


@dataclass
class Served:
    """One of the services that are compared.

    Attributes:
        url: A job's address.
        process: It.
        cpu_ms: Processor time a request took, in each turn.
        a_second: Requests a second, in each turn.
    """

    url: str
    process: psutil.Process
    cpu_ms: list[float] = field(default_factory=list)
    a_second: list[float] = field(default_factory=list)

    def asked(self, token: str) -> None:
        """One turn."""
        before_s = self._cpu_s()
        count = len(load(self.url, token, SECONDS))
        self.cpu_ms.append((self._cpu_s() - before_s) * 1000 / count)
        self.a_second.append(count / SECONDS)

    def _cpu_s(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)


def run() -> str:
    """Both tables."""
    return f"{_calls()}\n\n{_requests()}"


def _calls() -> str:
    def a_span() -> None:
        with span("stage.mix", attempt=1):
            pass

    def an_event() -> None:
        with span("vendor.speak"):
            event("vendor.retried", fault="timeout")

    each: Mapping[str, Callable[[], object]] = {
        "a span with a fact": a_span,
        "a span in which something happens": an_event,
        "what a row or a message carries": traceparent,
        "what a line carries": line_ids,
    }
    off = {name: _nanoseconds(call) for name, call in each.items()}
    with _collected(), tracing("api"), span("stage.mix"):
        on = {name: _nanoseconds(call, CALLS // 100) for name, call in each.items()}
    rows = [f"| {name} | {off[name]:.0f} ns | {on[name]:.0f} ns |" for name in each]
    return "\n".join(("| one call | off | on |", "| --- | ---: | ---: |", *rows))


def _nanoseconds(call: Callable[[], object], times: int = CALLS) -> float:
    """The least processor time of five runs."""
    took = []
    for _ in range(5):
        begin = time.thread_time_ns()
        for _ in range(times):
            call()
        took.append((time.thread_time_ns() - begin) / times)
    return min(took)


@contextmanager
def _collected() -> Iterator[None]:
    """Processes that start meanwhile, and this one, send their spans to a collector."""
    with collecting() as collector:
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
        try:
            yield
        finally:
            del os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]


def _requests() -> str:
    before = Path(os.environ.get("BENCH_BEFORE", HERE)).resolve()
    with tempfile.TemporaryDirectory(prefix="ytdubber-bench-") as home, ExitStack() as stack:
        server = EmbeddedPostgres(Path(home))
        server.start()
        stack.callback(server.stop)
        user_id = uuid4()
        served = {
            "before": stack.enter_context(_served(server, home, "before", before, user_id)),
            "off": stack.enter_context(_served(server, home, "off", HERE, user_id)),
        }
        with _collected():
            served["on"] = stack.enter_context(_served(server, home, "on", HERE, user_id))
            token = token_of(user_id)
            for turn in range(TURNS + 1):
                for each in served.values() if turn % 2 else reversed(served.values()):
                    each.asked(token)
    for each in served.values():  # the first turn warms up
        del each.cpu_ms[0], each.a_second[0]
    return _table(served)


def _table(served: Mapping[str, Served]) -> str:
    first = served["before"]
    rows = []
    for name, each in served.items():
        least_ms = min(each.cpu_ms)
        rows.append(
            f"| {name} | {statistics.median(each.a_second):.0f}"
            f" | {statistics.median(each.cpu_ms):.2f} ms | {least_ms:.2f} ms"
            f" | {least_ms / min(first.cpu_ms):.3f} x |"
        )
    return "\n".join(
        (
            f"`GET /api/jobs/{{id}}`, {TURNS} turns of {SECONDS:g} s each, one after the other;"
            " `before` is the older tree. Processor time is the server's, for a request.",
            "",
            "| traces | requests/s | median of turns | the least | of before |",
            "| --- | ---: | ---: | ---: | ---: |",
            *rows,
        )
    )


@contextmanager
def _served(
    server: EmbeddedPostgres, home: str, name: str, tree: Path, user_id: UUID
) -> Iterator[Served]:
    """The service of a tree, on a database of its own with a user's jobs."""
    server.ensure_database(name)
    owner_url, api_url = server.url(name), server.url(name, API_LOGIN)
    words = [sys.executable, "-P", "-m", SERVER, "ours", home, owner_url, api_url, SECRET]
    path = {"PYTHONPATH": f"{tree}{os.pathsep}{tree / 'src'}"}
    with subprocess.Popen(
        words, cwd=tree, env=os.environ | path, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout  # noqa: S101  # it was asked for
            url = f"http://127.0.0.1:{int(process.stdout.readline())}"
            answering(url)
            engine = make_engine(owner_url, pool_size=1, name="bench")
            job_id, *_ = fill(engine, user_id, JOBS, "complete")
            engine.dispose()
            yield Served(f"{url}/api/jobs/{job_id}", psutil.Process(process.pid))
        finally:
            process.terminate()


if __name__ == "__main__":
    print(run())
