"""What a file says of where it is from, and whether it is as it was."""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.dubs.manifest import Manifest, intact
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.audio.files import read_blocks
from ytdubber.audio.watermark_detection import RATE_HZ, Presence, WatermarkFound, detect_watermark
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
        watermark: What is heard of the watermark, in that of its sounds in which it is clearest;
            None where there is no sound.
    """

    file: Path
    credentials: Credentials | None
    comment: str | None
    as_manifest: bool | None
    watermark: WatermarkFound | None = None

    @property
    def by_ai(self) -> bool:
        """Whether anything in it says that it was dubbed by AI."""
        heard = self.watermark is not None and self.watermark.presence is Presence.PRESENT
        signed = self.credentials is not None and self.credentials.synthetic
        return heard or signed or self.comment is not None

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
        if file.suffix.lower() in _TEXTS:
            said, sounds = _lines(head), 0
        else:
            said, sounds = _looked(file)
        comment = next((each for each in said if each.startswith(AI_WORDS)), None)
        return Marks(file, credentials, comment, self._as_manifest(file), _watermark(file, sounds))

    def _as_manifest(self, file: Path) -> bool | None:
        place = file.absolute()
        for folder in place.parents[:2]:
            manifest, blobs = self.dub_in(folder)
            path = place.relative_to(folder).as_posix()
            named = [each for each in manifest.files if each.path == path] if manifest else []
            if named:
                return intact(named, blobs)
        return None


def _lines(head: bytes) -> list[str]:
    """The lines of a text, without what makes them a comment."""
    return [line.removeprefix("NOTE ") for line in head.decode(errors="replace").splitlines()]


def _looked(file: Path) -> tuple[list[str], int]:
    """The fields of text of a file, and how many sounds it has."""
    try:
        looked = look(file, printable(str(file)))
    except BadInput:  # no media
        return [], 0
    return list(looked.tags.values()), len(looked.sounds)


def _watermark(file: Path, sounds: int) -> WatermarkFound | None:
    """The clearest of what is found in its sounds, up to the first that carries it."""
    found = list[WatermarkFound]()
    for number in range(1, sounds + 1):
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(BadInput):
            output = DecodeOutput(Path(folder) / "sound.wav", RATE_HZ, 1, "PCM_16")
            (sound,) = decode(file, [output], track=str(number)).files
            found.append(detect_watermark(block[:, 0] for block in read_blocks(sound)))
        if found and found[-1].presence is Presence.PRESENT:
            break
    return max(found, key=lambda each: each.score - each.needed, default=None)
