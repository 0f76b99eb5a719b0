"""Programs of Debian's in `.tools/debian`, where `scripts/debian.sh` put them, or on the PATH."""

import os
import platform
import shutil
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".tools" / "debian"
MISSING = "{} is not here: `make test` gets it where there is apt-get"
_LIBRARIES = FOLDER / "usr" / "lib" / f"{platform.machine()}-linux-gnu"


def program(name: str) -> Path | None:
    """Where it is."""
    for folder in ("usr/bin", "usr/sbin"):
        if (found := FOLDER / folder / name).exists():
            return found
    installed = shutil.which(name)
    return Path(installed) if installed else None


def library(name: str) -> Path | None:
    """Where it is, by its path under the folder of this machine's libraries."""
    found = _LIBRARIES / name
    return found if found.exists() else None


def environment() -> dict[str, str]:
    """What its programs need to find their libraries."""
    return os.environ | {"LD_LIBRARY_PATH": str(_LIBRARIES)}
