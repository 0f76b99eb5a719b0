"""Recordings that were decoded and heard, under a folder, for two days."""

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ytdubber.adapters.filesystem.results import KEPT_S

_FACTS = "facts.json"
_UNDER_WAY = ".part-"


class FolderRecordingStore:
    """A `RecordingStore` in a folder; a recording's time is that of its last use."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def load(self, key: str) -> tuple[bytes, Path] | None:
        place = self._root / key
        try:
            facts = (place / _FACTS).read_bytes()
            os.utime(place / _FACTS)
        except FileNotFoundError:
            return None
        return facts, place

    def save(self, key: str, facts: bytes, sound: Sequence[Path]) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        if self._far(sound) and shutil.disk_usage(self._root).free < 2 * _bytes(sound):
            return
        part = Path(tempfile.mkdtemp(dir=self._root, prefix=_UNDER_WAY))
        try:
            for file in sound:
                shutil.move(file, part / file.name)
            (part / _FACTS).write_bytes(facts)
            with suppress(OSError):  # it is there already
                part.rename(self._root / key)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def prune(self) -> None:
        """Remove what has not been used for `KEPT_S`, and what an interrupted save left."""
        oldest = time.time() - KEPT_S
        for place in self._root.glob("*"):
            facts = place / _FACTS
            with suppress(FileNotFoundError):
                if (facts if facts.exists() else place).stat().st_mtime < oldest:
                    shutil.rmtree(place, ignore_errors=True)

    def _far(self, sound: Sequence[Path]) -> bool:
        """Whether the files have to be copied."""
        return any(file.stat().st_dev != self._root.stat().st_dev for file in sound)


def _bytes(sound: Sequence[Path]) -> int:
    return sum(file.stat().st_size for file in sound)
