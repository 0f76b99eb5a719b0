"""Names of files that every system takes, and paths that Windows does.

Windows' rules are those of Microsoft's "Naming Files, Paths, and Namespaces"; Linux and macOS take
whatever they allow.
"""

import re

from ytdubber.domain.printable import printable

MOST_UNITS = 255
"""The longest name: UTF-16 units on Windows and macOS, bytes on Linux."""
MOST_PATH_UNITS = 259
"""The longest path on Windows, in UTF-16 units, where long ones are not switched on."""
_REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_MOST_ENDING = 10
_DEVICES = frozenset(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³") | {
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
}


def portable(name: str, most_bytes: int = MOST_UNITS) -> str:
    """The nearest name that a file or folder can have on any system; empty where nothing is left.

    Args:
        name: What it should be called.
        most_bytes: The longest that it may be in UTF-8, which is never fewer units of UTF-16.
    """
    clean = _REFUSED.sub("_", printable(_REFUSED.sub("_", name))).strip(" .")
    if _is_device(clean):
        device, dot, rest = clean.partition(".")
        clean = f"{device.rstrip(' ')}_{dot}{rest}"
    if len(clean.encode()) > most_bytes:
        stem, dot, ending = clean.rpartition(".")
        tail = f".{ending}" if stem and len(ending.encode()) <= _MOST_ENDING else ""
        room = most_bytes - len(tail.encode())
        clean = clean.encode()[:room].decode(errors="ignore").rstrip(" .") + tail
    return clean


def windows_takes(name: str) -> bool:
    """Whether a file or folder can have this name on Windows, and keeps it."""
    return (
        bool(name)
        and not _REFUSED.search(name)
        and name[-1] not in " ."
        and not _is_device(name)
        and units(name) <= MOST_UNITS
    )


def units(text: str) -> int:
    """Its length in UTF-16 units, by which Windows counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_device(name: str) -> bool:
    """Whether Windows takes it for a device, whatever follows the first dot."""
    return name.partition(".")[0].rstrip(" ").lower() in _DEVICES
