"""What ElevenLabs' models take, and in which languages. Source: elevenlabs.io/docs/models."""

from collections.abc import Mapping
from dataclasses import dataclass

_V2_29 = (
    "ar bg cs da de el en es fi fr hi hr id it ja ko ms nl pl pt ro ru sk sv ta tl tr uk zh".split()
)
_FLASH_32 = [*_V2_29, "hu", "no", "vi"]


@dataclass(frozen=True, slots=True)
class Model:
    """One model.

    Attributes:
        max_chars: The longest text it takes.
        languages: What it speaks, by our codes.
        takes_language: Whether it can be told the language; if not, it finds out.
        takes_context: Whether it can be told what comes before and after.
    """

    max_chars: int
    languages: frozenset[str]
    takes_language: bool
    takes_context: bool


MODELS: Mapping[str, Model] = {
    "eleven_flash_v2_5": Model(40_000, frozenset(_FLASH_32), True, True),
    "eleven_multilingual_v2": Model(10_000, frozenset(_V2_29), False, True),
    "eleven_v3": Model(5_000, frozenset(_FLASH_32), True, False),
}
"""A model that is not here is taken to be like the first. (v3 speaks more languages than these.)"""

THEIR_CODES: Mapping[str, str] = {"tl": "fil"}
"""Languages they call something else."""
