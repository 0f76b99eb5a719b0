"""The memory and time that a decoding child may take.

Where the system holds a process to what it says of itself, which is Linux, the child gives up the
rest before it reads a byte. Elsewhere its parent looks at it ten times a second: what grows faster
than that is seen late.
"""

import contextlib
import os
import sys
from pathlib import Path

NEEDS_MEMORY = "decoding it needs more memory than is allowed"
NEEDS_TIME = "decoding it takes too long"
MEDIA_FD = 3
"""Where a decoder that is forked has its media."""
OWN_BYTES = 256 * 1024 * 1024
"""What the interpreter and its libraries take at most before the first byte is decoded."""


def limits_itself() -> bool:
    """Whether a process here can be held to limits that it has set for itself."""
    try:
        import resource  # noqa: F401, PLC0415  # Windows has none
    except ModuleNotFoundError:
        return False
    return sys.platform == "linux"


def restrain(max_memory_bytes: int, max_cpu_s: int) -> None:
    """Give up all memory, time and files but these, and but one more open file, where the system
    lets a process give them up.
    """
    try:
        import resource  # noqa: PLC0415
    except ModuleNotFoundError:
        return
    with contextlib.suppress(OSError, ValueError):  # macOS knows no address space of a process
        with open("/proc/self/statm", encoding="ascii") as statm:
            own_bytes = int(statm.read().split()[0]) * resource.getpagesize()
        total = own_bytes + max_memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (total, total))
    # Over the first of the two it ends by SIGXCPU, so that SIGKILL is somebody else's doing.
    resource.setrlimit(resource.RLIMIT_CPU, (max_cpu_s, max_cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    next_free = os.dup(0)
    os.close(next_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_free + 1, next_free + 1))


def step_back(niceness: int) -> None:
    """Let others go first; a session of its own is weighed as a whole where Linux groups them."""
    if not niceness or not hasattr(os, "nice"):
        return
    os.nice(niceness)
    with contextlib.suppress(OSError):  # there are no groups
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


class Watch:
    """A look at what a child takes, from outside.

    Args:
        pid: Its process.
        max_memory_bytes: What decoding may take beside `OWN_BYTES`.
        max_cpu_s: Processor time.
    """

    def __init__(self, pid: int, max_memory_bytes: int, max_cpu_s: int) -> None:
        import psutil  # noqa: PLC0415  # asked only where the system has no limits

        self._gone = psutil.Error
        self._max_bytes, self._max_cpu_s = OWN_BYTES + max_memory_bytes, max_cpu_s
        self._process: psutil.Process | None = None
        with contextlib.suppress(psutil.Error):  # it has ended already
            self._process = psutil.Process(pid)

    def overspent(self) -> str | None:
        """What it takes too much of, as a reason to refuse its file; None while it may go on."""
        if self._process is None:
            return None
        with contextlib.suppress(self._gone):
            if self._process.memory_info().rss > self._max_bytes:
                return NEEDS_MEMORY
            spent = self._process.cpu_times()
            if spent.user + spent.system > self._max_cpu_s:
                return NEEDS_TIME
        return None
