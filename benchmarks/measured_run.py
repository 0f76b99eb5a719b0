"""Runs one command and writes what it took: `measured_run.py FILE WORDS...`."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import psutil

LOOK_EVERY_S = 0.25
"""Looking takes a while itself, the longer the more a process holds."""


def held(process: psutil.Process) -> Mapping[str, float]:
    """What a process and those it started hold just now, in MB, by what they run."""
    found: dict[str, float] = {}
    with contextlib.suppress(psutil.Error):  # it has ended meanwhile
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                words, info = each.cmdline(), each.memory_full_info()
                name = next((word for word in words if word.startswith("ytdubber.")), "command")
                found[name] = found.get(name, 0.0) + getattr(info, "pss", info.uss) / 1e6
    return found


def main(out: str, *words: str) -> int:
    """Run it; its exit status."""
    most: dict[str, float] = {}
    over = threading.Event()

    def watch(process: psutil.Process) -> None:
        while not over.wait(LOOK_EVERY_S):
            now = held(process)
            if sum(now.values()) > sum(most.values()):
                most.clear()
                most.update(now)

    begin = time.perf_counter()
    process = subprocess.Popen(words)
    watching = threading.Thread(target=watch, args=(psutil.Process(process.pid),))
    watching.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - begin
    over.set()
    watching.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = {
        "wall_s": wall_s,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        "held_mb": most,
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(cost, file)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
