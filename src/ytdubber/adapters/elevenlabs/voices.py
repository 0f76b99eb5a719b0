"""Voices every account has: each speaks every language of the model. An account's own voices are
given by configuration.

Source: the default voices of elevenlabs.io, as `GET /v2/voices?voice_type=default` names them.
"""

from dataclasses import dataclass

from ytdubber.domain.voice import Gender


@dataclass(frozen=True, slots=True)
class PremadeVoice:
    """A voice for any language."""

    id: str
    gender: Gender
    name: str


PREMADE = (
    PremadeVoice("EXAVITQu4vr4xnSDxMaL", Gender.FEMALE, "Sarah"),
    PremadeVoice("JBFqnCBsd6RMkjVDRZzb", Gender.MALE, "George"),
    PremadeVoice("XrExE9yKIg1WjnnlVkGX", Gender.FEMALE, "Matilda"),
    PremadeVoice("nPczCjzI2devNBz1zQrb", Gender.MALE, "Brian"),
    PremadeVoice("Xb7hH8MSUJpSbSDYk0k2", Gender.FEMALE, "Alice"),
    PremadeVoice("bIHbv24MWmeRgasZH58o", Gender.MALE, "Will"),
    PremadeVoice("cgSgspJ2msm6clMCkdW9", Gender.FEMALE, "Jessica"),
    PremadeVoice("cjVigY5qzO86Huf0OWal", Gender.MALE, "Eric"),
    PremadeVoice("pFZP5JQG7iQjIQuC4Bku", Gender.FEMALE, "Lily"),
    PremadeVoice("TX3LPaxmHKxFdv7VOQHJ", Gender.MALE, "Liam"),
    PremadeVoice("FGY2WhTYpPnrIDTdsKH5", Gender.FEMALE, "Laura"),
    PremadeVoice("iP95p4xoKVk53GoZ742B", Gender.MALE, "Chris"),
)
