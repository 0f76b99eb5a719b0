"""What a deliverable is and how loud it should be."""

import enum
from dataclasses import dataclass
from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A file to write: the dubbed voice alone (mono), or mixed over the background."""

    content: Content
    format: AudioFormat
    path: Path


@dataclass(frozen=True, slots=True)
class LoudnessProfile:
    """How loud a deliverable is.

    Attributes:
        name: Its name.
        target_lufs: The integrated loudness (BS.1770-4, both gates).
        ceiling_dbtp: The highest true peak a decoded deliverable may have.
        dialogue_gated: Whether the target is the loudness of the dialogue, not of the programme.
            The voice is a stem of its own, silent between lines, so its own gated loudness is
            the dialogue's; the mix gets the gain that brings the voice within it to the target.
    """

    name: str
    target_lufs: float
    ceiling_dbtp: float
    dialogue_gated: bool = False


YOUTUBE = LoudnessProfile("youtube", -14.0, -1.0)
EBU = LoudnessProfile("ebu", -23.0, -1.0)
NETFLIX = LoudnessProfile("netflix", -27.0, -2.0, dialogue_gated=True)
PODCAST = LoudnessProfile("podcast", -16.0, -1.0)

PROFILES = {profile.name: profile for profile in (YOUTUBE, EBU, NETFLIX, PODCAST)}
