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
from .stt import SpeechServerRecognizer, seconds_counted
from .tts import DEFAULT_MODEL, Form, SpeechServerSynthesizer
from .voices import ServerVoice, read_voices


class SpeechServerSettings(PluginSettings):
    """A server of one's own.

    Attributes:
        url: A server that speaks by OpenAI's `/v1/audio/speech`, such as one with cloned voices, or
            hears; it may be on this machine or network.
        key: What it knows us by, where it wants a key.
        model: The model that speaks, as the server calls it.
        voices: Its voices by language, the default first, `*` for those that speak every one:
            `pt=alice, es=bob:male:Bob, *=nova:female`.
        format: As what it sends sound: `wav`, or `pcm` of 24 kHz and 16 bits.
        at_once: How many lines it may be asked for at once.
        listen_model: The model that hears, by `/v1/audio/transcriptions` with the times of words;
            without it the server is not asked to.
        listen_at_once: How many recordings it may be asked to hear at once.
    """

    url: str | None = None
    key: SecretStr | None = None
    model: str = DEFAULT_MODEL
    voices: Annotated[tuple[ServerVoice, ...], BeforeValidator(read_voices)] = ()
    format: Form = "wav"
    at_once: int = Field(default=2, ge=1, le=10_000)
    listen_model: str | None = None
    listen_at_once: int = Field(default=1, ge=1, le=10_000)


def _server(settings: SpeechServerSettings) -> SpeechServer:
    key = settings.key.get_secret_value() if settings.key else ""
    return SpeechServer(settings.url or "", key)


def _engines(settings: SpeechServerSettings) -> VendorEngines:
    server, spoken, hears = _server(settings), settings.at_once, settings.listen_model
    speaker = SpeechServerSynthesizer(
        server, settings.voices, settings.model, settings.format, spoken
    )
    recognizer = SpeechServerRecognizer(server, hears) if hears else None
    return VendorEngines(
        speech_to_text=VendorEngine(
            recognizer, "openai-compatible-listen", settings.listen_at_once, seconds_counted
        )
        if recognizer
        else None,
        synthesizer=VendorEngine(speaker, "openai-compatible-speak", spoken)
        if settings.voices
        else None,
    )


def _check(settings: SpeechServerSettings) -> None:
    with closing(_server(settings)) as server:
        server.check()


PLUGIN = VendorPlugin(
    name=NAME,
    settings=SpeechServerSettings,
    prefix="YTDUBBER_SPEECH_",
    set_up_by=("url",),
    # Before those that charge: its operator named the voices, and the model that hears.
    ranks={"listen": 5, "speak": 5},
    engines=_engines,
    check=_check,
    needs={"speak": "voices", "premium_speak": "voices", "listen": "listen_model"},
)
