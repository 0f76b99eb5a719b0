"""The texts of a recording that are there already: a dub made anew does not make them again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ytdubber.app.dubs.manifest import intact
from ytdubber.app.pipeline.file_entry import FileEntry
from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.result_store import ResultStore

HEAD = b"texts "
"""What a record begins with."""


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """What was written of one recording.

    Attributes:
        results: Where it is kept what that was.
        recording: What tells the recording, as it was heard by this version, from others.
        variants: The captions wanted besides the usual ones.
    """

    results: ResultStore
    recording: str
    variants: Sequence[CaptionVariant]

    def there(self, entries: Sequence[FileEntry], blobs: BlobStore) -> bool:
        """Whether the texts that are there are those, byte for byte."""
        known = self.results.load(self._key)
        return known is not None and known == _told(entries) and intact(entries, blobs)

    def keep(self, entries: Sequence[FileEntry]) -> None:
        """Keep what was written."""
        self.results.save(self._key, _told(entries))

    @property
    def _key(self) -> str:
        told = ["texts", self.recording, sorted(self.variants)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _told(entries: Sequence[FileEntry]) -> bytes:
    return HEAD + json.dumps(sorted([each.path, each.sha256] for each in entries)).encode()
