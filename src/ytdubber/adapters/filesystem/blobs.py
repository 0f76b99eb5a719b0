"""Finished files under a folder: the key is the path within it."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ytdubber.domain.errors import FileInUse, FolderNotWritable

HIDDEN = ".ytdubber"
"""The folder within an output folder that is none of its files."""
_AGREED = "replacing"
_NOTE = "note.json"


class FolderBlobStore:
    """A `BlobStore` in a folder.

    What is replaced together is first gathered in one folder, with a note of where each file goes.
    That folder takes its final name by one rename, and from then on the replacement is agreed: what
    a crash leaves of it `finish_replacing` does.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, key: str) -> bytes | None:
        try:
            return _place(self._root, key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sha256(self, key: str) -> str | None:
        try:
            with _place(self._root, key).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def path(self, key: str) -> Path:
        return _place(self._root, key)

    def replace(self, files: Mapping[str, Path], gone: Collection[str], scratch: Path) -> None:
        """See `BlobStore`. The scratch folder must lie on the folder's own file system."""
        finish_replacing(self._root)
        for key in (*files, *gone):
            _place(self._root, key)
        gathered = Path(tempfile.mkdtemp(prefix="replacing-", dir=scratch))
        for number, (key, file) in enumerate(files.items()):
            _expect_room(self._root / key)
            _sync(file)
            file.replace(gathered / str(number))
        note = gathered / _NOTE
        note.write_text(json.dumps({"files": list(files), "gone": sorted(gone)}), "utf-8")
        _sync(note)
        _sync(gathered)
        agreed = self._root / HIDDEN / _AGREED
        agreed.parent.mkdir(exist_ok=True)
        gathered.rename(agreed)
        _sync(agreed.parent)
        finish_replacing(self._root)


def finish_replacing(root: Path) -> None:
    """Do what is left of an agreed replacement in a folder; one caller at a time."""
    agreed = hidden(root) / _AGREED
    note = agreed / _NOTE
    if note.exists():
        told = json.loads(note.read_bytes())
        for key in (*told["files"], *told["gone"]):
            _place(root, key)
        for number, key in enumerate(told["files"]):
            (root / key).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError), _free(root / key):  # it is in its place already
                (agreed / str(number)).replace(root / key)
        for key in told["gone"]:
            _remove(root, key)
        for folder in {(root / key).parent for key in told["files"]}:
            _sync(folder)
        note.unlink(missing_ok=True)
    shutil.rmtree(agreed, ignore_errors=True)


def is_replacing(root: Path) -> bool:
    """Whether an agreed replacement in a folder has not come to its end."""
    return (hidden(root) / _AGREED).exists()


def hidden(root: Path) -> Path:
    """The folder within an output folder that is none of its files.

    Raises:
        FolderNotWritable: it, or a part of it, is a link and leads elsewhere, where nothing may be
            changed or removed.
    """
    folder = root / HIDDEN
    links = (path for path in (folder, *folder.glob("*")) if path.is_symlink())
    if link := next(links, None):
        raise FolderNotWritable(folder=root, reason=f"{link.relative_to(root)} in it is a link")
    return folder


def _place(root: Path, key: str) -> Path:
    """Where a file lies.

    Raises:
        FolderNotWritable: that is outside of the folder; whoever wrote its lists may be anybody.
    """
    path = root / key
    if not path.parent.resolve().is_relative_to(root.resolve()) or path.name in ("", ".."):
        raise FolderNotWritable(folder=root, reason=f"'{key}' leads out of it")
    return path


@contextmanager
def _free(path: Path) -> Iterator[None]:
    """Say so where a file cannot be changed because somebody has it open, as on Windows.

    Raises:
        FileInUse: somebody has.
    """
    try:
        yield
    except PermissionError as error:
        if os.name == "nt":
            raise FileInUse(file=path) from error
        raise


def _expect_room(path: Path) -> None:
    """Make sure that a file can take this place."""
    in_the_way = path if path.is_dir() else path.parent
    if path.is_dir() or (in_the_way.exists() and not in_the_way.is_dir()):
        raise FolderNotWritable(folder=in_the_way, reason="something else has that name")


def _remove(root: Path, key: str) -> None:
    path = root / key
    with _free(path):
        path.unlink(missing_ok=True)
    if path.parent != root and path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()


def _sync(path: Path) -> None:
    """Have what was written to a file or a folder on the disk; folders only where that is known."""
    if path.is_dir() and os.name != "posix":
        return
    # Windows writes out what a handle that may write has written.
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
