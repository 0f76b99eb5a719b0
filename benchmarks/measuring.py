"""Run a command and see what it took."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_RUN = Path(__file__).with_name("measured_run.py")


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Attributes:
        wall_s: How long it went on.
        cpu_s: Its processor time, with that of the processes it started.
        peak_mb: The most that one of them held.
        held_mb: What each held when they held most together, what several share counted in parts.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    held_mb: Mapping[str, float] = field(default_factory=dict)


def measured(words: Sequence[object], **environment: str) -> Cost:
    """Run a program to its end; its output is discarded, a failure is raised with it.

    A small process starts it: Linux counts into a process's peak what it was before it became its
    program, a copy of whoever started it.
    """
    with tempfile.TemporaryFile("w+") as said, tempfile.NamedTemporaryFile("r") as cost:
        order = [sys.executable, str(_RUN), cost.name, *(str(word) for word in words)]
        environ = os.environ | environment
        done = subprocess.run(
            order, env=environ, stdout=said, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{words} ended with {done.returncode}: {said.read()[-2000:]}")
        return Cost(**json.load(cost))
