"""ElevenLabs as a vendor of this installation."""

from contextlib import closing
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr

from ytdubber.domain.voice import Gender
from ytdubber.engines.vendor.plugin import (
    PluginSettings,
    VendorEngine,
    VendorEngines,
    VendorPlugin,
    variable,
)

from .client import ElevenLabsClient
from .tts import DEFAULT_MODEL, ElevenLabsSynthesizer
from .voices import PREMADE, PremadeVoice


def own_voices(value: object) -> object:
    """Reads `ID:female:Ana, ID:male:Rui`."""
    if not isinstance(value, str):
        return value
    parts = [part.strip().split(":", 2) for part in value.split(",") if part.strip()]
    for part in parts:
        if len(part) != 3 or part[1] not in ("female", "male") or not all(part):
            raise ValueError("write each voice as ID:female:Name or ID:male:Name")
    return tuple((voice, Gender(gender), name) for voice, gender, name in parts)


class ElevenLabsSettings(PluginSettings):
    """An account at ElevenLabs.

    Attributes:
        api_key: An account's key.
        url: Another address than ElevenLabs' own.
        model: The model that speaks.
        voices: An account's own voices, in place of those every account has: the id, the gender and
            the name of each.
        at_once: How many lines the account may have spoken at once.
    """

    api_key: SecretStr | None = variable("ELEVENLABS_API_KEY")
    url: str | None = None
    model: str = DEFAULT_MODEL
    voices: Annotated[tuple[tuple[str, Gender, str], ...], BeforeValidator(own_voices)] = ()
    at_once: int = Field(default=4, ge=1, le=10_000)


def _client(settings: ElevenLabsSettings) -> ElevenLabsClient:
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return ElevenLabsClient(key, settings.url)


def _engines(settings: ElevenLabsSettings) -> VendorEngines:
    voices = [PremadeVoice(*each) for each in settings.voices] or PREMADE
    speaker = ElevenLabsSynthesizer(
        _client(settings), settings.model, voices, concurrency=settings.at_once
    )
    return VendorEngines(synthesizer=VendorEngine(speaker, "elevenlabs-speak", settings.at_once))


def _check(settings: ElevenLabsSettings) -> None:
    with closing(_client(settings)) as client:
        client.check()


PLUGIN = VendorPlugin(
    name="ElevenLabs",
    settings=ElevenLabsSettings,
    prefix="YTDUBBER_ELEVENLABS_",
    set_up_by=("api_key",),
    ranks={"speak": 20, "premium_speak": 10},
    engines=_engines,
    check=_check,
    client="elevenlabs",
)
