"""One order carried out by a process that reads a file of anybody's, and can do little harm."""

import os
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ytdubber.audio.decoder_limits import NEEDS_MEMORY, NEEDS_TIME, Watch
from ytdubber.audio.decoder_processes import HANDS_DOWN, decoding
from ytdubber.domain.errors import EmptyFile, FileNotReadable
from ytdubber.files.encrypted import key_of, open_decrypted
from ytdubber.log import get_logger

log = get_logger(__name__)

_FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT")
"""Signals that a decoder does not bring upon itself, whatever it is given."""
_ENDED_BY_WINDOWS = 0xC000_0000
"""From here on an exit code there is an error that ended the process (NTSTATUS)."""

_LIMITS = {NEEDS_TIME: "time", NEEDS_MEMORY: "memory"}
KILLED: list[Callable[[str], None]] = []
"""Told of every decoder that was ended, or fell over its file: `time`, `memory`, `stopped` from
outside or `crashed`."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What a decoding child may use, and how far it stands back for others (`nice`)."""

    max_duration_s: float = 3 * 3600 + 60
    max_memory_bytes: int = 512 * 1024 * 1024
    max_cpu_s: int = 900
    max_wall_s: float = 1800.0
    niceness: int = 0


USUAL_LIMITS = DecodeLimits()
"""Those of a recording."""


def open_media(source: Path, name: str) -> IO[bytes]:
    """Open a regular file that is not empty, for a process to read.

    Args:
        source: The file.
        name: What errors call it.

    Raises:
        FileNotReadable: it cannot be opened or is no regular file.
        EmptyFile: it holds no bytes.
    """
    try:
        media = open_decrypted(source) if HANDS_DOWN else source.open("rb")
    except OSError as error:
        if source.is_dir():  # what that is called differs between systems
            raise FileNotReadable(file=name, reason="it is a folder") from None
        raise FileNotReadable(file=name, reason=error.strerror or str(error)) from error
    status = os.fstat(media.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size:
        return media
    media.close()
    if stat.S_ISREG(status.st_mode):
        raise EmptyFile(file=name)
    raise FileNotReadable(file=name, reason="it is not a regular file")


def order_for(
    program: str, source: Path, files: Sequence[Path], limits: DecodeLimits
) -> dict[str, Any]:
    """What every process is told.

    Args:
        program: The module whose `work` carries the order out.
        source: The media it reads.
        files: The other files that it opens.
        limits: What it may use.
    """
    opened = [each.absolute() for each in files]
    if not HANDS_DOWN:
        opened.append(source.absolute())
    return {
        "program": program,
        "media_path": None if HANDS_DOWN else str(source.absolute()),
        "folder_keys": {str(path.parent): key.hex() for path in opened if (key := key_of(path))},
        "max_memory_bytes": limits.max_memory_bytes,
        "max_cpu_s": limits.max_cpu_s,
        "niceness": limits.niceness,
    }


def carried_out(
    order: dict[str, Any],
    media: IO[bytes],
    limits: DecodeLimits,
    check: Callable[[], None],
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """What came of an order: the process's last report, or one made up of how it died.

    Args:
        order: It.
        media: The open file that it reads.
        limits: What the process may use.
        check: Called at least every 100 ms; raises to cancel, which ends the process.
        progress: Told how much is done, 0 to 1, never backwards.

    Raises:
        RuntimeError: it failed by itself: a defect of ours.
    """
    result = _result(order, media, limits, check, progress)
    _tell_of_kill(result)
    return result


def _result(
    order: dict[str, Any],
    media: IO[bytes],
    limits: DecodeLimits,
    check: Callable[[], None],
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """The last report, or one made up of how the process died."""
    deadline_s = time.monotonic() + limits.max_wall_s
    last: dict[str, Any] = {}
    reached = 0.0
    with tempfile.TemporaryFile() as complaints, decoding(order, media, complaints) as child:
        watch = None
        if child.pid is not None:
            watch = Watch(child.pid, limits.max_memory_bytes, limits.max_cpu_s)
        for report in child.reports():
            check()
            if time.monotonic() > deadline_s:
                log.info("decoder.killed", reason=NEEDS_TIME)
                return {"refused": "unsupported", "reason": NEEDS_TIME}
            if watch and (reason := watch.overspent()):
                log.info("decoder.killed", reason=reason)
                return {"refused": "unsupported", "reason": reason}
            if report and report.get("progress", 0.0) > reached:
                reached = report["progress"]
                progress(reached)
            last = report or last
        status = child.wait()
        complaints.seek(0)
        complaint = complaints.read().decode(errors="replace")
    if "done" in last or "refused" in last:
        return last
    return _died(status, complaint)


def _tell_of_kill(result: Mapping[str, Any]) -> None:
    """Tell whoever counts them of a child that did not end by itself."""
    reason = result.get("killed") or _LIMITS.get(result.get("reason", ""))
    for told in KILLED if reason else ():
        told(str(reason))


def _died(status: int, complaint: str) -> dict[str, Any]:
    """The report of a child that died of this exit status.

    Raises:
        RuntimeError: it failed by itself: a defect of ours.
    """
    name = signal.Signals(-status).name if status < 0 else ""
    log.info("decoder.died", status=status, signal=name or None)
    if name == "SIGXCPU":
        return {"refused": "unsupported", "reason": NEEDS_TIME}
    if name in _FROM_OUTSIDE:
        return {"refused": "stopped", "reason": name, "killed": "stopped"}
    if name or status >= _ENDED_BY_WINDOWS:  # a decoder fell over what it was given
        return {"refused": "not_audio", "killed": "crashed"}
    if status and not complaint:  # ended by hand where that is no signal
        return {"refused": "stopped", "reason": f"exit code {status}", "killed": "stopped"}
    raise RuntimeError(f"the decoder failed with status {status}: {complaint[-2000:]}")
