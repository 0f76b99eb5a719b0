"""Videos made of a source's picture and finished dubs, by a confined process."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytdubber.audio.confined import DecodeLimits, carried_out, open_media, order_for
from ytdubber.domain.errors import (
    BadInput,
    DecoderStopped,
    FolderNotWritable,
    MachineError,
    NotAudio,
    UnsupportedAudio,
    VideoNotMade,
)
from ytdubber.domain.video import VideoFormat
from ytdubber.files.encrypted import open_file
from ytdubber.tracing import span
from ytdubber.video.containers import CONTAINERS
from ytdubber.video.orders import Contents

_LIMITS = DecodeLimits(max_memory_bytes=1 << 30, max_cpu_s=3600, max_wall_s=6 * 3600.0)
"""An index of three hours in ten languages takes some 400 MB while it is written."""
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds.

    Attributes:
        picture: The coding of its picture; None where it has none that moves.
        formats: The containers that the picture can be copied into.
        sounds: The codings of its sounds, in order.
        tags: Its fields of text, in lower case, those of its first sound among them.
        length_s: How long it is; None where it does not say.
        encrypted: Whether its picture is, so that only players with a key show it.
    """

    picture: str | None
    formats: tuple[VideoFormat, ...]
    sounds: tuple[str, ...]
    tags: Mapping[str, str]
    length_s: float | None = None
    encrypted: bool = False

    def copies_sound(self, number: int, into: VideoFormat) -> bool:
        """Whether its sound of that number, from 1, can be copied into a container."""
        return self.sounds[number - 1] in CONTAINERS[into].sounds


@dataclass(frozen=True, slots=True)
class Made:
    """A finished video: its size, its SHA-256 in hex, and what of the source is not in it."""

    bytes: int
    sha256: str
    notes: tuple[str, ...]


def look(source: Path, display_name: str, check: Callable[[], None] = lambda: None) -> Looked:
    """What a file holds, by its header.

    Raises:
        BadInput: it cannot be read.
        DecoderStopped: the system ended the process, which says nothing of the file.
    """
    order = order_for("ytdubber.video.child", source, (), _LIMITS) | {"contents": None}
    found = _done(order, source, display_name, None, check, lambda done: None)
    formats = tuple(map(VideoFormat, found["formats"]))
    return Looked(
        found["picture"],
        formats,
        tuple(found["sounds"]),
        found["tags"],
        found["length_s"],
        found["encrypted"],
    )


def make(
    source: Path,
    contents: Contents,
    target: Path,
    *,
    display_name: str,
    check: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda done: None,
) -> Made:
    """Write a video; nothing is left of one that is not finished.

    Args:
        source: The file with the picture.
        contents: What goes beside it.
        target: Where the video goes.
        display_name: What errors call the source.
        check: Called at least every 100 ms; raises to cancel.
        progress: Told how much is done, 0 to 1, never backwards.

    Raises:
        BadInput: the source cannot be read, or its packets cannot be in this container.
        FolderNotWritable: the video cannot be written.
        DecoderStopped: the system ended the process, which says nothing of the file.
    """
    files = [target, *map(Path, contents.files)]
    order = order_for("ytdubber.video.child", source, files, _LIMITS) | {
        "contents": contents.to_json(),
        "target": str(target.absolute()),
    }
    try:
        with span("video") as ours:
            found = _done(order, source, display_name, target, check, progress)
            made = _hashed(target, tuple(found["notes"]), check)
            ours.tell(bytes=made.bytes)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    progress(1.0)
    return made


def _done(
    order: dict[str, Any],
    source: Path,
    name: str,
    target: Path | None,
    check: Callable[[], None],
    progress: Callable[[float], None],
) -> dict[str, Any]:
    with open_media(source, name) as media:
        result = carried_out(order, media, _LIMITS, check, progress)
    if "done" in result:
        done: dict[str, Any] = result["done"]
        return done
    raise _refusal(result, name, target)


def _refusal(result: dict[str, Any], name: str, target: Path | None) -> BadInput | MachineError:
    reason = result.get("reason", "")
    match result["refused"]:
        case "unsupported":
            return UnsupportedAudio(file=name, reason=reason)
        case "not_made":
            return VideoNotMade(file=name, reason=reason)
        case "not_writable":
            return FolderNotWritable(folder=target.parent if target else Path(), reason=reason)
        case "stopped":
            return DecoderStopped(file=name, signal=reason)
    return NotAudio(file=name)


def _hashed(path: Path, notes: tuple[str, ...], check: Callable[[], None]) -> Made:
    digest, size = hashlib.sha256(), 0
    with open_file(path) as file:
        while chunk := file.read(_CHUNK):
            check()
            digest.update(chunk)
            size += len(chunk)
    return Made(size, digest.hexdigest(), notes)
