"""Any server that speaks as OpenAI's audio routes do, as a vendor of this installation."""

from contextlib import closing
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr

from ytdubber.engines.vendor.plugin import (
    PluginSettings,
    VendorEngine,
    VendorEngines,
    VendorPlugin,
)

from .client import NAME, SpeechServer
from .tts import DEFAULT_MODEL, Form, SpeechServerSynthesizer
from .voices import ServerVoice, read_voices


class SpeechServerSettings(PluginSettings):
    """A server of one's own.

    Attributes:
        url: A server that speaks by OpenAI's `/v1/audio/speech`, such as one with cloned voices; it
            may be on this machine or network.
        key: What it knows us by, where it wants a key.
        model: The model that speaks, as the server calls it.
        voices: Its voices by language, the default first, `*` for those that speak every one:
            `pt=alice, es=bob:male:Bob, *=nova:female`.
        format: As what it sends sound: `wav`, or `pcm` of 24 kHz and 16 bits.
        at_once: How many lines it may be asked for at once.
    """

    url: str | None = None
    key: SecretStr | None = None
    model: str = DEFAULT_MODEL
    voices: Annotated[tuple[ServerVoice, ...], BeforeValidator(read_voices)] = ()
    format: Form = "wav"
    at_once: int = Field(default=2, ge=1, le=10_000)


def _server(settings: SpeechServerSettings) -> SpeechServer:
    key = settings.key.get_secret_value() if settings.key else ""
    return SpeechServer(settings.url or "", key)


def _engines(settings: SpeechServerSettings) -> VendorEngines:
    speaker = SpeechServerSynthesizer(
        _server(settings), settings.voices, settings.model, settings.format, settings.at_once
    )
    return VendorEngines(
        speaking=VendorEngine(speaker, "openai-compatible-speak", settings.at_once)
    )


def _check(settings: SpeechServerSettings) -> None:
    with closing(_server(settings)) as server:
        server.check()


PLUGIN = VendorPlugin(
    name=NAME,
    settings=SpeechServerSettings,
    prefix="YTDUBBER_SPEECH_",
    set_up_by=("url",),
    # Before those that charge: its operator named voices for these languages.
    ranks={"speak": 5},
    engines=_engines,
    check=_check,
    halves={"url": "voices"},
)
