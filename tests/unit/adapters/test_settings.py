import re
from decimal import Decimal
from pathlib import Path

import pytest

from ytdubber.domain.errors import BadSetting
from ytdubber.settings import EngineOrder, load_settings, variables

EXAMPLE = Path(__file__).parents[3] / ".env.example"


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def refused(monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    """What a person is told."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as raised:
        load_settings()
    return str(raised.value)


def test_the_example_names_every_setting_and_changes_nothing(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    named = re.findall(r"^#([A-Z_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted([*variables(), "YTDUBBER_DEBUG"])
    before = load_settings()
    (tmp_path / ".env").write_text(re.sub(r"^#([A-Z_]+=)", r"\1", text, flags=re.MULTILINE))
    assert load_settings() == before
    assert (before.offline, before.threads) == (False, 0)
    assert not before.vendors.configured


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"YTDUBBER_THREADS": "many"}, "YTDUBBER_THREADS: .*integer"),
        ({"YTDUBBER_TRANSLATION_MODELS": "/none"}, "YTDUBBER_TRANSLATION_MODELS: /none is not a"),
        ({"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": "0"}, "YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE: "),
        ({"YTDUBBER_JOB_BUDGET_USD": "-1"}, "YTDUBBER_JOB_BUDGET_USD: "),
        ({"YTDUBBER_PRICE_BOOK": "/none.json"}, "YTDUBBER_PRICE_BOOK: /none.json is not a file"),
        ({"YTDUBBER_OPENAI_URL": "localhost:1"}, "YTDUBBER_OPENAI_URL: it must begin with http"),
        ({"YTDUBBER_LISTEN": "deepgram"}, "DEEPGRAM_API_KEY: YTDUBBER_LISTEN names deepgram"),
        ({"YTDUBBER_TRANSLATE": "local;pt:openai"}, "OPENAI_API_KEY: YTDUBBER_TRANSLATE names"),
        ({"YTDUBBER_PREMIUM_SPEAK": "elevenlabs"}, "ELEVENLABS_API_KEY: YTDUBBER_PREMIUM_SPEAK"),
        ({"YTDUBBER_DEEPGRAM_URL": "http://x"}, "DEEPGRAM_API_KEY: YTDUBBER_DEEPGRAM_URL needs it"),
        ({"STRIPE_WEBHOOK_SECRET": "x"}, "STRIPE_SECRET_KEY: STRIPE_WEBHOOK_SECRET needs it"),
        ({"SUPABASE_JWT_SECRET": "x"}, "SUPABASE_URL: SUPABASE_JWT_SECRET needs it"),
        ({"YTDUBBER_SPEAK": "polly"}, "YTDUBBER_SPEAK: there is no engine 'polly'; choose from"),
        ({"YTDUBBER_SPEAK": "local; xx:local"}, "YTDUBBER_SPEAK: 'xx' is not a language we know"),
        ({"YTDUBBER_SPEAK": "pt:"}, "YTDUBBER_SPEAK: a part of it names no engine"),
        ({"YTDUBBER_SPEAK": "kokoro; espeak"}, "YTDUBBER_SPEAK: it has two parts without a lang"),
    ],
)
def test_what_is_wrong_or_half_names_its_variable(
    given: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert re.match(told, refused(monkeypatch, **given))


def test_orders_are_lists_by_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPGRAM_API_KEY", "key")
    monkeypatch.setenv("YTDUBBER_SPEAK", " deepgram, Kokoro,kokoro ; pt-BR,PL:espeak,local;")
    order = load_settings().vendors.speak
    local = ("espeak", "local")
    assert order == EngineOrder(("deepgram", "kokoro"), {"pt": local, "pl": local})
    assert list(order) == ["deepgram", "kokoro", "espeak", "local"]


def test_an_order_for_one_language_leaves_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_SPEAK", "pt:espeak")
    order = load_settings().vendors.speak.or_else(("local",))
    assert order == EngineOrder(("local",), {"pt": ("espeak",)})


def test_a_server_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_OPENAI_URL", "http://localhost:11434/v1")
    monkeypatch.setenv("YTDUBBER_TRANSLATE", "openai")
    assert load_settings().vendors.configured == {"openai"}


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "DEEPGRAM_API_KEY": "sesame",
        "OPENAI_API_KEY": "sesame",
        "ELEVENLABS_API_KEY": "sesame",
        "STRIPE_SECRET_KEY": "sesame",
        "STRIPE_WEBHOOK_SECRET": "sesame",
        "SUPABASE_URL": "https://x.supabase.co",
        "SUPABASE_JWT_SECRET": "sesame",
        "DATABASE_URL": "postgresql://u:sesame@h/d",
        "YTDUBBER_API_DATABASE_URL": "postgresql://u:sesame@h/d",
        "YTDUBBER_SECRET": "sesame" * 8,
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert "sesame" not in repr(settings) + str(settings.vendors) + str(settings.money)
    assert settings.vendors.configured == {"deepgram", "openai", "elevenlabs"}


def test_money_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_JOB_BUDGET_USD", "0.10")
    assert load_settings().money.job_budget_usd == Decimal("0.10")
