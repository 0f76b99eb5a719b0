"""OpenAI, or a server of one's own that speaks its language, as a vendor of this installation."""

from contextlib import closing
from typing import Literal

from pydantic import Field, SecretStr

from ytdubber.domain.money import OWN_SERVER
from ytdubber.engines.middleware.retry import RetryPolicy
from ytdubber.engines.vendor.plugin import (
    PluginSettings,
    VendorEngine,
    VendorEngines,
    VendorPlugin,
    variable,
)

from .answers import tokens_counted
from .client import ANSWER_S, FLEX_ANSWER_S, OpenAIClient
from .translator import DEFAULT_MODEL, OpenAITranslator

ASKED_ONCE = RetryPolicy(after_bad_output=0)
"""Whoever asks for several lines asks again for fewer."""


class OpenAISettings(PluginSettings):
    """An account at OpenAI, or a server of one's own.

    Attributes:
        api_key: An account's key; a server of one's own may want none.
        url: A server that speaks OpenAI's language, `/v1` included; OpenAI's own when None.
        model: The model that translates and shortens.
        fallback_model: Asked when that one cannot; at OpenAI itself, or where it is set.
        service_tier: `flex` waits its turn, up to a quarter of an hour, at half the price.
        at_once: How many requests may be under way.
    """

    api_key: SecretStr | None = variable("OPENAI_API_KEY")
    url: str | None = None
    model: str = DEFAULT_MODEL
    fallback_model: str = "gpt-5.6-luna"
    service_tier: Literal["default", "flex"] = "default"
    at_once: int = Field(default=16, ge=1, le=10_000)


def _client(
    settings: OpenAISettings, provider: str = "openai", answer_s: float = ANSWER_S
) -> OpenAIClient:
    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    return OpenAIClient(key, settings.url, provider, answer_s)


def _engines(settings: OpenAISettings) -> VendorEngines:
    # What a server of one's own that wants no key does is not paid for.
    provider = "openai" if settings.api_key else OWN_SERVER
    tier = settings.service_tier
    client = _client(settings, provider, FLEX_ANSWER_S if tier == "flex" else ANSWER_S)
    models = [settings.model]
    if client.is_openai or "fallback_model" in settings.model_fields_set:
        models.append(settings.fallback_model)
    return VendorEngines(
        translators=tuple(
            VendorEngine(
                OpenAITranslator(client, model, tier=tier),
                "openai",
                settings.at_once,
                tokens_counted,
                ASKED_ONCE,
            )
            for model in dict.fromkeys(models)
        )
    )


def _check(settings: OpenAISettings) -> None:
    with closing(_client(settings)) as client:
        client.check()


PLUGIN = VendorPlugin(
    name="OpenAI",
    settings=OpenAISettings,
    prefix="YTDUBBER_OPENAI_",
    set_up_by=("api_key", "url"),
    ranks={"translate": 10},
    engines=_engines,
    check=_check,
    client="openai",
)
