"""Memory back to the system."""

import ctypes
import sys


def give_back() -> None:
    """Return the memory that freed objects leave with the C library, where it keeps it: glibc.

    Whisper's weights and batches leave 116 of 204 MB behind when it is closed.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim is not None:
            trim(0)
