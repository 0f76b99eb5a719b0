"""Voices that speak a language."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import UnknownVoice


class Gender(enum.StrEnum):
    """How a voice is heard."""

    FEMALE = "female"
    MALE = "male"
    NEUTRAL = "neutral"


class VoiceTier(enum.StrEnum):
    """Which engines speak a job."""

    STANDARD = "standard"
    PREMIUM = "premium"


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of one engine, for one language; its median pitch, where that is known."""

    id: str
    language: str
    gender: Gender
    name: str
    pitch_hz: float | None = None


def choose_voice(voices: Sequence[Voice], preference: str | None, language: str) -> Voice:
    """The first voice that meets the preference: an id, a gender, or None for the default (the
    first).

    Raises:
        UnknownVoice: no voice of this language meets it.
    """
    for voice in voices:
        if preference is None or preference in (voice.id, voice.gender):
            return voice
    raise UnknownVoice(
        voice=preference, language=language, voices=", ".join(v.id for v in voices) or "none"
    )
