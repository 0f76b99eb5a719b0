"""Python programs in environments of their own, where `scripts/apart.sh` put them."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[1] / ".tools" / "apart"


def program(package: str, name: str) -> Path:
    """Where a package's program is; skips where the package is not."""
    found = _FOLDER / package / "bin" / name
    if not found.exists():
        pytest.skip(f"{package} is not here: `make test` gets it where a package index is reached")
    return found
