"""What came of calls while the database was away: files, until it can be written down."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from ytdubber.domain.errors import ErrorKind
from ytdubber.domain.usage import Receipt


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of a call: how it ended, and what it used as far as that is known."""

    outcome: str
    receipt: Receipt | None = None
    fault: ErrorKind | None = None


_FORM = TypeAdapter(Settlement)


@dataclass(frozen=True, slots=True)
class KeptReceipts:
    """A folder with a file for each, named by its receipt. They hold figures, no text of anybody's.

    The processes of one machine share it.
    """

    folder: Path

    def keep(self, receipt_id: UUID, settlement: Settlement) -> None:
        """Store it, whole or not at all.

        Raises:
            OSError: the disk does not take it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{receipt_id}.{os.getpid()}"
        draft.write_bytes(_FORM.dump_json(settlement))
        draft.replace(self._file(receipt_id))

    def all(self) -> Iterator[tuple[UUID, Settlement]]:
        """What is there to be written."""
        for file in sorted(self.folder.glob("*.json")):
            try:
                yield UUID(file.stem), _FORM.validate_json(file.read_bytes())
            except FileNotFoundError:
                continue  # another process has just written it down

    def written(self, receipt_id: UUID) -> None:
        """It is in the database."""
        self._file(receipt_id).unlink(missing_ok=True)

    def _file(self, receipt_id: UUID) -> Path:
        return self.folder / f"{receipt_id}.json"
