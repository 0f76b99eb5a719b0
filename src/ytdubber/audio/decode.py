"""Untrusted media to WAV files, in a child process that can do little harm."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ytdubber.audio.confined import USUAL_LIMITS, DecodeLimits, carried_out, open_media, order_for
from ytdubber.domain.errors import (
    BadInput,
    DecoderStopped,
    EmptyFile,
    FolderNotWritable,
    MachineError,
    MediaEncrypted,
    NoSound,
    NoSuchTrack,
    NotAudio,
    SoundTooLong,
    UnknownLanguage,
    UnsupportedAudio,
)
from ytdubber.domain.languages import normalize
from ytdubber.domain.media import AudioFile
from ytdubber.tracing import span

__all__ = ["DecodeLimits", "DecodeOutput", "Decoded", "decode"]


@dataclass(frozen=True, slots=True)
class DecodeOutput:
    """A WAV file to write (RF64 past 4 GiB).

    Attributes:
        path: Where.
        sample_rate_hz: At which rate; None for the source's.
        channels: 1 or 2; None for the source's, more than two mixed down to two.
        subtype: Its sample type.
    """

    path: Path
    sample_rate_hz: int | None = 48_000
    channels: Literal[1, 2] | None = None
    subtype: Literal["FLOAT", "PCM_16"] = "FLOAT"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a source held, by a full decode, and the files made of it in the order asked for.

    Attributes:
        container: The demuxer's name for the file's format.
        codec: The decoder's name for the sound's coding.
        sample_rate_hz: The source's rate.
        channels: The source's channel count.
        samples: Samples a channel at the source's rate, on the source's timeline: with silence
            where sound is missing and, in a film, to the picture's end.
        sound_samples: The same to the end of the sound.
        track: Which of its sounds was taken, from 1.
        zero_s: The container's time at sample 0.
        notes: What a person should know of it, each as the rest of a sentence on the file.
        files: One for each output asked for.
        film: Whether it has a picture that moves.
    """

    container: str
    codec: str
    sample_rate_hz: int
    channels: int
    samples: int
    sound_samples: int
    track: int
    zero_s: float
    notes: tuple[str, ...]
    files: tuple[AudioFile, ...]
    film: bool = False

    @property
    def duration_ms(self) -> int:
        """Its length, rounded to the nearest millisecond."""
        return round(self.samples * 1000 / self.sample_rate_hz)

    @property
    def sound_ms(self) -> int:
        """The length of its sound, rounded to the nearest millisecond."""
        return round(self.sound_samples * 1000 / self.sample_rate_hz)


def decode(
    source: Path,
    outputs: Sequence[DecodeOutput],
    limits: DecodeLimits = USUAL_LIMITS,
    *,
    check: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda done: None,
    display_name: str | None = None,
    track: str | None = None,
) -> Decoded:
    """Decode one sound of `source` once, into every output.

    Args:
        source: The file.
        outputs: What to write.
        limits: What the child may use.
        check: Called at least every 100 ms; raises to cancel, which ends the child.
        progress: Told how much of the file is done, 0 to 1, never backwards.
        display_name: What errors call the file; its path when not given.
        track: Which of several sounds: its number from 1, or its language; the container's own
            choice when not given.

    Raises:
        FileNotReadable: it cannot be opened or is no regular file.
        EmptyFile: it holds no bytes, or no sample of sound.
        NotAudio: its format is none we read, or nothing in it could be decoded.
        NoSound: it has no audio stream.
        NoSuchTrack: it has none of that number or language.
        UnsupportedAudio: its rate, channel count or coding is none we take, or a limit was passed.
        SoundTooLong: it lasts longer than `limits.max_duration_s`.
        DecoderStopped: the system ended the child, which says nothing of the file.
    """
    name = display_name or str(source)
    with span("decode") as ours:
        decoded = _decoded(source, outputs, limits, check, progress, name, track)
        ours.tell(container=decoded.container, codec=decoded.codec, sound_ms=decoded.sound_ms)
    return decoded


def _decoded(
    source: Path,
    outputs: Sequence[DecodeOutput],
    limits: DecodeLimits,
    check: Callable[[], None],
    progress: Callable[[float], None],
    name: str,
    track: str | None,
) -> Decoded:
    """As `decode`; errors call the file by this name."""
    media = open_media(source, name)
    try:
        order = _order(source, outputs, limits) | _wanted(track)
        result = carried_out(order, media, limits, check, progress)
        if result.get("refused") == "no_track":
            raise NoSuchTrack(file=name, track=track, tracks=result["reason"])
        if "done" not in result:
            raise _refusal(result, name, limits, outputs)
    except BaseException:
        for output in outputs:
            output.path.unlink(missing_ok=True)
        raise
    finally:
        media.close()
    progress(1.0)
    facts = result["done"]
    files = tuple(
        AudioFile(output.path, *shape)
        for output, shape in zip(outputs, facts.pop("files"), strict=True)
    )
    return Decoded(**facts | {"notes": tuple(facts["notes"])}, files=files)


def _order(source: Path, outputs: Sequence[DecodeOutput], limits: DecodeLimits) -> dict[str, Any]:
    """What the child is told."""
    files = [output.path for output in outputs]
    return order_for("ytdubber.audio.decoder", source, files, limits) | {
        "outputs": [
            {
                "path": str(output.path.absolute()),
                "sample_rate_hz": output.sample_rate_hz,
                "channels": output.channels,
                "subtype": output.subtype,
            }
            for output in outputs
        ],
        "max_duration_s": limits.max_duration_s,
    }


def _wanted(track: str | None) -> dict[str, Any]:
    """The track asked for, and how containers may name its language (ISO 639 and BCP 47)."""
    asked = None if track is None else track.strip().lower()
    if asked is None or asked.isdigit():
        return {"track": asked, "languages": []}
    languages = {asked}
    from babel.core import get_global  # noqa: PLC0415  # slow to load, and hardly ever asked

    with contextlib.suppress(UnknownLanguage):
        base = normalize(asked)
        aliases: Mapping[str, str] = get_global("language_aliases")
        languages |= {base, *(alias for alias, code in aliases.items() if _base(code) == base)}
    return {"track": asked, "languages": sorted(languages)}


def _base(code: str) -> str | None:
    """Our code for a language; None for one that we do not know."""
    try:
        return normalize(code)
    except UnknownLanguage:
        return None


def _refusal(
    result: dict[str, Any], name: str, limits: DecodeLimits, outputs: Sequence[DecodeOutput]
) -> BadInput | MachineError:
    """The error of a refusal."""
    reason = result.get("reason", "")
    error: BadInput | MachineError = NotAudio(file=name)
    match result["refused"]:
        case "no_sound":
            error = NoSound(file=name)
        case "encrypted":
            error = MediaEncrypted(file=name)
        case "no_samples":
            error = EmptyFile(file=name)
        case "unsupported":
            error = UnsupportedAudio(file=name, reason=reason)
        case "too_long":
            error = SoundTooLong(file=name, limit_min=f"{limits.max_duration_s / 60:g}")
        case "not_writable":
            error = FolderNotWritable(folder=outputs[0].path.parent, reason=reason)
        case "stopped":
            error = DecoderStopped(file=name, signal=reason)
    return error
