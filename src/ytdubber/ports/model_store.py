"""Files of weights that engines need."""

from pathlib import Path
from typing import Protocol


class ModelStore(Protocol):
    """Where models are kept."""

    def present(self, model: str) -> bool:
        """Whether all files of the model are there, by name and size. Cheap: no hash is taken."""
        ...

    def version(self, model: str) -> str:
        """The first twelve hex digits of the SHA-256 over the model's pinned hashes. Cheap."""
        ...

    def open(self, model: str) -> Path:
        """The folder with the model's files, each one's hash verified; fetched when missing.

        Raises:
            UnknownModel: no model has this name.
            ModelMissing: it is not here and no source could be reached.
            ModelCorrupt: a file's hash is not the pinned one.
        """
        ...

    def folders(self) -> tuple[Path, ...]:
        """Folders that may hold translation models: the store's own, then the user's."""
        ...
