"""Finished files to where they are kept."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ytdubber.app.pipeline.artifacts import CaptionFile, OutputFile, Signed
from ytdubber.audio.mixer import Mastered
from ytdubber.files.encrypted import read_bytes, write_bytes
from ytdubber.ports.blob_store import BlobSink


def publish(
    language: str,
    sound: Signed,
    captions: Sequence[CaptionFile],
    script: bytes,
    translation: bytes,
    blobs: BlobSink,
    scratch: Path,
) -> tuple[OutputFile, ...]:
    """Put the sound, the captions and the texts of `translation.ttml` and `translation.json` under
    `<language>/`.
    """
    files = [_sound(language, file, file.path in sound.paths, blobs) for file in sound.files]
    files += [_text(language, each.kind, each.path, blobs) for each in captions]
    for name, kind, data in (
        ("translation.ttml", "script", script),
        ("translation.json", "translation", translation),
    ):
        path = scratch / name
        write_bytes(path, data)
        files.append(_text(language, kind, path, blobs))
    return tuple(files)


def _sound(language: str, file: Mastered, signed: bool, blobs: BlobSink) -> OutputFile:
    key = f"{language}/{file.path.name}"
    blobs.put(key, file.path)
    return OutputFile(
        key=key,
        kind=file.deliverable.content.value,
        format=file.deliverable.format.value,
        bytes=file.bytes,
        sha256=file.sha256,
        samples=file.samples,
        sample_rate_hz=file.sample_rate_hz,
        channels=file.channels,
        integrated_lufs=round(file.integrated_lufs, 2),
        target_lufs=None if file.target_lufs is None else round(file.target_lufs, 2),
        true_peak_dbtp=round(file.true_peak_dbtp, 2),
        signed=signed,
    )


def _text(language: str, kind: str, path: Path, blobs: BlobSink) -> OutputFile:
    key, data = f"{language}/{path.name}", read_bytes(path)
    blobs.put(key, path)
    digest = hashlib.sha256(data).hexdigest()
    return OutputFile(key, kind, path.suffix.removeprefix("."), len(data), digest)
