"""Wall clocks of processes, which can be set."""

import mmap
import os
import struct
import subprocess
from pathlib import Path

from tests.debian import program

SOURCE = Path(__file__).with_name("clock.c")
_NS = 10**9


def compiled(folder: Path) -> Path | None:
    """The library that processes are started with; None where there is no compiler of C."""
    compiler = program("tcc") or program("cc")
    if compiler is None:
        return None
    library = folder / "clock.so"
    words = [str(compiler), "-shared", "-fPIC", "-nostdlib", "-o", str(library), str(SOURCE)]
    subprocess.run(words, check=True, timeout=60)
    return library


class Clock:
    """The clock of one process and of those that it starts.

    Args:
        file: Where it is told how wrong it is.
        library: What the process is started with; None leaves its clock alone.
    """

    def __init__(self, file: Path, library: Path | None) -> None:
        self._file, self._library = file, library
        file.write_bytes(bytes(mmap.PAGESIZE))
        file.chmod(0o644)

    def jump(self, seconds: float) -> None:
        """Have it go wrong by so much; 0 puts it right."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("q", round(seconds * _NS)))

    @property
    def variables(self) -> dict[str, str]:
        """What the process is started with."""
        if self._library is None:
            return {}
        before = os.environ.get("LD_PRELOAD")
        preloaded = f"{self._library}:{before}" if before else str(self._library)
        return {"LD_PRELOAD": preloaded, "CLOCK_OFFSET": str(self._file)}
