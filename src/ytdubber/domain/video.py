"""Videos that are made of a recording's picture and its dubs."""

import enum
from dataclasses import dataclass


class VideoFormat(enum.StrEnum):
    """A container; its value is the file's extension."""

    MP4 = "mp4"
    MKV = "mkv"


@dataclass(frozen=True, slots=True)
class VideoOptions:
    """What videos a dub comes with.

    Attributes:
        format: Their container.
        per_language: Whether there is one for each language, in which that language is what is
            heard, rather than one for all, in which the original is.
    """

    format: VideoFormat
    per_language: bool = False
