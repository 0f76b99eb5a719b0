"""What the service asks its database among 100,000 jobs of long ago: plans and milliseconds.

    BENCH_SECTIONS=plans make bench
    BENCH_BEFORE=/path/to/an/older/tree BENCH_SECTIONS=plans make bench

The second puts the milliseconds of an older tree, installed, beside ours.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.integration.api.asking import everything, explained, tell_plans
from tests.integration.api.harness import api
from tests.integration.api.seeding import seed

from ytdubber.adapters import db

TITLE = "Plans: every statement of API, workers and periodic tasks among 100,000 jobs"
JOBS = 100_000
HERE = Path(__file__).parents[1]
DATABASE = Path(str(db.__file__)).parent
NOT_AMONG_JOBS = {"migrate.py", "columns.py"}
"""What makes tables."""
ASKS_NOTHING = {
    "database.close",
    "jobs.add",
    "leases._busy",
    "leases._claim",
    "ledger._spent",
    "reaper._take",
    "reaper._taken",
    "semaphores._line",
    "ledger._keep",
    "renewal.close",
}
"""What is made at import, is for a database that is away, or leads to another function here."""

Place = tuple[str, int]


@contextmanager
def called() -> Iterator[set[Place]]:
    """The functions of the database's adapters that run meanwhile, in any thread."""
    found: set[Place] = set()

    def look(frame: FrameType, happened: str, more: object) -> None:
        if happened == "call" and frame.f_code.co_filename.startswith(str(DATABASE)):
            found.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def functions() -> dict[Place, str]:
    """All there are, by file and line."""
    made = {}
    for path in sorted(DATABASE.glob("*.py")):
        if path.name in NOT_AMONG_JOBS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                line = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                made[str(path), line] = f"{path.stem}.{node.name}"
    return made


def plans() -> str:
    """What the plans are, in a sentence.

    Raises:
        RuntimeError: one grows with the jobs, or a function that asks was not tried.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        explained() as told,
        called() as ran,
        api(Path(folder)) as harness,
    ):
        seed(harness.backend.urls.owner, JOBS)
        tell_plans(harness)
        told.asked.clear()
        everything(harness)
    names = {name for place, name in functions().items() if place not in ran}
    missed = [f"not tried: {name}" for name in sorted(names - ASKS_NOTHING)]
    untold = [f"without a plan: {query}" for query in told.untold()]
    if wrong := [*missed, *untold, *told.growing()]:
        raise RuntimeError("\n".join(wrong))
    return (
        f"{len(told.told)} statements, every one that SQLAlchemy sent while each function of"
        f" `adapters/db` ran ({len(functions())} of them): no sequential scan of a table that grows"
        " with the jobs, and no index read from end to end but those that hold only what is due."
    )


def timed(tree: Path) -> dict[str, float]:
    """Milliseconds by what was asked, in a service of that tree."""
    command = [
        str(tree / ".venv/bin/python"),
        "-P",
        str(HERE / "benchmarks/plans_timing.py"),
        str(JOBS),
    ]
    home = {"PYTHONPATH": f"{tree}", "SEEDING": str(HERE / "tests/integration/api/seeding.py")}
    done = subprocess.run(
        command, cwd=tree, env=os.environ | home, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run() -> str:
    """The table."""
    older = os.environ.get("BENCH_BEFORE")
    said = plans()
    now = timed(HERE)
    before = timed(Path(older)) if older else {}
    rows = ["| median | milliseconds | the older tree |", "| --- | ---: | ---: |"]
    for what, took_ms in now.items():
        was = f"{before[what]:.1f}" if what in before else ""
        rows.append(f"| {what} | {took_ms:.1f} | {was} |")
    return f"{said}\n\n" + "\n".join(rows)


if __name__ == "__main__":
    print(run())
