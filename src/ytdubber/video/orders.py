"""What the process that makes a video is told."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ytdubber.domain.video import VideoFormat


@dataclass(frozen=True, slots=True)
class Caption:
    """Text that is shown from start_ms to end_ms."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """Captions in the language of the sound that they go with.

    Attributes:
        title: What people choose them by.
        captions: They.
        sdh: Whether they are for the deaf and hard of hearing.
    """

    title: str
    captions: tuple[Caption, ...] = ()
    sdh: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """A sound beside the picture, and captions that go with it.

    Attributes:
        sound: The file it is taken from; empty for the sound of the source that was dubbed.
        language: What is spoken in it, as BCP 47.
        iso639: The same as the container carries it.
        title: What people choose it by.
        captions: The captions that go with it.
    """

    sound: str
    language: str
    iso639: str
    title: str
    captions: tuple[CaptionTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a video holds besides the source's picture.

    Attributes:
        format: Its container.
        zero_s: The source's time at sample 0 of the dubs.
        number: Which of the source's sounds was dubbed, from 1.
        original: The sound that was dubbed.
        dubs: The dubs.
        default: The one of them that is heard unless somebody chooses another; None for the
            original.
        tags: What is said of the whole.
    """

    format: VideoFormat
    zero_s: Fraction
    number: int
    original: Track
    dubs: tuple[Track, ...]
    default: int | None
    tags: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """As an order has it: a process with a working folder of its own opens the files."""
        order = asdict(self) | {"zero_s": str(self.zero_s), "tags": dict(self.tags)}
        for track in (order["original"], *order["dubs"]):
            track["sound"] = track["sound"] and str(Path(track["sound"]).absolute())
        return order

    @classmethod
    def from_json(cls, order: Mapping[str, Any]) -> "Contents":
        """As it was."""
        return cls(
            VideoFormat(order["format"]),
            Fraction(order["zero_s"]),
            order["number"],
            _track(order["original"]),
            tuple(map(_track, order["dubs"])),
            order["default"],
            order["tags"],
        )

    @property
    def files(self) -> Sequence[str]:
        """The files that sounds are taken from."""
        return [each.sound for each in (self.original, *self.dubs) if each.sound]


def _track(order: Mapping[str, Any]) -> Track:
    captions = tuple(map(_captions, order["captions"]))
    return Track(**{**order, "captions": captions})


def _captions(order: Mapping[str, Any]) -> CaptionTrack:
    captions = tuple(Caption(**each) for each in order["captions"])
    return CaptionTrack(**{**order, "captions": captions})
