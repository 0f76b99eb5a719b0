"""What vendors count, and what their models take."""

from decimal import Decimal

import pytest

from ytdubber.adapters.elevenlabs.client import ElevenLabsClient
from ytdubber.adapters.elevenlabs.models import MODELS
from ytdubber.adapters.elevenlabs.plugin import PLUGIN, ElevenLabsSettings
from ytdubber.adapters.elevenlabs.tts import ElevenLabsSynthesizer
from ytdubber.adapters.openai.answers import ChatAnswer, ResponsesAnswer
from ytdubber.adapters.openai.client import is_openai
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import PriceMissing
from ytdubber.domain.languages import NAMES
from ytdubber.domain.money import price, total_usd, unpriced
from ytdubber.domain.spending import need_prices
from ytdubber.domain.usage import Quantity, Receipt

CHARACTERS = (Quantity("characters", Decimal(1_000)),)
USAGE = {
    "input_tokens": 1_000_000,
    "output_tokens": 0,
    "input_tokens_details": {"cached_tokens": 200_000, "cache_write_tokens": 300_000},
}


def used(tier: str | None) -> tuple[Quantity, ...]:
    answer: dict[str, object] = {"output": [], "usage": USAGE, "service_tier": tier}
    return ResponsesAnswer.model_validate(answer).said().used


@pytest.mark.parametrize(
    ("tier", "usd"), [(None, "0.0895"), ("default", "0.0895"), ("flex", "0.04475")]
)
def test_cache_writes_are_booked_at_their_own_price_and_flex_at_half(
    tier: str | None, usd: str
) -> None:
    """0.5 million at 0.10, 0.2 at 0.01 and 0.3 at 0.125 US dollars a million."""
    receipt = Receipt(EngineId("openai", "gpt-6-luna", ""), "translate", used(tier), 0)
    costs = price(receipt, FilePriceBook().prices())
    assert not unpriced(costs)
    assert f"{total_usd(costs).normalize():f}" == usd


def test_servers_that_say_less_are_counted_as_before() -> None:
    chat = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}
    amounts = [
        (each.unit, int(each.amount)) for each in ChatAnswer.model_validate(chat).said().used
    ]
    assert amounts == [("input_tokens", 7), ("cached_input_tokens", 0), ("output_tokens", 2)]


def test_of_an_unknown_model_no_more_is_asked_than_every_one_can() -> None:
    unknown = ElevenLabsSynthesizer(ElevenLabsClient("k"), "eleven_v9")
    assert (
        unknown.capabilities.max_chars == min(each.max_chars for each in MODELS.values()) == 5_000
    )
    assert not unknown.capabilities.uses_context
    assert unknown.voices("pt")
    assert not unknown.voices("vi")


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_model_that_we_know_has_a_price(model: str) -> None:
    receipt = Receipt(EngineId("elevenlabs", model, ""), "speak", CHARACTERS, 0)
    costs = price(receipt, FilePriceBook().prices())
    assert not unpriced(costs)
    assert total_usd(costs) >= Decimal("0.04")


def test_a_model_that_nobody_knows_is_not_free() -> None:
    """It has no amount rather than none at all: reports count it, and a budget refuses it."""
    costs = price(
        Receipt(EngineId("elevenlabs", "eleven_v9", ""), "speak", CHARACTERS, 0),
        FilePriceBook().prices(),
    )
    assert [cost.amount_usd for cost in costs] == [None]
    with pytest.raises(PriceMissing, match="eleven_v9"):
        need_prices(costs)


@pytest.mark.parametrize("model", ["eleven_v3", "eleven_v4", "eleven_v4_turbo"])
def test_the_newer_models_speak_more_languages(model: str) -> None:
    speaker = ElevenLabsSynthesizer(ElevenLabsClient("k"), model)
    spoken = {language for language in NAMES if speaker.voices(language)}
    assert {"he", "fa", "ur", "sw", "cy", "vi"} <= spoken
    assert speaker.capabilities.max_chars == (5_000 if model == "eleven_v3" else 10_000)


def test_an_account_s_own_voices_take_the_place_of_the_others() -> None:
    settings = ElevenLabsSettings.model_validate(
        {"ELEVENLABS_API_KEY": "k", "voices": "abc:female:Ana, def:male:Rui de Sá"}
    )
    speaking = PLUGIN.engines(settings).synthesizer
    assert speaking is not None
    voices = speaking.port.voices("pt")
    assert [(each.id, each.gender.value, each.name) for each in voices] == [
        ("abc", "female", "Ana"),
        ("def", "male", "Rui de Sá"),
    ]
    with pytest.raises(ValueError, match="ID:female:Name"):
        ElevenLabsSettings.model_validate({"voices": "abc:Ana"})


def test_a_region_of_openai_is_openai() -> None:
    ours = [None, "https://api.openai.com/v1", "https://eu.api.openai.com/v1"]
    others = ["http://localhost:1/v1", "https://evilapi.openai.com.example/v1"]
    assert [is_openai(each) for each in (*ours, *others)] == [True] * 3 + [False] * 2
