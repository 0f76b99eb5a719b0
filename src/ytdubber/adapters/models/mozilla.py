"""Mozilla's delivery of translation models: which files a pair has, and the files."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytdubber.adapters.models.transfer import SourceFailed, Tell
from ytdubber.adapters.models.web import Web

ATTACHMENTS = "https://firefox-settings-attachments.cdn.mozilla.net/"
"""Where attachments of Firefox Remote Settings lie."""

_RECORDS_LIMIT_BYTES = 32 << 20
_VOCABULARIES = ({"vocab"}, {"srcvocab", "trgvocab"})
_ARCHITECTURES = ("base-memory", "base", "tiny")
"""Best first: larger ones translate better and are still fast."""


@dataclass(frozen=True)
class Attachment:
    """A file that Mozilla delivers, compressed with zstd."""

    name: str
    sha256: str
    location: str
    compressed_bytes: int
    kind: str
    source: str
    target: str
    version: str
    architecture: str
    filtered: bool


class Mozilla:
    """The catalogue of Firefox's translation models, read once.

    Args:
        web: the client to fetch with.
        attachments: the address that attachments' locations are relative to.
    """

    def __init__(self, web: Web, attachments: str = ATTACHMENTS) -> None:
        self._web = web
        self._attachments = attachments
        self._lock = threading.Lock()
        self._catalogue: tuple[Attachment, ...] | None = None

    def pair(self, source: str, target: str) -> tuple[Attachment, ...]:
        """The model and vocabularies of the best version for a pair; empty when there is none.

        Best is: meant for every edition of Firefox, the highest version that the engine reads, the
        largest architecture.

        Raises:
            SourceFailed: the catalogue cannot be read.
        """
        sets: dict[tuple[bool, tuple[int, ...], int], list[Attachment]] = defaultdict(list)
        for found in self._files():
            if (found.source, found.target) == (source, target):
                sets[_rank(found)].append(found)
        for rank in sorted(sets, reverse=True):
            chosen = _complete(sets[rank])
            if chosen and self._readable(chosen):
                return chosen
        return ()

    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every pair of languages, by Mozilla's codes, that there is a model for.

        Raises:
            SourceFailed: the catalogue cannot be read.
        """
        sets: dict[tuple[str, str, tuple[bool, tuple[int, ...], int]], list[Attachment]]
        sets = defaultdict(list)
        for found in self._files():
            sets[found.source, found.target, _rank(found)].append(found)
        complete = (chosen for files in sets.values() if (chosen := _complete(files)))
        return frozenset((files[0].source, files[0].target) for files in complete)

    def named(self, source: str, target: str, name: str, sha256: str) -> Attachment:
        """The file of a pair that has this name and, decompressed, this hash.

        Raises:
            SourceFailed: Mozilla delivers no such file now, or the catalogue cannot be read.
        """
        for found in self._files():
            if (found.source, found.target, found.name) == (source, target, name):
                if found.sha256 == sha256:
                    return found
        raise SourceFailed("Mozilla delivers another version now")

    def fetch(self, attachment: Attachment, folder: Path, tell: Tell) -> bytes:
        """The file's bytes, decompressed and verified; `tell` counts compressed bytes.

        A download that breaks off leaves a part in the folder and is resumed next time.

        Raises:
            SourceFailed: it cannot be had, or is not what the catalogue says.
        """
        from fxtranslate import discovery

        packed = folder / f"{attachment.name}.zst.part"
        url = self._attachments + attachment.location
        self._web.download(url, packed, attachment.compressed_bytes, tell)
        compressed = packed.read_bytes()
        packed.unlink()
        try:
            return discovery.verify_and_decompress(compressed, attachment.sha256)
        except ValueError as error:
            raise SourceFailed(str(error)) from error

    def _readable(self, chosen: Iterable[Attachment]) -> bool:
        """Whether the engine reads models of this version: it alone knows."""
        from fxtranslate import discovery

        rows = [
            {
                "name": file.name,
                "fileType": file.kind,
                "sourceLanguage": file.source,
                "targetLanguage": file.target,
                "version": file.version,
                "attachment": {"location": file.location},
            }
            for file in chosen
        ]
        return bool(discovery.model_pairs(json.dumps({"data": rows})))

    def _files(self) -> tuple[Attachment, ...]:
        from fxtranslate import discovery

        with self._lock:
            if self._catalogue is None:
                body = self._web.read(discovery.records_url(), _RECORDS_LIMIT_BYTES)
                try:
                    self._catalogue = _attachments(body.decode())
                except (ValueError, KeyError, TypeError) as error:
                    raise SourceFailed("Mozilla's catalogue cannot be read") from error
            return self._catalogue


def _attachments(body: str) -> tuple[Attachment, ...]:
    """The catalogue's files that carry a hash; sizes stand only in the rows themselves."""
    from fxtranslate import discovery

    rows = {
        row["attachment"]["location"]: row
        for row in json.loads(body)["data"]
        if "attachment" in row
    }
    return tuple(
        _attachment(record, rows[location])
        for record in discovery.parse_records(body)
        if (location := record["location"]) in rows and record["decompressedHash"]
    )


def _attachment(record: dict[str, str | None], row: dict[str, Any]) -> Attachment:
    return Attachment(
        name=Path(record["name"] or "").name,
        sha256=record["decompressedHash"] or "",
        location=record["location"] or "",
        compressed_bytes=int(row["attachment"]["size"]),
        kind=record["fileType"] or "",
        source=record["sourceLanguage"] or "",
        target=record["targetLanguage"] or "",
        version=record["version"] or "",
        architecture=record["architecture"] or "",
        filtered=bool(row.get("filter_expression")),
    )


def _rank(file: Attachment) -> tuple[bool, tuple[int, ...], int]:
    """Higher is better. A version such as 3.0a1 counts as a trial before 3.0."""
    release, _, trial = file.version.partition("a")
    numbers = [int(part) if part.isdigit() else 0 for part in release.split(".")]
    best = len(_ARCHITECTURES)
    size = _ARCHITECTURES.index(file.architecture) if file.architecture in _ARCHITECTURES else best
    return (not file.filtered, (*numbers, 0 if trial else 1), -size)


def _complete(files: list[Attachment]) -> tuple[Attachment, ...]:
    """The model and its vocabularies, one file of each kind; empty when one is missing."""
    kinds = {file.kind: file for file in files}
    for vocabularies in _VOCABULARIES:
        if vocabularies | {"model"} <= kinds.keys():
            return tuple(kinds[kind] for kind in sorted(vocabularies | {"model"}))
    return ()
