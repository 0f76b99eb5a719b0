"""What lies in storage and belongs to nothing goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ytdubber.log import get_logger
from ytdubber.ports.retention import Strays, SweptFiles

KEYS_AT_ONCE = 500

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SweepStorage:
    """The use case over its ports. Rows are written before files and outlive them: a key without
    its row is what an interruption, or an older version, left.

    Attributes:
        strays: Which keys belong to nothing.
        files: What is stored.
    """

    strays: Strays
    files: SweptFiles

    def __call__(self) -> int:
        """Remove them, half-written ones too; returns how many whole ones went.

        Raises:
            StorageNotWorking: the storage cannot tell what it holds, or does not remove it.
        """
        self.files.sweep()
        removed = 0
        for stray in self._strays():
            there = [key for key in stray if self.files.stat(key)]  # a job ends meanwhile
            self.files.delete(stray)
            removed += len(there)
        if removed:
            log.warning("storage.strays_removed", files=removed)
        return removed

    def _strays(self) -> Iterator[list[str]]:
        keys = iter(list(self.files.keys("")))
        while batch := list(islice(keys, KEYS_AT_ONCE)):
            if stray := list(self.strays(batch)):
                yield stray
