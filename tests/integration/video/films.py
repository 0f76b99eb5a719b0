"""Recordings with a picture to make videos of, and what those hold, seen by demuxing alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import soundfile
from tests.integration.audio.films import RATE_HZ, lag, sweep
from tests.unit.audio.sounds import Samples

from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.domain.video import VideoFormat
from ytdubber.video.make import Made, look, make
from ytdubber.video.orders import Caption, CaptionTrack, Contents, Track

WITH_B_FRAMES = {"preset": "ultrafast", "bf": "2", "g": "12", "x264-params": "bframes=2:b-adapt=0"}
SPOKEN = {"pt": ("pt-BR", "por"), "de": ("de-DE", "deu")}
CUES = (Caption(200, 700, "Olá,\nmundo"), Caption(900, 1_400, "dois"))


@dataclass(frozen=True)
class Seen:
    """A stream as a player finds it."""

    kind: str
    language: str
    title: str
    default: bool
    hashes: tuple[str, ...]
    shown_s: tuple[float, ...]


@dataclass(frozen=True)
class Video:
    """A video that was made, and of what."""

    path: Path
    source: Path
    zero_s: float
    streams: tuple[Seen, ...]
    made: Made
    dubs: dict[str, Samples] = field(default_factory=dict)

    def of(self, kind: str) -> list[Seen]:
        return [each for each in self.streams if each.kind == kind]

    def onset(self, number: int, original: Samples) -> float:
        """Where in the container a sound begins, in samples, in its track of that number."""
        return begins(self.path, number, original)


def heard(path: Path) -> Samples:
    """The sound of a recording on the timeline of its dubs, holes and all."""
    out = path.with_suffix(".heard.wav")
    decode(path, [DecodeOutput(out, RATE_HZ, 1)])
    sound, _ = soundfile.read(out, dtype="float32")
    found: Samples = sound
    return found


def begins(path: Path, number: int, original: Samples) -> float:
    """Where in a container a sound begins, in samples, in the track of that number."""
    out = path.with_suffix(".track.wav")
    decoded = decode(path, [DecodeOutput(out, RATE_HZ, 1)], track=str(number))
    sound, _ = soundfile.read(out, dtype="float32")
    return lag(original, sound) + decoded.zero_s * RATE_HZ


def seen(path: Path) -> tuple[Seen, ...]:
    """Every stream of a file."""
    with av.open(str(path)) as file:
        hashes: dict[int, list[str]] = {each.index: [] for each in file.streams}
        times: dict[int, list[float]] = {each.index: [] for each in file.streams}
        for packet in file.demux():
            if packet.size and packet.pts is not None:
                hashes[packet.stream_index].append(hashlib.md5(bytes(packet)).hexdigest())  # noqa: S324 -- as framemd5
                times[packet.stream_index].append(float(packet.pts * packet.time_base))
        return tuple(
            Seen(
                each.type,
                each.metadata.get("language", ""),
                each.metadata.get("title", each.metadata.get("name", "")),
                bool(each.disposition & av.stream.Disposition.default),
                tuple(hashes[each.index]),
                tuple(times[each.index]),
            )
            for each in file.streams
        )


def contents(source: Path, target: VideoFormat) -> Contents:
    """A dub of its own making, beside a source whose first sound was dubbed from its time 0."""
    path = source.parent / "pt.flac"
    soundfile.write(path, sweep(4.0, seed=50), RATE_HZ, subtype="PCM_24")
    original = Track("", "en-US", "eng", "English (original)")
    dub = Track(str(path), "pt-BR", "por", "pt dub", (CaptionTrack("pt", tuple(CUES)),))
    return Contents(target, Fraction(0), 1, original, (dub,), None, {})


def dubbed(
    source: Path,
    target: VideoFormat,
    languages: Sequence[str] = ("pt",),
    default: int | None = None,
    seconds: float = 3.0,
    cues: Sequence[Caption] = CUES,
    number: str | None = None,
    variants: Sequence[CaptionTrack] = (),
) -> Video:
    """The source with dubs of its own making beside its sound."""
    folder = source.parent
    decoded = decode(source, [DecodeOutput(folder / "voice.wav", RATE_HZ, 1)], track=number)
    looked = look(source, source.name)
    original = Track("", "en-US", "eng", "English (original)")
    if not looked.copies_sound(decoded.track, target):
        sound = folder / "original.wav"
        decode(source, [DecodeOutput(sound, None, None, "PCM_16")], track=number)
        original = Track(str(sound), "en-US", "eng", "English (original)")
    dubs, sounds = [], {}
    for place, language in enumerate(languages):
        sounds[language] = sweep(seconds, seed=50 + place)
        path = folder / f"{language}.flac"
        soundfile.write(path, sounds[language], RATE_HZ, subtype="PCM_24")
        locale, iso639 = SPOKEN[language]
        captions = (CaptionTrack(language, tuple(cues)), *variants)
        dubs.append(Track(str(path), locale, iso639, f"{language} dub", captions))
    zero_s = Fraction(decoded.zero_s)
    contents = Contents(
        target, zero_s, decoded.track, original, tuple(dubs), default, {"comment": "Dubbed by AI."}
    )
    out = folder / f"out.{target}"
    made = make(source, contents, out, display_name=source.name)
    return Video(out, source, decoded.zero_s, seen(out), made, sounds)
