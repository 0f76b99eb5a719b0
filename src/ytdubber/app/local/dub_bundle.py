"""The bundle for YouTube that a dub comes with, made once its languages have ended."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.dubs.manifest import Manifest, intact
from ytdubber.app.dubs.room import full_disk_told
from ytdubber.app.dubs.youtube_bundle import Bundled, need_sound_for_youtube, youtube_bundle
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.local.finished_dub import FinishedDub
from ytdubber.app.pipeline.file_entry import FileEntry, TextFile
from ytdubber.domain.artifact import title_of_files
from ytdubber.domain.printable import printable
from ytdubber.ports.blob_store import BlobStore
from ytdubber.video.make import look

FOLDER = "youtube"


def need_bundle(request: DubRequest) -> None:
    """Refuse a bundle that cannot be made, before any work is begun.

    Raises:
        BadField: no sound is asked for that YouTube takes, or not its titles.
    """
    if request.bundle is not None:
        need_sound_for_youtube(request.options.formats)
        request.bundle.check()


def bundle_there(request: DubRequest, manifest: Manifest, blobs: BlobStore) -> bool:
    """Whether the bundle that is asked for is there, as it would be made."""
    if request.bundle is None:
        return True
    bundled = _bundled(request, manifest, lambda: None)
    there = {file.path: file.sha256 for file in manifest.bundle}
    return there == _hashes(bundled, manifest) and intact(manifest.bundle, blobs)


@dataclass(frozen=True, slots=True)
class DubBundle:
    """Makes it.

    Attributes:
        request: What a person asked for.
        dub: The dub it belongs to.
        blobs: Where its files are.
        scratch: For files under way.
        check: Raises `Cancelled` to stop.
    """

    request: DubRequest
    dub: FinishedDub
    blobs: BlobStore
    scratch: Path
    check: Callable[[], None]

    def __call__(self) -> None:
        """Put it in place, where it is not there as it would be made; a dub for which none is asked
        for keeps none, whose files may be of a dub before.
        """
        manifest = self.dub.manifest
        if self.request.bundle is None:
            if manifest.bundle:
                self.dub.add_bundle([], {})
            return
        if bundle_there(self.request, manifest, self.blobs):
            return
        bundled = _bundled(self.request, manifest, self.check)
        hashes, sizes = _hashes(bundled, manifest), {each.path: each for each in manifest.files}
        placed: dict[str, Path] = {}
        entries: list[FileEntry] = []
        with full_disk_told(self.scratch):
            for number, (name, path) in enumerate(bundled.copies.items()):
                self.check()
                file = self.scratch / f"bundle-{number}"
                shutil.copyfile(self.blobs.path(path), file)
                copied = {"path": f"{FOLDER}/{name}", "sha256": hashes[f"{FOLDER}/{name}"]}
                entries.append(sizes[path].model_copy(update=copied))
                placed[f"{FOLDER}/{name}"] = file
            for name, data in bundled.texts.items():
                text = TextFile(f"{FOLDER}/{name}", "bundle", data)
                file = self.scratch / f"bundle-{name}"
                file.write_bytes(data)
                entries.append(text.entry)
                placed[text.path] = file
        self.dub.add_bundle(entries, placed, bundled.notes)


def _bundled(request: DubRequest, manifest: Manifest, check: Callable[[], None]) -> Bundled:
    voice = request.voice
    looked = look(voice, printable(str(voice)), check)
    video_ms = looked.length_s * 1000 if looked.picture and looked.length_s else None
    return youtube_bundle(
        title_of_files(voice.name) or "dub",
        manifest.source.language,
        manifest.captions,
        {
            language: entry.files
            for language, entry in manifest.languages.items()
            if entry.status == "complete" and entry.source is None
        },
        video_ms,
        request.bundle,
    )


def _hashes(bundled: Bundled, manifest: Manifest) -> dict[str, str]:
    """That of each of its files."""
    known = {file.path: file.sha256 for file in manifest.files}
    found = {f"{FOLDER}/{name}": known[path] for name, path in bundled.copies.items()}
    return found | {
        f"{FOLDER}/{name}": hashlib.sha256(data).hexdigest() for name, data in bundled.texts.items()
    }
