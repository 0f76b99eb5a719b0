"""Run a command and see what it took."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What a process took: wall time, processor time with its children's, peak memory."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measured(words: Sequence[object], **environment: str) -> Cost:
    """Run a program to its end; its output is discarded, a failure is raised with it."""
    with tempfile.TemporaryFile("w+") as said:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in words],
            env=os.environ | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{words} ended with {process.returncode}: {said.read()[-2000:]}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
