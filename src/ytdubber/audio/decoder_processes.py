"""Processes that decode, as whoever starts them sees them.

Where the system holds a process to its own limits, decoders are forked from one process that has
everything loaded (ADR 42); elsewhere each is a program of its own.
"""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from ytdubber.audio.decoder_limits import MEDIA_FD, limits_itself
from ytdubber.log import carried

HANDS_DOWN = hasattr(os, "fork")
"""Whether a child can be given an open file; not on Windows, where it opens it by its path."""
_POLL_S = 0.05
_MAX_REPORT_BYTES = 1 << 20
"""What is longer than that is no report of ours."""
_STATUS_BYTES = 16
_KILLED = -9


@dataclass(slots=True)
class Child:
    """A running decoder.

    Attributes:
        out: Its reports, one a line.
        wait: Waits for its end; the exit code, or the negative number of a signal.
        kill: Ends it.
        pid: Its process, where whoever started it has to watch it.
    """

    out: IO[bytes]
    wait: Callable[[], int]
    kill: Callable[[], None]
    pid: int | None
    _lines: SimpleQueue[bytes] = field(default_factory=SimpleQueue)

    def read(self) -> None:
        """Read until its end."""
        line = b"\n"
        while line.endswith(b"\n"):
            line = self.out.readline(_MAX_REPORT_BYTES)
            self._lines.put(line)
        while self.out.read(_MAX_REPORT_BYTES):
            pass

    def reports(self) -> Iterator[dict[str, Any]]:
        """Its reports as they come, and an empty one whenever there is none for a while."""
        while True:
            try:
                line = self._lines.get(timeout=_POLL_S)
            except Empty:
                yield {}
                continue
            if not line.endswith(b"\n"):  # the end, or what was cut short by it
                return
            yield json.loads(line)


@contextlib.contextmanager
def decoding(order: dict[str, Any], media: IO[bytes], complaints: IO[bytes]) -> Iterator[Child]:
    """A running decoder, which has ended when this is left, by being killed if need be.

    Args:
        order: What it is told.
        media: The open file that it reads.
        complaints: An open file that gets its standard error.
    """
    starting = _forked if HANDS_DOWN and limits_itself() else _started
    with starting(order, media, complaints) as child:
        reader = threading.Thread(target=carried(child.read), name="decoder-reports", daemon=True)
        reader.start()
        try:
            yield child
        finally:
            child.kill()
            reader.join()


def _write(order: dict[str, Any], to: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError), to:  # it has died, and its status tells of what
        to.write(json.dumps(order).encode())


def _environment() -> dict[str, str]:
    environment = {
        "LC_ALL": "C.UTF-8",
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    if "SYSTEMROOT" in os.environ:  # nothing starts on Windows without
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return environment


@contextlib.contextmanager
def _started(order: dict[str, Any], media: IO[bytes], complaints: IO[bytes]) -> Iterator[Child]:
    """A decoder that is a program of its own."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", "ytdubber.audio.decoder"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        pass_fds=(media.fileno(),) if HANDS_DOWN else (),
        env=_environment(),
        cwd=Path(sys.executable).anchor,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    with process:
        assert process.stdin is not None  # noqa: S101 -- it was started with pipes
        assert process.stdout is not None  # noqa: S101
        _write(order | {"media_fd": media.fileno() if HANDS_DOWN else None}, process.stdin)
        pid = None if limits_itself() else process.pid
        yield Child(process.stdout, process.wait, process.kill, pid)


class _Server:
    """The process that decoders are forked from: started when the first is asked for, and again
    when it has ended. It ends by itself after a while without a file, and after a decoder that fell
    over what it was given.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._processes: list[subprocess.Popen[bytes]] = []  # the newest last

    def fork(self, files: list[int]) -> subprocess.Popen[bytes]:
        """Have a decoder of the files forked, as `decoder_server.HANDED`; the server of it."""
        with self._lock:
            while True:
                control = self._control or self._launched()
                try:
                    socket.send_fds(control, [b"\0"], files)
                except (BrokenPipeError, ConnectionResetError):
                    control.close()
                    self._control = None
                    continue
                return self._processes[-1]

    def _launched(self) -> socket.socket:
        self._processes = [each for each in self._processes if each.poll() is None]
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._processes.append(
                subprocess.Popen(  # noqa: S603 -- nothing but a number is added
                    [
                        sys.executable,
                        "-I",
                        "-m",
                        "ytdubber.audio.decoder_server",
                        str(theirs.fileno()),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    env=_environment(),
                    cwd=Path(sys.executable).anchor,
                    start_new_session=True,
                )
            )
        return self._control

    def close(self) -> None:
        """End it."""
        with self._lock:
            if self._control:
                self._control.close()
                self._control = None
            for process in self._processes:
                process.wait()


_server = _Server()
atexit.register(_server.close)


@contextlib.contextmanager
def _forked(order: dict[str, Any], media: IO[bytes], complaints: IO[bytes]) -> Iterator[Child]:
    """A decoder that is forked."""
    with contextlib.ExitStack() as ends:

        def pipe() -> tuple[IO[bytes], IO[bytes]]:
            reading, writing = os.pipe()
            return (
                ends.enter_context(os.fdopen(reading, "rb")),
                ends.enter_context(os.fdopen(writing, "wb")),
            )

        (order_in, order_out), (reports_in, reports_out), (status_in, status_out) = (
            pipe() for _ in range(3)
        )
        server = _server.fork(
            [each.fileno() for each in (media, order_in, reports_out, complaints, status_out)]
        )
        for each in (order_in, reports_out, status_out):
            each.close()

        def wait() -> int:
            if status := status_in.read(_STATUS_BYTES):
                return int(status)
            if (code := server.wait()) > 0:
                raise RuntimeError(f"what decoders are forked from failed with status {code}")
            return code or _KILLED

        _write(order | {"media_fd": MEDIA_FD}, order_out)
        yield Child(reports_in, wait, status_in.close, None)
