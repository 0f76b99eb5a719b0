"""Deepgram as a vendor of this installation."""

from contextlib import closing

from pydantic import Field, SecretStr

from ytdubber.engines.vendor.plugin import (
    PluginSettings,
    VendorEngine,
    VendorEngines,
    VendorPlugin,
    variable,
)

from .client import DeepgramClient
from .stt import DeepgramSpeechToText, seconds_counted
from .tts import DeepgramSynthesizer


class DeepgramSettings(PluginSettings):
    """An account at Deepgram.

    Attributes:
        api_key: An account's key.
        url: Another address than Deepgram's own.
        model: The model that hears.
        listen_at_once: How many recordings the account may have heard at once.
        speak_at_once: How many lines it may have spoken at once.
    """

    api_key: SecretStr | None = variable("DEEPGRAM_API_KEY")
    url: str | None = None
    model: str = "nova-3"
    listen_at_once: int = Field(default=50, ge=1, le=10_000)
    speak_at_once: int = Field(default=15, ge=1, le=10_000)


def _client(settings: DeepgramSettings) -> DeepgramClient:
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return DeepgramClient(key, settings.url)


def _engines(settings: DeepgramSettings) -> VendorEngines:
    client, spoken = _client(settings), settings.speak_at_once
    return VendorEngines(
        speech_to_text=VendorEngine(
            DeepgramSpeechToText(client, settings.model),
            "deepgram-listen",
            settings.listen_at_once,
            seconds_counted,
        ),
        synthesizer=VendorEngine(DeepgramSynthesizer(client, spoken), "deepgram-speak", spoken),
    )


def _check(settings: DeepgramSettings) -> None:
    with closing(_client(settings)) as client:
        client.check()


PLUGIN = VendorPlugin(
    name="Deepgram",
    settings=DeepgramSettings,
    prefix="YTDUBBER_DEEPGRAM_",
    set_up_by=("api_key",),
    ranks={"listen": 10, "speak": 10},
    engines=_engines,
    check=_check,
    client="deepgram",
)
