"""What ElevenLabs' models take, and in which languages. Source: elevenlabs.io/docs/models."""

from collections.abc import Mapping
from dataclasses import dataclass

_V2_29 = (
    "ar bg cs da de el en es fi fr hi hr id it ja ko ms nl pl pt ro ru sk sv ta tl tr uk zh".split()
)
_FLASH_32 = [*_V2_29, "hu", "no", "vi"]


_V3_OURS = frozenset(
    "af ar az be bg bn bs ca cs cy da de el en es et fa fi fr ga gl gu he hi hr hu hy id is it ja"
    " ka kk kn ko lt lv mk ml mr ms ne nl no pa pl pt ro ru sk sl sr sv sw ta te th tl tr uk ur vi"
    " zh".split()
)
"""Those of our languages that v3 is taken to speak, of the 74 that they count for it. No list of
theirs confirms each: one that v3 does not speak is refused by them, and told."""


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
    "eleven_v3": Model(5_000, _V3_OURS, True, False),
    "eleven_v4": Model(10_000, _V3_OURS, True, False),
    "eleven_v4_turbo": Model(10_000, _V3_OURS, True, False),
}
"""Of v4, which speaks over 90 languages, those are taken that v3 speaks, too, and nothing is asked
that v3 rejects."""

UNKNOWN = Model(
    min(each.max_chars for each in MODELS.values()),
    frozenset.intersection(*(each.languages for each in MODELS.values())),
    takes_language=False,
    takes_context=False,
)
"""A model that is not among them: no more is asked of it than every one of them can."""

THEIR_CODES: Mapping[str, str] = {"tl": "fil"}
"""Languages they call something else."""
