"""Aura-2's voices by language, women's and men's in turn among the first ones.

The featured ones come first. In Spanish the six of Spain do, since `es` stands for the Spanish
spoken there: Deepgram has one of them featured, Nestor. The others are Colombian (Celeste, Gloria),
Mexican (Estrella, Javier, Luciano, Olivia, Sirio, Valerio), Argentine (Antonia) and Latin American
(Aquila, Selena).

Names: deepgram-sdk 7.17, `deepgram/types/speak_v1model.py`.
Genders, accents and what is featured: developers.deepgram.com/docs/tts-models.
"""

from ytdubber.domain.voice import Gender, Voice

_NAMES = {
    "en": "thalia:f apollo:m andromeda:f arcas:m helena:f aries:m amalthea:f asteria:f athena:f"
    " atlas:m aurora:f callista:f cora:f cordelia:f delia:f draco:m electra:f harmonia:f hera:f"
    " hermes:m hyperion:m iris:f janus:f juno:f jupiter:m luna:f mars:m minerva:f neptune:m"
    " odysseus:m ophelia:f orion:m orpheus:m pandora:f phoebe:f pluto:m saturn:m selene:f theia:f"
    " vesta:f zeus:m",
    "es": "carina:f nestor:m diana:f alvaro:m agustina:f silvia:f celeste:f estrella:f antonia:f"
    " aquila:m gloria:f javier:m luciano:m olivia:f selena:f sirio:m valerio:m",
    "de": "viktoria:f julius:m aurelia:f elara:f fabian:m kara:f lara:f",
    "fr": "agathe:f hector:m",
    "it": "livia:f dionisio:m cesare:m cinzia:f demetra:f elio:m flavio:m maia:f melia:f",
    "ja": "izanami:f fujin:m ama:f ebisu:m uzume:f",
    "nl": "rhea:f sander:m beatrix:f cornelia:f daphne:f hestia:f lars:m leda:f roman:m",
}
_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}

VOICES = tuple(
    Voice(f"aura-2-{name}-{language}", language, _GENDERS[gender], name.title())
    for language, row in _NAMES.items()
    for name, _, gender in (entry.partition(":") for entry in row.split())
)
