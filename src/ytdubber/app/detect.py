"""What a file says of where it is from, and whether it is as it was."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.manifest import Manifest, intact
from ytdubber.domain.errors import BadInput, FileNotReadable
from ytdubber.domain.printable import printable
from ytdubber.domain.provenance import AI_WORDS
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.signer import Credentials, CredentialsReader
from ytdubber.video.make import look

_TEXTS = frozenset((".srt", ".vtt", ".json", ".txt"))
_HEAD_BYTES = 4096

DubIn = Callable[[Path], tuple[Manifest | None, BlobStore]]
"""The dub in a folder: its manifest, if there is one, and its files."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is found in a file.

    Attributes:
        file: It.
        credentials: Its signed metadata (C2PA); None where it has none.
        comment: What its field of text says of AI; None where it says nothing.
        as_manifest: Whether it has the bytes that the manifest of its dub names; None where there
            is no manifest that names it.
    """

    file: Path
    credentials: Credentials | None
    comment: str | None
    as_manifest: bool | None

    @property
    def by_ai(self) -> bool:
        """Whether anything in it says that it was dubbed by AI."""
        return self.comment is not None or bool(self.credentials and self.credentials.synthetic)

    @property
    def whole(self) -> bool | None:
        """Whether it is as it was made; None where nothing tells."""
        told = [self.as_manifest, self.credentials.whole if self.credentials else None]
        known = [each for each in told if each is not None]
        return all(known) if known else None


@dataclass(frozen=True, slots=True)
class Detect:
    """The use case over its ports.

    Attributes:
        credentials: Reads signed metadata.
        dub_in: Reads the dub in a folder.
    """

    credentials: CredentialsReader
    dub_in: DubIn

    def __call__(self, file: Path) -> Marks:
        """What a file says.

        Raises:
            FileNotReadable: there is no such file, or it cannot be read.
        """
        try:
            with file.open("rb") as opened:
                head = opened.read(_HEAD_BYTES)
            credentials = self.credentials(file)
        except OSError as error:
            raise FileNotReadable(file=file, reason=error.strerror or error) from None
        return Marks(file, credentials, _comment(file, head), self._as_manifest(file))

    def _as_manifest(self, file: Path) -> bool | None:
        place = file.absolute()
        for folder in place.parents[:2]:
            manifest, blobs = self.dub_in(folder)
            path = place.relative_to(folder).as_posix()
            named = [each for each in manifest.files if each.path == path] if manifest else []
            if named:
                return intact(named, blobs)
        return None


def _comment(file: Path, head: bytes) -> str | None:
    """What its field of text, or a comment in it, says of AI."""
    said: list[str] = []
    if file.suffix.lower() in _TEXTS:
        said = [line.removeprefix("NOTE ") for line in head.decode(errors="replace").splitlines()]
    else:
        with contextlib.suppress(BadInput):  # no media: then it has no fields
            said = list(look(file, printable(str(file))).tags.values())
    return next((each for each in said if each.startswith(AI_WORDS)), None)
