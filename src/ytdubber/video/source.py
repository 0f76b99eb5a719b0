"""A file with a picture: what is in it, and what of that a container holds."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.stream import Disposition

from ytdubber.audio.source import is_encrypted
from ytdubber.domain.errors import UnknownLanguage
from ytdubber.domain.languages import normalize
from ytdubber.domain.video import VideoFormat
from ytdubber.video.containers import CONTAINERS, Container

_NO_PICTURE = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
COVERS = {"mjpeg": ("cover.jpg", "image/jpeg"), "png": ("cover.png", "image/png")}
"""Codings of covers, and what they are called as attachments."""
_OWN_TAGS = frozenset(
    ("major_brand", "minor_version", "compatible_brands", "encoder", "duration", "creation_time")
)
"""What a container says of itself, not of what is in it."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file.

    Attributes:
        container: It.
        size_bytes: Its size.
    """

    container: av.container.InputContainer
    size_bytes: int

    @property
    def picture(self) -> av.VideoStream | None:
        """Its picture: of several the one marked as default, else the first; no cover."""
        moving = [each for each in self.container.streams.video if not _is_still(each)]
        return max(moving, key=_is_default, default=None)

    @property
    def covers(self) -> list[av.VideoStream]:
        """Pictures that do not move, such as an album's."""
        stills = filter(_is_still, self.container.streams.video)
        return [each for each in stills if codec_of(each) in COVERS]

    @property
    def is_matroska(self) -> bool:
        """Whether its packets already count an encoder's priming apart."""
        return "matroska" in self.container.format.name

    @property
    def tags(self) -> dict[str, str]:
        """What its container says of what is in it."""
        found = self.container.metadata.items()
        return {name: value for name, value in found if name.lower() not in _OWN_TAGS}

    def look(self) -> dict[str, Any]:
        """What is in it, for whoever asks for a video of it."""
        picture, length = self.picture, self.container.duration
        coding = "" if picture is None else codec_of(picture)
        if picture is not None and self._hides_order(picture):
            coding = f"{coding} with B-frames in AVI"
        return {
            "picture": None if picture is None else coding or "something unknown",
            "formats": [each.value for each in VideoFormat if _takes(CONTAINERS[each], coding)],
            "sounds": [codec_of(each) for each in self.container.streams.audio],
            "tags": self._tags(),
            "length_s": None if length is None else length / av.time_base,
            "encrypted": picture is not None and is_encrypted(picture),
        }

    def _tags(self) -> dict[str, str]:
        """The fields of text of the file and of its first sound."""
        sounds = self.container.streams.audio
        found = dict(self.container.metadata) | dict(sounds[0].metadata if sounds else {})
        return {name.lower(): value for name, value in found.items()}

    def _hides_order(self, picture: av.VideoStream) -> bool:
        """Whether its container does not say when each frame is shown, as AVI where H.264 has
        frames that are decoded in another order.
        """
        is_avi = self.container.format.name == "avi"
        return is_avi and codec_of(picture) == "h264" and picture.codec_context.has_b_frames

    def chapters(self, zero_s: Fraction) -> list[Any]:
        """Its chapters on the video's clock."""
        found: list[Any] = []
        for chapter in self.container.chapters():
            tick = chapter["time_base"]
            if tick is None:
                continue
            start, end = (
                max(0, round((chapter[edge] * tick - zero_s) * 1000)) for edge in ("start", "end")
            )
            if end > start:
                times = {"start": start, "end": end, "time_base": Fraction(1, 1000)}
                found.append({**chapter, **times})
        return found


def codec_of(stream: av.stream.Stream) -> str:
    """The name of its coding; empty for one that nothing here knows."""
    context: Any = stream.codec_context
    return "" if context is None else context.codec.canonical_name


def language_of(stream: av.stream.Stream) -> str | None:
    """Our code of the language that its container says it has; None where that says nothing."""
    try:
        return normalize(stream.metadata.get("language", ""))
    except UnknownLanguage:
        return None


def _is_default(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & Disposition.default)


def _is_still(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & _NO_PICTURE)


def _takes(container: Container, coding: str) -> bool:
    """Whether a container can be given a picture in this coding."""
    if not container.takes_picture(coding):
        return False
    with av.open(_Nowhere(), "w", format=container.muxer) as trial:
        return coding in trial.supported_codecs


class _Nowhere:
    """A file that nothing is written to."""

    name = ""

    def write(self, data: bytes) -> int:
        """Write nothing."""
        return len(data)
