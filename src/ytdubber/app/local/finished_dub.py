"""The dub in a folder while languages come in: what is finished stays until better is whole."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from ytdubber.app.dubs.manifest import (
    NAME,
    LanguageEntry,
    Manifest,
    SourceEntry,
    intact,
    with_voices,
)
from ytdubber.app.pipeline.file_entry import FileEntry, VideoEntry
from ytdubber.ports.blob_store import BlobStore


class FinishedDub:
    """Files, transcript and manifest that agree with one another at every moment.

    Safe for several threads. A language that was made from another recording than the manifest's
    says so in its entry.

    Args:
        blobs: The folder.
        scratch: For intermediate files, on the folder's file system; the recording's texts are in
            it, and put in place with the first language.
        begun: The manifest of this run, without languages.
        before: The manifest that is there, if there is one.
    """

    def __init__(
        self,
        blobs: BlobStore,
        scratch: Path,
        begun: Manifest,
        before: Manifest | None,
    ) -> None:
        self._blobs, self._scratch = blobs, scratch
        self._lock = threading.Lock()
        self._there = before
        kept = {"languages": _kept(before, begun.source)}
        if before is not None:
            names = ("videos", "bundle", "bundle_notes")
            kept |= {name: getattr(before, name) for name in names}
        self._manifest = begun.model_copy(update=kept)

    @property
    def manifest(self) -> Manifest:
        """What is there now, and why other languages are not."""
        return self._manifest

    def keep(self, language: str, fingerprint: str) -> bool:
        """Whether a language is there already as it would be made, with every byte."""
        entry = self._manifest.languages.get(language)
        if entry is None or entry.status != "complete" or entry.fingerprint != fingerprint:
            return False
        if not intact(entry.files, self._blobs):
            return False
        with self._lock:
            self._manifest = self._with(language, entry.model_copy(update={"source": None}))
        return True

    def add(self, language: str, entry: LanguageEntry, files: Mapping[str, Path]) -> None:
        """Put a whole language in place, instead of what was there of it."""
        with self._lock:
            self._replace(self._with(language, entry), files)

    def note(self, language: str, entry: LanguageEntry) -> None:
        """Note why a language was not made, unless it is finished from before."""
        with self._lock:
            before = self._manifest.languages.get(language)
            if before is None or before.status != "complete":
                self._manifest = self._with(language, entry)

    def add_videos(self, entries: Sequence[VideoEntry], files: Mapping[str, Path]) -> None:
        """Put videos in place, instead of those that were there."""
        with self._lock:
            self._replace(self._manifest.model_copy(update={"videos": list(entries)}), files)

    def add_bundle(
        self,
        entries: Sequence[FileEntry],
        files: Mapping[str, Path],
        notes: Sequence[str] = (),
    ) -> None:
        """Put a bundle in place, instead of the one that was there."""
        with self._lock:
            bundle = {"bundle": list(entries), "bundle_notes": list(notes)}
            self._replace(self._manifest.model_copy(update=bundle), files)

    def close(self, *, whole: bool) -> Manifest:
        """Put the manifest in place.

        Args:
            whole: Whether all that was asked for is there: what is left of another recording goes.
        """
        with self._lock:
            manifest = self._manifest
            if whole:
                languages = {
                    language: entry
                    for language, entry in manifest.languages.items()
                    if entry.source is None or _same_recording(entry.source, manifest.source)
                }
                own = manifest.source.voice.sha256
                videos = [each for each in manifest.videos if each.source_sha256 == own]
                manifest = manifest.model_copy(update={"languages": languages, "videos": videos})
            self._replace(manifest, {})
            return manifest

    def _with(self, language: str, entry: LanguageEntry) -> Manifest:
        languages = self._manifest.languages | {language: entry}
        return self._manifest.model_copy(update={"languages": languages})

    def _replace(self, manifest: Manifest, files: Mapping[str, Path]) -> None:
        """All in one step: files, texts and manifest in, files that it no longer names out."""
        speakers = with_voices(manifest.speakers, manifest.languages)
        manifest = manifest.model_copy(update={"speakers": speakers})
        note = self._scratch / NAME
        note.write_bytes(manifest.to_json())
        placed = {**files, NAME: note}
        texts = {text.path: self._scratch / text.path for text in manifest.texts}
        placed |= {path: file for path, file in texts.items() if file.exists()}
        gone = _paths(self._there) - _paths(manifest) if self._there else set()
        self._blobs.replace(placed, gone, self._scratch)
        self._manifest = self._there = manifest


def _kept(before: Manifest | None, source: SourceEntry) -> dict[str, LanguageEntry]:
    """What was there, each language with its source where that is not the given one."""
    if before is None:
        return {}
    kept = {}
    for language, entry in before.languages.items():
        made_from = entry.source or before.source
        kept[language] = entry.model_copy(
            update={"source": None if made_from == source else made_from}
        )
    return kept


def _same_recording(one: SourceEntry, other: SourceEntry) -> bool:
    def hashes(source: SourceEntry) -> tuple[str, str | None]:
        return source.voice.sha256, source.background.sha256 if source.background else None

    return hashes(one) == hashes(other)


def _paths(manifest: Manifest) -> set[str]:
    return {file.path for file in manifest.files}
