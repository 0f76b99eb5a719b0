"""A model store over a folder that somebody else fills."""

from pathlib import Path

from ytdubber.domain.errors import ModelMissing


class FolderModelStore:
    """One folder a model, taken as it is: nothing is fetched and no hash is checked."""

    def __init__(self, root: Path, user_folders: tuple[Path, ...] = ()) -> None:
        self._root = root
        self._user_folders = user_folders

    def present(self, model: str) -> bool:
        """Whether its folder exists."""
        return (self._root / model).is_dir()

    def version(self, model: str) -> str:
        """The name itself: a folder has no pinned hash."""
        return model

    def open(self, model: str) -> Path:
        """The model's folder."""
        if not self.present(model):
            raise ModelMissing(
                model=model,
                reason="the folder does not exist",
                command=f"ytdubber models pull {model}",
                folder=self._root,
            )
        return self._root / model

    def folders(self) -> tuple[Path, ...]:
        """The folder of all models, then the user's."""
        return (self._root, *self._user_folders)
