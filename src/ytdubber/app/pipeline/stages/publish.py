"""Finished files to where they are kept."""

from collections.abc import Sequence
from pathlib import Path, PurePath

from ytdubber.app.pipeline.artifacts import Signed
from ytdubber.app.pipeline.file_entry import FileEntry, TextFile
from ytdubber.audio.mixer import Mastered
from ytdubber.domain.artifact import is_synthetic
from ytdubber.files.encrypted import write_bytes
from ytdubber.ports.blob_store import BlobSink


def publish(
    language: str, sound: Signed, texts: Sequence[TextFile], blobs: BlobSink, scratch: Path
) -> tuple[FileEntry, ...]:
    """Put the sound under `<language>/` and the texts under their paths."""
    files = []
    for file in sound.files:
        entry = _sound_entry(language, file, signed=file.path in sound.paths)
        blobs.put(entry.path, file.path)
        files.append(entry)
    for text in texts:
        path = scratch / PurePath(text.path).name
        write_bytes(path, text.data)
        blobs.put(text.path, path)
        files.append(text.entry)
    return tuple(files)


def _sound_entry(language: str, file: Mastered, *, signed: bool) -> FileEntry:
    content = file.deliverable.content
    return FileEntry(
        path=f"{language}/{file.path.name}",
        kind=content.value,
        format=file.deliverable.format.value,
        bytes=file.bytes,
        sha256=file.sha256,
        samples=file.samples,
        sample_rate_hz=file.sample_rate_hz,
        channels=file.channels,
        duration_ms=round(file.samples * 1000 / file.sample_rate_hz, 3),
        integrated_lufs=round(file.integrated_lufs, 2),
        true_peak_dbtp=round(file.true_peak_dbtp, 2),
        target_lufs=None if file.target_lufs is None else round(file.target_lufs, 2),
        synthetic=is_synthetic(content),
        signed=signed,
        watermark=file.watermark,
    )
