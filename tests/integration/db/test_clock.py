"""What a service writes down is by the database's clock, whatever a machine's says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tests.chaos.clock import Clock, compiled

SERVICE = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import text
from ytdubber.bootstrap.backend import Urls, backend
from ytdubber.settings import Settings

folder, url = sys.argv[1:]
with backend(Settings(home=Path(folder)), Urls(url, url), pool_size=1) as shared:
    for _ in sys.stdin:
        with shared.database.as_service() as work:
            pass
        with shared.engine.connect() as connection:
            true = connection.execute(text("select clock_timestamp()")).scalar_one()
        wrong_s = (datetime.now(UTC) - true).total_seconds()
        print(wrong_s, (shared.clock.now() - true).total_seconds(), flush=True)
"""
NEAR_S = 10.0


@contextmanager
def service(clock: Clock, folder: Path, url: str) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-c", SERVICE, str(folder), url]
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | clock.variables,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def asked(process: "subprocess.Popen[str]") -> tuple[float, float]:
    """How wrong the machine's clock and the service's are, in seconds."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    machine_s, service_s = map(float, process.stdout.readline().split())
    return machine_s, service_s


@pytest.mark.timeout(120)
def test_no_machines_clock_matters(tmp_path: Path, database_url: str) -> None:
    library = compiled(tmp_path)
    if library is None:
        pytest.skip("no compiler of C here: `make debian` brings one")
    clock = Clock(tmp_path / "clock", library)
    ahead_s = timedelta(hours=3).total_seconds()
    clock.jump(ahead_s)
    with service(clock, tmp_path, database_url) as process:
        for wrong_s in (ahead_s, -ahead_s, 0.0):
            clock.jump(wrong_s)
            machine_s, service_s = asked(process)
            assert machine_s == pytest.approx(wrong_s, abs=NEAR_S)
            assert service_s == pytest.approx(0.0, abs=NEAR_S)
