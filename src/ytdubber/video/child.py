"""What a confined process does with a file that has a picture: look at it, or write a video.

It is started as decoders are (`audio.decoder`), with the source as its one open file. What it
writes and the sounds of the dubs are opened before it gives up the right to open files.
"""

import contextlib
import errno
import time
from collections.abc import Sequence
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import av
import av.error

from ytdubber.audio.decoder import ANY_TAGS, REPORT_EVERY_S, load_all, opened, report
from ytdubber.audio.decoder_confinement import confine
from ytdubber.audio.decoder_limits import restrain, step_back
from ytdubber.audio.source import CODECS, FORMATS, Refused
from ytdubber.domain.video import VideoFormat
from ytdubber.files.encrypted import encrypted as under_key
from ytdubber.files.encrypted import open_file
from ytdubber.video.containers import CONTAINERS
from ytdubber.video.orders import Contents
from ytdubber.video.remux import Remux
from ytdubber.video.source import Source

_BUFFER_BYTES = 1 << 20
_PICTURES = CONTAINERS[VideoFormat.MP4].pictures or ()
"""Pictures whose first frames are decoded: their size, colours or order are not always told."""


def work(order: dict[str, Any]) -> dict[str, object]:
    """Carry out one order.

    Raises:
        Refused: the media is none we take, or nothing can be written.
    """
    step_back(order["niceness"])
    contents = Contents.from_json(order["contents"]) if order["contents"] else None
    with contextlib.ExitStack() as files:
        for folder, key in order["folder_keys"].items():
            files.enter_context(under_key(Path(folder), bytes.fromhex(key)))
        out: BufferedIOBase | None = None
        sounds: list[BufferedIOBase] = []
        if contents is not None:
            out = _opened_out(files, Path(order["target"]))
            sounds = [files.enter_context(open_file(Path(each))) for each in contents.files]
        media = opened(order)
        load_all()
        restrain(order["max_memory_bytes"], order["max_cpu_s"])
        confine(order["media_fd"])
        options = {
            "protocol_whitelist": "file",
            "format_whitelist": FORMATS,
            "codec_whitelist": ",".join((*CODECS, *_PICTURES)),
        }
        try:
            container = av.open(media.file, options=options, buffer_size=_BUFFER_BYTES, **ANY_TAGS)
        except av.error.MemoryError:
            raise
        except (av.error.FFmpegError, ValueError) as error:
            raise Refused("not_audio", str(error)) from error
        with container:
            source = Source(container, max(1, media.size_bytes))
            if contents is None or out is None:
                return source.look()
            return {"notes": _written(source, contents, sounds, out)}


def _written(
    source: Source, contents: Contents, sounds: Sequence[BufferedIOBase], out: BufferedIOBase
) -> list[str]:
    """Write the video; what of the source is not in it."""
    try:
        remux = Remux(source, contents, sounds, out)
        remux.run(_Progress())
    except av.error.MemoryError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise
        raise Refused("not_made", getattr(error, "strerror", None) or str(error)) from error
    return remux.notes


def _opened_out(files: contextlib.ExitStack, path: Path) -> BufferedIOBase:
    try:
        return files.enter_context(open_file(path, "w+b"))
    except OSError as error:
        raise Refused("not_writable", error.strerror or str(error)) from error


class _Progress:
    """Tells the parent how much was read, ten times a second."""

    def __init__(self) -> None:
        self._told_s = 0.0

    def __call__(self, done: float) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s >= REPORT_EVERY_S:
            self._told_s = now_s
            report(progress=round(min(1.0, done), 4))
