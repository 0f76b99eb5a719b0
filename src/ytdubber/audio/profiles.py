"""What a deliverable is and how loud it should be."""

import enum
from dataclasses import dataclass
from pathlib import Path

from ytdubber.domain.provenance import Provenance


class AudioFormat(enum.StrEnum):
    """A file format a deliverable can have; its value is the file's extension."""

    FLAC = "flac"
    WAV = "wav"
    MP3 = "mp3"
    M4A = "m4a"
    OPUS = "opus"

    @property
    def lossless(self) -> bool:
        """Whether it decodes to the very samples put in."""
        return self in (AudioFormat.FLAC, AudioFormat.WAV)


class Content(enum.StrEnum):
    """What a deliverable holds."""

    VOICE = "voice"
    MIX = "mix"
    VOICE_STEM = "voice-stem"
    BACKGROUND_STEM = "background-stem"

    @property
    def is_stem(self) -> bool:
        """Whether it is a part of the mix, as loud as it is in there."""
        return self in (Content.VOICE_STEM, Content.BACKGROUND_STEM)


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A file to write: the dubbed voice alone (mono), or mixed over the background, or a stem of
    that mix, in a lossless format that the mix is written in, too. Its fields of text say where it
    is from, where that is given.
    """

    content: Content
    format: AudioFormat
    path: Path
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class LoudnessProfile:
    """How loud a deliverable is.

    Attributes:
        name: Its name.
        target_lufs: The integrated loudness (BS.1770-4, both gates); the voice alone is aimed no
            louder than `VOICE_LUFS`.
        ceiling_dbtp: The highest true peak a decoded deliverable may have.
        dialogue_gated: Whether the target is the loudness of the dialogue, not of the programme.
            The voice is a stem of its own, silent between lines, so its own gated loudness is
            the dialogue's; the mix gets the gain that brings the voice within it to the target.
        as_original: Whether the target is the loudness of the original's mix, and `target_lufs`
            only stands for that of silence.
    """

    name: str
    target_lufs: float
    ceiling_dbtp: float
    dialogue_gated: bool = False
    as_original: bool = False


VOICE_LUFS = -16.0
"""The loudest a voice alone is made: its peaks stand 16 to 21 dB above its loudness."""

YOUTUBE = LoudnessProfile("youtube", -14.0, -1.0)
EBU = LoudnessProfile("ebu", -23.0, -1.0)
NETFLIX = LoudnessProfile("netflix", -27.0, -2.0, dialogue_gated=True)
PODCAST = LoudnessProfile("podcast", -16.0, -1.0)

SOURCE = LoudnessProfile("source", -14.0, -1.0, as_original=True)

PROFILES = {profile.name: profile for profile in (YOUTUBE, EBU, NETFLIX, PODCAST, SOURCE)}
