"""Processes that count together; run with a port, it answers lines on its standard input:

`child N` starts a process that answers N requests and ends, `linger N` one that stays when it has,
`kill` ends those that stay at once, `away` takes the folder away from under it, `quit` ends it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ytdubber.adapters.prometheus.folder import VARIABLE, joined
from ytdubber.adapters.prometheus.start import metrics_page, new_recorder
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind

ENGINE = EngineId("deepgram", "nova-3", "1")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def child(requests: int, stays: bool) -> None:
    assert joined()
    recorder = new_recorder()
    for _ in range(requests):
        recorder.request("/x", "GET", 200, 0.2)
    recorder.circuit_opened(ENGINE, ErrorKind.TIMEOUT, 1.0)
    say("counted")
    if stays:
        sys.stdin.read()


def start(requests: str, *, stays: bool) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", __spec__.name, "child", requests, str(int(stays))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def root(port: int) -> None:
    staying = []
    with metrics_page("api", "127.0.0.1", port, {"data": Path.cwd()}) as page:
        own = new_recorder()
        page.show("event_streams", "Event streams that are open", lambda: 3)
        own.request("/x", "GET", 200, 0.2)
        say("up")
        for line in sys.stdin:
            word, _, count = line.strip().partition(" ")
            if word == "child":
                start(count, stays=False).wait()
            elif word == "linger":
                staying.append(start(count, stays=True))
            elif word == "kill":
                for process in staying:
                    process.kill()
                    process.wait()
            elif word == "away":
                shutil.rmtree(os.environ[VARIABLE])
                own.request("/y", "GET", 200, 0.2)
                own.circuit_opened(ENGINE, ErrorKind.TIMEOUT, 1.0)
            elif word == "quit":
                break
            say(f"done {os.environ[VARIABLE]}")
    say("down")


if __name__ == "__main__":
    if sys.argv[1] == "child":
        child(int(sys.argv[2]), bool(int(sys.argv[3])))
    else:
        root(int(sys.argv[1]))
