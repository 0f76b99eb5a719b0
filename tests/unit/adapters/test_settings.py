import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import jwt
import pytest

from ytdubber.domain.errors import BadSetting, BadSettings
from ytdubber.settings import EngineOrder, expires_at, load_settings, variables

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
    with pytest.raises((BadSetting, BadSettings)) as raised:
        load_settings()
    return str(raised.value)


def test_the_example_names_every_setting_and_changes_nothing(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    named = re.findall(r"^#([A-Z0-9_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted([*variables(), "YTDUBBER_DEBUG"])
    before = load_settings()
    (tmp_path / ".env").write_text(re.sub(r"^#([A-Z0-9_]+=)", r"\1", text, flags=re.MULTILINE))
    assert load_settings() == before
    assert (before.offline, before.threads) == (False, 0)
    assert not before.vendors.configured


KEY_SECRET = {"STRIPE_SECRET_KEY": "sk_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
SUPABASE = {"SUPABASE_URL": "https://x.supabase.co"}
SERVICE_KEY = {"SUPABASE_SERVICE_KEY": "sb_secret_x"}
S3 = {"YTDUBBER_S3_BUCKET": "dubs"}
SPEECH = {"YTDUBBER_SPEECH_URL": "http://x", "YTDUBBER_SPEECH_VOICES": "pt=a"}
HOOK = {"YTDUBBER_ALERT_WEBHOOK_URL": "https://hooks.test/x"}
MAIL = {"YTDUBBER_ALERT_EMAIL": "a@b.c", "YTDUBBER_ALERT_SMTP_URL": "smtps://mail.test"}
SECRET = {"YTDUBBER_SECRET": "y" * 32}
ANON = jwt.encode({"role": "anon"}, "x" * 32)
WRONG: list[tuple[dict[str, str], str]] = [
    # One value that cannot be.
    ({"YTDUBBER_DEVICE": "tpu"}, "YTDUBBER_DEVICE: it must be 'auto', 'cpu' or 'cuda'."),
    ({"YTDUBBER_THREADS": "many"}, "YTDUBBER_THREADS: it must be a whole number."),
    ({"YTDUBBER_THREADS": "257"}, "YTDUBBER_THREADS: it must be 256 or less."),
    ({"YTDUBBER_CORES": "-1"}, "YTDUBBER_CORES: it must be 0 or more."),
    ({"YTDUBBER_WORKER_THREADS": "0"}, "YTDUBBER_WORKER_THREADS: it must be 1 or more."),
    ({"YTDUBBER_OFFLINE": "perhaps"}, "YTDUBBER_OFFLINE: it must be true or false."),
    ({"YTDUBBER_WEBHOOK_PRIVATE_ADDRESSES": "x"}, "YTDUBBER_WEBHOOK_PRIVATE_ADDRESSES: it must be"),
    ({"YTDUBBER_SECRET": "short"}, "YTDUBBER_SECRET: it must have 32 characters or more."),
    ({"YTDUBBER_C2PA": "perhaps"}, "YTDUBBER_C2PA: it must be true or false."),
    (
        {"YTDUBBER_C2PA_CERTIFICATES": "{file}"},
        "YTDUBBER_C2PA_KEY: YTDUBBER_C2PA_CERTIFICATES needs it",
    ),
    (
        {"YTDUBBER_C2PA_KEY": "{file}"},
        "YTDUBBER_C2PA_CERTIFICATES: YTDUBBER_C2PA_KEY needs it",
    ),
    ({"YTDUBBER_WATERMARK": "perhaps"}, "YTDUBBER_WATERMARK: it must be true or false."),
    ({"YTDUBBER_UPLOAD_MB": "9" * 20}, "YTDUBBER_UPLOAD_MB: it must be 1,000,000 or less."),
    ({"YTDUBBER_UPLOAD_VIDEO_MB": "0"}, "YTDUBBER_UPLOAD_VIDEO_MB: it must be 1 or more."),
    ({"YTDUBBER_UPLOAD_MINUTES": "181"}, "YTDUBBER_UPLOAD_MINUTES: it must be 180 or less."),
    (
        {"YTDUBBER_UPLOAD_VIDEO_MINUTES": "0"},
        "YTDUBBER_UPLOAD_VIDEO_MINUTES: it must be 1 or more.",
    ),
    ({"YTDUBBER_UPLOAD_GB_A_DAY": "0"}, "YTDUBBER_UPLOAD_GB_A_DAY: it must be 1 or more."),
    ({"YTDUBBER_JOBS_AT_ONCE": "0"}, "YTDUBBER_JOBS_AT_ONCE: it must be 1 or more."),
    ({"YTDUBBER_LANGUAGES_AT_ONCE": "0"}, "YTDUBBER_LANGUAGES_AT_ONCE: it must be 1 or more."),
    ({"YTDUBBER_MINUTES_AT_ONCE": "-1"}, "YTDUBBER_MINUTES_AT_ONCE: it must be 1 or more."),
    ({"YTDUBBER_QUEUED_MINUTES": "0"}, "YTDUBBER_QUEUED_MINUTES: it must be 1 or more."),
    ({"YTDUBBER_CONNECTIONS": "8"}, "YTDUBBER_CONNECTIONS: it must be 16 or more."),
    ({"YTDUBBER_METRICS_PORT": "70000"}, "YTDUBBER_METRICS_PORT: it must be 65,535 or less."),
    (
        {"YTDUBBER_METRICS_HOST": "10.0.0.1"},
        "YTDUBBER_METRICS_PORT: YTDUBBER_METRICS_HOST needs it",
    ),
    ({"YTDUBBER_CONNECTIONS_PER_ADDRESS": "-1"}, ".*_PER_ADDRESS: it must be 0 or more"),
    ({"YTDUBBER_REQUESTS_A_MINUTE": "1.5"}, "YTDUBBER_REQUESTS_A_MINUTE: it must be a whole"),
    ({"YTDUBBER_QUEUED_LANGUAGES": "9" * 9}, "YTDUBBER_QUEUED_LANGUAGES: it must be 1,000,000 or"),
    ({"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": "0"}, "YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE: it must be 1 or"),
    ({"YTDUBBER_VENDOR_PATIENCE_HOURS": "nan"}, "YTDUBBER_VENDOR_PATIENCE_HOURS: it must be"),
    ({"YTDUBBER_OPENAI_SERVICE_TIER": "fast"}, "YTDUBBER_OPENAI_SERVICE_TIER: it must be '"),
    ({"YTDUBBER_JOB_BUDGET_USD": "-1"}, "YTDUBBER_JOB_BUDGET_USD: it must be 0 or more."),
    ({"YTDUBBER_DAY_BUDGET_USD": "ten"}, "YTDUBBER_DAY_BUDGET_USD: it must be a number, like"),
    ({"YTDUBBER_USER_MONTH_BUDGET_USD": "inf"}, "YTDUBBER_USER_MONTH_BUDGET_USD: it must be a"),
    ({"YTDUBBER_CREDIT_CENTS_PER_MINUTE": "9" * 30}, "YTDUBBER_CREDIT_CENTS_PER_MINUTE: it must"),
    ({"YTDUBBER_LOG_LEVEL": "loud"}, "YTDUBBER_LOG_LEVEL: 'loud' is no level; choose from debug,"),
    ({"YTDUBBER_LOG_LEVEL": "info, a b=info"}, "YTDUBBER_LOG_LEVEL: 'a b' is no logger's name"),
    (
        {"YTDUBBER_LOG_FORMAT": "xml"},
        "YTDUBBER_LOG_FORMAT: it must be 'auto', 'console' or",
    ),
    ({"YTDUBBER_HOME": "{file}"}, "YTDUBBER_HOME: .* is not a folder."),
    ({"YTDUBBER_MODELS": "{file}"}, "YTDUBBER_MODELS: .* is not a folder."),
    ({"YTDUBBER_TRANSLATION_MODELS": "/none"}, "YTDUBBER_TRANSLATION_MODELS: /none is not a"),
    ({"YTDUBBER_PRICE_BOOK": "/none.json"}, "YTDUBBER_PRICE_BOOK: /none.json is not a file"),
    ({"YTDUBBER_SPEAK": "polly"}, "YTDUBBER_SPEAK: there is no engine 'polly'; choose from"),
    ({"YTDUBBER_SPEAK": "local; xx:local"}, "YTDUBBER_SPEAK: 'xx' is not a language we know"),
    ({"YTDUBBER_SPEAK": "pt:"}, "YTDUBBER_SPEAK: a part of it names no engine"),
    ({"YTDUBBER_SPEAK": "kokoro; espeak"}, "YTDUBBER_SPEAK: it has two parts without a lang"),
    ({"YTDUBBER_ELEVENLABS_VOICES": "abc"}, "YTDUBBER_ELEVENLABS_VOICES: write each voice as"),
    # Alerts.
    (
        {"YTDUBBER_ALERT_WEBHOOK_URL": "hooks.test"},
        "YTDUBBER_ALERT_WEBHOOK_URL: it must begin with",
    ),
    ({"YTDUBBER_ALERT_WEBHOOK_URL": "https:///x"}, "YTDUBBER_ALERT_WEBHOOK_URL: it must name a ho"),
    ({"YTDUBBER_ALERT_WEBHOOK_SECRET": "x" * 16}, "YTDUBBER_ALERT_WEBHOOK_URL: YTDUBBER_ALERT_WE"),
    (
        HOOK | {"YTDUBBER_ALERT_WEBHOOK_SECRET": "short"},
        "YTDUBBER_ALERT_WEBHOOK_SECRET: it must ha",
    ),
    (
        HOOK | {"YTDUBBER_ALERT_WEBHOOK_SECRET": "whsec_" + "?" * 16},
        "YTDUBBER_ALERT_WEBHOOK_SECRET: what follows whsec_ must be base64",
    ),
    ({"YTDUBBER_ALERT_EMAIL": "a@b.c"}, "YTDUBBER_ALERT_SMTP_URL: YTDUBBER_ALERT_EMAIL needs it"),
    (MAIL | {"YTDUBBER_ALERT_EMAIL": "ann"}, "YTDUBBER_ALERT_EMAIL: write each address as name@"),
    (MAIL | {"YTDUBBER_ALERT_EMAIL_FROM": "a@b.c, d@e.f"}, "YTDUBBER_ALERT_EMAIL_FROM: it must be"),
    (
        MAIL | {"YTDUBBER_ALERT_SMTP_URL": "mail.test"},
        "YTDUBBER_ALERT_SMTP_URL: it must begin with",
    ),
    (
        MAIL | {"YTDUBBER_ALERT_SMTP_URL": "smtp://h/x"},
        "YTDUBBER_ALERT_SMTP_URL: nothing may follow",
    ),
    (
        MAIL | {"YTDUBBER_ALERT_SMTP_URL": "smtp+plain://a:b@h"},
        "YTDUBBER_ALERT_SMTP_URL: no password is told without encryption",
    ),
    (
        {"YTDUBBER_ALERT_RUNBOOKS": "https://d.test/"},
        "YTDUBBER_ALERT_RUNBOOKS: it must hold one [*]",
    ),
    # Addresses and origins.
    ({"YTDUBBER_OPENAI_URL": "localhost:1"}, "YTDUBBER_OPENAI_URL: it must begin with https://."),
    ({"YTDUBBER_OPENAI_URL": "http:///v1"}, "YTDUBBER_OPENAI_URL: it must name a host after http:"),
    ({"YTDUBBER_PUBLIC_URL": "https://"}, "YTDUBBER_PUBLIC_URL: it must name a host after https:"),
    ({"YTDUBBER_PUBLIC_URL": "https://x:y"}, "YTDUBBER_PUBLIC_URL: it is not an address"),
    ({"YTDUBBER_PUBLIC_URL": "https://x?a"}, "YTDUBBER_PUBLIC_URL: it may not hold [?] or #"),
    ({"YTDUBBER_PUBLIC_URL": "https://u:p@x"}, "YTDUBBER_PUBLIC_URL: it may hold no user name"),
    ({"YTDUBBER_PUBLIC_URL": "https://x y"}, "YTDUBBER_PUBLIC_URL: it holds a space"),
    ({"SUPABASE_URL": "https://"}, "SUPABASE_URL: it must name a host"),
    ({"SUPABASE_URL": "x.supabase.co"}, "SUPABASE_URL: it must begin with https://."),
    ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL: it must begin with postgresql://."),
    ({"REDIS_URL": "http://h"}, "REDIS_URL: it must begin with redis://."),
    ({"REDIS_URL": "redis://"}, "REDIS_URL: it must name a host after redis://."),
    ({"REDIS_URL": "valkey://h/zero"}, "REDIS_URL: what follows the host must be the number"),
    ({"DATABASE_URL": "postgresql://"}, "DATABASE_URL: it must name a host and a database"),
    ({"DATABASE_URL": "postgresql://u:p@h:five/d"}, "DATABASE_URL: it is not an address"),
    ({"YTDUBBER_CORS_ORIGINS": "https://a.b, https://c.d/app"}, "YTDUBBER_CORS_ORIGINS: 'https:"),
    ({"YTDUBBER_CORS_ORIGINS": "app.example.org"}, "YTDUBBER_CORS_ORIGINS: 'app.example.org' is"),
    ({"YTDUBBER_CORS_ORIGINS": "https://"}, "YTDUBBER_CORS_ORIGINS: 'https://' is not a page's"),
    # Keys.
    ({"DEEPGRAM_API_KEY": "a b"}, "DEEPGRAM_API_KEY: it holds a space"),
    ({"OPENAI_API_KEY": "sk-\n"}, "OPENAI_API_KEY: it holds a space"),
    ({"ELEVENLABS_API_KEY": "clé"}, "ELEVENLABS_API_KEY: it holds a space or another character"),
    (KEY_SECRET | {"STRIPE_SECRET_KEY": "pk_1"}, "STRIPE_SECRET_KEY: it is a publishable key"),
    (SUPABASE | {"SUPABASE_SERVICE_KEY": "sb_publishable_x"}, "SUPABASE_SERVICE_KEY: it is a publ"),
    (
        SUPABASE | {"SUPABASE_SERVICE_KEY": ANON},
        "SUPABASE_SERVICE_KEY: it is the anon key; service",
    ),
    (SUPABASE | {"SUPABASE_SERVICE_KEY": "a.b.c"}, "SUPABASE_SERVICE_KEY: it must begin with sb_s"),
    (SUPABASE | {"SUPABASE_SERVICE_KEY": "sb_secret_x y"}, "SUPABASE_SERVICE_KEY: it holds a spac"),
    ({"YTDUBBER_S3_BUCKET": "My Bucket"}, "YTDUBBER_S3_BUCKET: it is no bucket's name"),
    (S3 | {"YTDUBBER_S3_ENDPOINT": "minio:9000"}, "YTDUBBER_S3_ENDPOINT: it must begin with http"),
    (SUPABASE | {"SUPABASE_JWT_SECRET": "short"}, "SUPABASE_JWT_SECRET: it must have 32 charact"),
    # Halves.
    ({"YTDUBBER_LISTEN": "deepgram"}, "DEEPGRAM_API_KEY: YTDUBBER_LISTEN names deepgram"),
    ({"YTDUBBER_TRANSLATE": "local;pt:openai"}, "OPENAI_API_KEY: YTDUBBER_TRANSLATE names"),
    ({"YTDUBBER_PREMIUM_SPEAK": "elevenlabs"}, "ELEVENLABS_API_KEY: YTDUBBER_PREMIUM_SPEAK"),
    ({"YTDUBBER_DEEPGRAM_URL": "http://x"}, "DEEPGRAM_API_KEY: YTDUBBER_DEEPGRAM_URL needs it"),
    ({"YTDUBBER_ELEVENLABS_URL": "http://x"}, "ELEVENLABS_API_KEY: YTDUBBER_ELEVENLABS_URL needs"),
    ({"YTDUBBER_ELEVENLABS_VOICES": "a:male:B"}, "ELEVENLABS_API_KEY: YTDUBBER_ELEVENLABS_VOICES"),
    ({"YTDUBBER_OPENAI_SERVICE_TIER": "flex"}, "OPENAI_API_KEY: YTDUBBER_OPENAI_SERVICE_TIER"),
    ({"YTDUBBER_DEEPGRAM_MODEL": "nova-2"}, "DEEPGRAM_API_KEY: YTDUBBER_DEEPGRAM_MODEL needs it"),
    ({"YTDUBBER_SPEAK": "openai-compatible"}, "YTDUBBER_SPEECH_URL: YTDUBBER_SPEAK names openai-"),
    ({"YTDUBBER_SPEECH_VOICES": "pt=a"}, "YTDUBBER_SPEECH_URL: YTDUBBER_SPEECH_VOICES needs it"),
    ({"YTDUBBER_SPEECH_KEY": "k"}, "YTDUBBER_SPEECH_URL: YTDUBBER_SPEECH_KEY needs it beside it"),
    ({"YTDUBBER_SPEECH_URL": "http://x"}, "YTDUBBER_SPEECH_VOICES: YTDUBBER_SPEECH_URL needs it"),
    (SPEECH | {"YTDUBBER_LISTEN": "openai-compatible"}, "YTDUBBER_SPEECH_LISTEN_MODEL: YTDUBBER_L"),
    ({"YTDUBBER_SPEECH_LISTEN_MODEL": "w"}, "YTDUBBER_SPEECH_URL: YTDUBBER_SPEECH_LISTEN_MODEL ne"),
    (SPEECH | {"YTDUBBER_SPEECH_URL": "localhost"}, "YTDUBBER_SPEECH_URL: it must begin with http"),
    (SPEECH | {"YTDUBBER_SPEECH_KEY": "a b"}, "YTDUBBER_SPEECH_KEY: it holds a space"),
    (SPEECH | {"YTDUBBER_SPEECH_FORMAT": "mp3"}, "YTDUBBER_SPEECH_FORMAT: it must be 'wav' or 'p"),
    (SPEECH | {"YTDUBBER_SPEECH_VOICES": "alice"}, "YTDUBBER_SPEECH_VOICES: write each voice as l"),
    (SPEECH | {"YTDUBBER_SPEECH_VOICES": "xx=a"}, "YTDUBBER_SPEECH_VOICES: .*'xx'"),
    ({"YTDUBBER_API_DATABASE_URL": "postgresql://h/d"}, "DATABASE_URL: YTDUBBER_API_DATABASE_URL"),
    (
        {"YTDUBBER_LISTEN_DATABASE_URL": "postgresql://h/d"},
        "DATABASE_URL: YTDUBBER_LISTEN_DATABASE_URL",
    ),
    ({"STRIPE_WEBHOOK_SECRET": "x"}, "STRIPE_SECRET_KEY: STRIPE_WEBHOOK_SECRET needs it"),
    ({"STRIPE_SECRET_KEY": "sk_1"}, "STRIPE_WEBHOOK_SECRET: STRIPE_SECRET_KEY needs it"),
    ({"YTDUBBER_STRIPE_URL": "https://x"}, "STRIPE_SECRET_KEY: YTDUBBER_STRIPE_URL needs it"),
    ({"SUPABASE_JWT_SECRET": "x" * 32}, "SUPABASE_URL: SUPABASE_JWT_SECRET needs it"),
    ({"YTDUBBER_SECOND_SECRET": "x" * 32}, "YTDUBBER_SECRET: YTDUBBER_SECOND_SECRET needs it"),
    (SECRET | {"YTDUBBER_SECOND_SECRET": "short"}, "YTDUBBER_SECOND_SECRET: it must have 32"),
    (
        SUPABASE | {"YTDUBBER_SECOND_JWT_SECRET": "x" * 32},
        "SUPABASE_JWT_SECRET: YTDUBBER_SECOND_JWT_SECRET needs it",
    ),
    (
        SUPABASE | {"SUPABASE_JWT_SECRET": "x" * 32, "YTDUBBER_SECOND_JWT_SECRET": "short"},
        "YTDUBBER_SECOND_JWT_SECRET: it must have 32 charact",
    ),
    ({"SUPABASE_SERVICE_KEY": "sb_secret_x"}, "SUPABASE_URL: SUPABASE_SERVICE_KEY needs it"),
    (SUPABASE | {"YTDUBBER_SUPABASE_BUCKET": "dubs"}, "SUPABASE_SERVICE_KEY: YTDUBBER_SUPABASE_BU"),
    (
        SUPABASE | SERVICE_KEY | {"YTDUBBER_S3_BUCKET": "dubs"},
        "YTDUBBER_S3_BUCKET: files lie in on",
    ),
    ({"YTDUBBER_S3_ENDPOINT": "http://x"}, "YTDUBBER_S3_BUCKET: YTDUBBER_S3_ENDPOINT needs it"),
    ({"YTDUBBER_S3_REGION": "auto"}, "YTDUBBER_S3_BUCKET: YTDUBBER_S3_REGION needs it"),
    (S3 | {"YTDUBBER_S3_ACCESS_KEY": "x"}, "YTDUBBER_S3_SECRET_KEY: YTDUBBER_S3_ACCESS_KEY needs"),
    (S3 | {"YTDUBBER_S3_SECRET_KEY": "x"}, "YTDUBBER_S3_ACCESS_KEY: YTDUBBER_S3_SECRET_KEY needs"),
    (
        SUPABASE | {"YTDUBBER_UPLOAD_MB": "30000"},
        "YTDUBBER_UPLOAD_GB_A_DAY: a file may have 30000 MB",
    ),
    (
        SUPABASE | {"YTDUBBER_UPLOAD_VIDEO_MB": "30000"},
        "YTDUBBER_UPLOAD_GB_A_DAY: a file may have 30000 MB",
    ),
    # Names that are none.
    (
        {"YTDUBBER_JOB_BUGDET_USD": "5"},
        "YTDUBBER_JOB_BUGDET_USD: there is no such setting; YTDUBBER_JOB_BUDGET_USD is one.",
    ),
    ({"YTDUBER_HOME": "/x"}, "YTDUBER_HOME: there is no such setting; YTDUBBER_HOME is one."),
    (
        {"YTDUBBER_DATABASE_URL": "postgresql://h/d"},
        "YTDUBBER_DATABASE_URL: .*; DATABASE_URL is one.",
    ),
    ({"YTDUBBER_": "x"}, "YTDUBBER_: there is no such setting"),
]


@pytest.mark.parametrize(("given", "told"), WRONG)
def test_what_is_wrong_or_half_names_its_variable(
    given: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    here = {name: value.replace("{file}", str(tmp_path / "file")) for name, value in given.items()}
    sentence = refused(monkeypatch, **here)
    assert re.match(told, sentence)
    assert "\n" not in sentence


def test_every_setting_was_decided() -> None:
    """One that is new is to be thought about here, too; these may hold anything."""
    models = ("OPENAI_MODEL", "OPENAI_FALLBACK_MODEL", "ELEVENLABS_MODEL", "SPEECH_MODEL")
    free = {f"YTDUBBER_{name}" for name in models}
    vendors = ("DEEPGRAM_LISTEN", "OPENAI", "ELEVENLABS", "SPEECH", "SPEECH_LISTEN")
    bounds = {f"YTDUBBER_{name}_AT_ONCE" for name in vendors}
    tried = {name for given, _ in WRONG for name in given}
    assert tried >= variables().keys() - free - bounds


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(
        monkeypatch,
        YTDUBBER_THREADS="many",
        YTDUBBER_JOB_BUDGET_USD="-1",
        YTDUBBER_DEEPGRAM_MODEL="nova-2",
        YTDUBBER_BUDGET="5",
        YTDUBBER_STRIPE_URL="https://x",
        SUPABASE_URL="https://",
        SUPABASE_JWT_SECRET="x" * 32,
    )
    first, *lines = told.splitlines()
    assert first == "6 settings are not right:"
    assert {line.partition(":")[0] for line in lines} == {
        "DEEPGRAM_API_KEY",
        "STRIPE_SECRET_KEY",
        "SUPABASE_URL",
        "YTDUBBER_BUDGET",
        "YTDUBBER_JOB_BUDGET_USD",
        "YTDUBBER_THREADS",
    }
    assert all(line.endswith(".") for line in lines)


def test_a_value_that_cannot_be_makes_no_half_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(
        monkeypatch,
        DEEPGRAM_API_KEY="key",
        YTDUBBER_UPLOAD_GB_A_DAY="0",
        YTDUBBER_UPLOAD_MB="30000",
    )
    assert told == "YTDUBBER_UPLOAD_GB_A_DAY: it must be 1 or more."


def test_the_file_is_read_for_names_that_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPGRAM_APIKEY", "another program's")
    env = tmp_path / ".env"
    env.write_text("DEEPGRAM_APIKEY=a\nYTDUBBER_CORE=2\nNODE_ENV=production\nPORT=3000\n")
    told = refused(monkeypatch)
    assert "DEEPGRAM_APIKEY: there is no such setting; DEEPGRAM_API_KEY is one." in told
    assert "YTDUBBER_CORE: there is no such setting; YTDUBBER_CORES is one." in told
    assert "NODE_ENV" not in told
    assert "PORT" not in told
    env.write_text("NODE_ENV=production\nytdubber_cores=2\n")
    assert load_settings().cores == 2
    env.write_bytes(b"YTDUBBER_CORES=\xff\n")
    assert refused(monkeypatch) == ".env: the file cannot be read (it is not text in UTF-8)."


def test_origins_are_as_browsers_name_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = "https://App.Example.org:443/, http://localhost:3000,http://[::1]:80 ,"
    monkeypatch.setenv("YTDUBBER_CORS_ORIGINS", pages)
    named = ("https://app.example.org", "http://localhost:3000", "http://[::1]")
    assert load_settings().origins == named


def test_folders_may_be_named_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("YTDUBBER_HOME", "~/dubs")
    assert load_settings().data == tmp_path / "dubs"


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
        "SUPABASE_JWT_SECRET": "sesame" * 8,
        "SUPABASE_SERVICE_KEY": "sb_secret_sesame",
        "DATABASE_URL": "postgresql://u:sesame@h/d",
        "YTDUBBER_API_DATABASE_URL": "postgresql://u:sesame@h/d",
        "YTDUBBER_LISTEN_DATABASE_URL": "postgresql://u:sesame@h/d",
        "YTDUBBER_SECRET": "sesame" * 8,
        "YTDUBBER_SECOND_SECRET": "sesame" * 7,
        "YTDUBBER_SECOND_JWT_SECRET": "sesame" * 7,
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    shown = repr(settings) + str(settings.vendors) + str(settings.money) + str(settings.storage)
    assert "sesame" not in shown
    assert settings.vendors.configured == {"deepgram", "openai", "elevenlabs"}


def test_money_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_JOB_BUDGET_USD", "0.10")
    assert load_settings().money.job_budget_usd == Decimal("0.10")


@pytest.mark.parametrize("key", ["sb_secret_x", jwt.encode({"role": "service_role"}, "x" * 32)])
def test_both_kinds_of_the_secret_key_are_taken(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    for name, value in (SUPABASE | {"SUPABASE_SERVICE_KEY": key}).items():
        monkeypatch.setenv(name, value)
    storage = load_settings().storage
    assert storage.supabase_service_key is not None
    assert storage.supabase_service_key.get_secret_value() == key
    assert storage.supabase_bucket == "media"


def test_when_a_token_expires_is_in_it() -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    assert expires_at(jwt.encode({"role": "service_role", "exp": at}, "x" * 32)) == at
    for none in ("sb_secret_x", "a.b.c", ".W10.", jwt.encode({"exp": 1e300}, "x" * 32), ANON):
        assert expires_at(none) is None
