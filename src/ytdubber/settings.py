"""What can be set from outside, by environment variable or `.env` file."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ytdubber.domain.errors import BadInput, BadSetting
from ytdubber.domain.languages import target
from ytdubber.domain.voice import Gender

_ENV_FILE = ".env"
_CONFIG = SettingsConfigDict(
    env_prefix="YTDUBBER_",
    env_file=_ENV_FILE,
    env_ignore_empty=True,
    extra="ignore",
    populate_by_name=True,
)
_WEB = ("https://", "http://")
_POSTGRES = ("postgresql://", "postgres://")
_URLS = {
    "DATABASE_URL": _POSTGRES,
    "YTDUBBER_API_DATABASE_URL": _POSTGRES,
    "SUPABASE_URL": _WEB,
    "YTDUBBER_PUBLIC_URL": _WEB,
    "YTDUBBER_DEEPGRAM_URL": _WEB,
    "YTDUBBER_OPENAI_URL": _WEB,
    "YTDUBBER_ELEVENLABS_URL": _WEB,
    "YTDUBBER_STRIPE_URL": _WEB,
}
"""How each may begin."""
_NEEDS = {
    "SUPABASE_JWT_SECRET": "SUPABASE_URL",
    "YTDUBBER_API_DATABASE_URL": "DATABASE_URL",
    "YTDUBBER_DEEPGRAM_URL": "DEEPGRAM_API_KEY",
    "YTDUBBER_ELEVENLABS_URL": "ELEVENLABS_API_KEY",
    "YTDUBBER_STRIPE_URL": "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET": "STRIPE_SECRET_KEY",
}
"""What each is of no use without."""


def _named(name: str) -> AliasChoices:
    """A variable that is called so everywhere, without our prefix."""
    return AliasChoices(name)


@dataclass(frozen=True, slots=True)
class EngineOrder:
    """Which engines are asked, by their names, in order of preference.

    Attributes:
        usual: For every language without an order of its own; by what is at hand when empty.
        special: Orders of their own, by language.
    """

    usual: tuple[str, ...] = ()
    special: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        """Every name once."""
        rows = (self.usual, *self.special.values())
        return iter(dict.fromkeys(name for row in rows for name in row))

    def or_else(self, usual: tuple[str, ...]) -> "EngineOrder":
        """The same, with this usual order where none is set."""
        return EngineOrder(self.usual or usual, self.special)


def _order(*known: str) -> BeforeValidator:
    """Reads `deepgram,local; pt,es:elevenlabs,local`; `local` stands for those of this machine."""

    def names(text: str) -> tuple[str, ...]:
        found = [name.strip().lower() for name in text.split(",") if name.strip()]
        for name in found:
            if name not in known:
                raise ValueError(f"there is no engine '{name}'; choose from {', '.join(known)}")
        if not found:
            raise ValueError("a part of it names no engine")
        return tuple(dict.fromkeys(found))

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        usual, special = tuple[str, ...](), dict[str, tuple[str, ...]]()
        for part in filter(str.strip, value.split(";")):
            languages, colon, engines = part.rpartition(":")
            if not colon and usual:
                raise ValueError("it has two parts without a language; put them into one")
            usual = usual if colon else names(engines)
            for language in languages.split(",") if colon else ():
                special[_language(language)] = names(engines)
        return EngineOrder(usual, special)

    return BeforeValidator(read)


def _language(name: str) -> str:
    try:
        return target(name)
    except BadInput as error:
        raise ValueError(str(error)) from None


def _voices(value: object) -> object:
    """Reads `ID:female:Ana, ID:male:Rui`."""
    if not isinstance(value, str):
        return value
    parts = [part.strip().split(":", 2) for part in value.split(",") if part.strip()]
    for part in parts:
        if len(part) != 3 or part[1] not in ("female", "male") or not all(part):
            raise ValueError("write each voice as ID:female:Name or ID:male:Name")
    return tuple((voice, Gender(gender), name) for voice, gender, name in parts)


class VendorSettings(BaseSettings):
    """Vendors' engines, and which engines are asked in which order.

    A vendor is used when its key is set, or when the order names it. Lists of engines are written
    `deepgram,local; pt,es:elevenlabs,local`: for every language, then for some; see `.env.example`.

    Attributes:
        listen: Who hears; by the language spoken, where that is known.
        translate: Who translates; by the target.
        speak: Who speaks; by the target.
        premium_speak: Who speaks in jobs of the premium tier.
        deepgram_api_key: An account's.
        deepgram_url: Another address than Deepgram's own.
        deepgram_model: Hears.
        deepgram_listen_at_once: How many recordings the account may have heard at once.
        deepgram_speak_at_once: How many lines it may have spoken at once.
        openai_api_key: An account's; a server of one's own may want none.
        openai_url: A server that speaks OpenAI's language, `/v1` included; OpenAI's own when None.
        openai_model: Translates and shortens.
        openai_fallback_model: Asked when that one cannot; at OpenAI itself, or where it is set.
        openai_service_tier: `flex` waits its turn, up to a quarter of an hour, at half the price.
        openai_at_once: How many requests may be under way.
        elevenlabs_api_key: An account's.
        elevenlabs_url: Another address than ElevenLabs' own.
        elevenlabs_model: Speaks.
        elevenlabs_voices: An account's own voices, in place of those every account has: the id, the
            gender and the name of each.
        elevenlabs_at_once: How many lines the account may have spoken at once.
        vendor_patience_hours: How long work waits for a vendor that is away, before another engine
            is asked or it fails.
    """

    model_config = _CONFIG

    listen: Annotated[EngineOrder, NoDecode, _order("deepgram", "local")] = EngineOrder()
    translate: Annotated[EngineOrder, NoDecode, _order("openai", "local")] = EngineOrder()
    speak: Annotated[
        EngineOrder, NoDecode, _order("deepgram", "elevenlabs", "kokoro", "espeak", "local")
    ] = EngineOrder()
    premium_speak: Annotated[
        EngineOrder, NoDecode, _order("deepgram", "elevenlabs", "kokoro", "espeak", "local")
    ] = EngineOrder()

    deepgram_api_key: SecretStr | None = Field(
        default=None, validation_alias=_named("DEEPGRAM_API_KEY")
    )
    deepgram_url: str | None = None
    deepgram_model: str = "nova-3"
    deepgram_listen_at_once: int = Field(default=50, ge=1)
    deepgram_speak_at_once: int = Field(default=15, ge=1)

    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=_named("OPENAI_API_KEY")
    )
    openai_url: str | None = None
    openai_model: str = "gpt-6-luna"
    openai_fallback_model: str = "gpt-5.6-luna"
    openai_service_tier: Literal["default", "flex"] = "default"
    openai_at_once: int = Field(default=16, ge=1)

    elevenlabs_api_key: SecretStr | None = Field(
        default=None, validation_alias=_named("ELEVENLABS_API_KEY")
    )
    elevenlabs_url: str | None = None
    elevenlabs_model: str = "eleven_flash_v2_5"
    elevenlabs_voices: Annotated[
        tuple[tuple[str, Gender, str], ...], NoDecode, BeforeValidator(_voices)
    ] = ()
    elevenlabs_at_once: int = Field(default=4, ge=1)

    vendor_patience_hours: float = Field(default=6.0, ge=0, le=72)

    @property
    def configured(self) -> frozenset[str]:
        """The vendors that can be asked."""
        ready = {
            "deepgram": self.deepgram_api_key,
            "openai": self.openai_api_key or self.openai_url,
            "elevenlabs": self.elevenlabs_api_key,
        }
        return frozenset(name for name, proof in ready.items() if proof)


class MoneySettings(BaseSettings):
    """Prices, budgets and payments.

    Attributes:
        price_book: An operator's own prices; those that come with us when not set.
        job_budget_usd: The most that vendors may cost for one job.
        user_month_budget_usd: The most for one user within a calendar month, in UTC.
        day_budget_usd: The most for everybody within a day, in UTC.
        credit_cents_per_minute: What a user is charged for a minute of a language, in US cents.
        stripe_secret_key: An account's.
        stripe_webhook_secret: Signs what Stripe tells us.
        stripe_url: Another address than Stripe's own.
    """

    model_config = _CONFIG

    price_book: Path | None = None
    job_budget_usd: Decimal | None = Field(default=None, ge=0)
    user_month_budget_usd: Decimal | None = Field(default=None, ge=0)
    day_budget_usd: Decimal | None = Field(default=None, ge=0)
    credit_cents_per_minute: int = Field(default=0, ge=0)
    stripe_secret_key: SecretStr | None = Field(
        default=None, validation_alias=_named("STRIPE_SECRET_KEY")
    )
    stripe_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias=_named("STRIPE_WEBHOOK_SECRET")
    )
    stripe_url: str | None = None


class Settings(BaseSettings):
    """All settings; none is needed: without any, everything is local and embedded.

    Attributes:
        home: Where everything is kept that is not a model: the platform's folders when not set.
        models: Where models are kept; a folder in the platform's cache folder when not set.
        translation_models: Further folders with Firefox translation models, separated as in PATH.
        offline: Never fetch a model.
        threads: How many processor threads speech recognition uses; all of them when 0.
        database_url: The service's database; an embedded PostgreSQL when not set.
        api_database_url: The API's own login there; `database_url` when not set.
        supabase_url: The project whose users may sign in; only this machine's when not set.
        supabase_jwt_secret: The secret that signs its tokens, where it does so with one.
        public_url: Where browsers reach the API; where it listens when not set.
        cors_origins: Web pages that may call the API, separated by commas.
        secret: Signs links and local tokens; a random one in the data folder when not set.
        cores: How many engines and mixes may compute at once in a worker; all cores when 0.
        worker_threads: How many languages a worker has in hand at once; and a dub on the command
            line, of those that vendors speak.
        upload_mb: The most megabytes an uploaded file may have.
        upload_gb_a_day: The most gigabytes one user may upload within a day.
        jobs_at_once: How many unfinished jobs one user may have.
        requests_a_minute: How many requests one user may make.
        queued_languages: How many languages may wait before new jobs are turned away.
        vendors: Vendors' engines, and the order in which engines are asked.
        money: Prices, budgets and payments.
    """

    model_config = _CONFIG

    home: Path | None = None
    models: Path = Field(default_factory=lambda: user_cache_path("ytdubber") / "models")
    translation_models: str = ""
    offline: bool = False
    threads: int = Field(default=0, ge=0, le=256)

    database_url: str | None = Field(
        default=None, validation_alias=_named("DATABASE_URL"), repr=False
    )
    api_database_url: str | None = Field(default=None, repr=False)
    supabase_url: str | None = Field(default=None, validation_alias=_named("SUPABASE_URL"))
    supabase_jwt_secret: str | None = Field(
        default=None, validation_alias=_named("SUPABASE_JWT_SECRET"), repr=False
    )
    public_url: str | None = None
    cors_origins: Annotated[str, NoDecode] = "http://localhost:3000"
    secret: str | None = Field(default=None, min_length=32, repr=False)
    cores: int = Field(default=0, ge=0, le=256)
    worker_threads: int = Field(default=8, ge=1, le=256)
    upload_mb: int = Field(default=100, ge=1)
    upload_gb_a_day: int = Field(default=20, ge=1)
    jobs_at_once: int = Field(default=20, ge=1)
    requests_a_minute: int = Field(default=600, ge=1)
    queued_languages: int = Field(default=500, ge=1)

    vendors: VendorSettings = Field(default_factory=VendorSettings)
    money: MoneySettings = Field(default_factory=MoneySettings)

    @property
    def cache(self) -> Path:
        """Where what can be made again is kept."""
        return self.home or user_cache_path("ytdubber")

    @property
    def data(self) -> Path:
        """Where the service keeps its database and files."""
        return self.home or user_data_path("ytdubber")

    @property
    def origins(self) -> tuple[str, ...]:
        """Web pages that may call the API."""
        return tuple(o.strip().rstrip("/") for o in self.cors_origins.split(",") if o.strip())

    @property
    def translation_folders(self) -> tuple[Path, ...]:
        """The user's own folders of translation models."""
        parts = self.translation_models.split(os.pathsep)
        return tuple(Path(part).expanduser() for part in parts if part.strip())


_GROUPS: dict[type[BaseSettings], str] = {
    Settings: "",
    VendorSettings: "vendors",
    MoneySettings: "money",
}


def variables() -> dict[str, tuple[str, str]]:
    """Every variable, with the group of settings it belongs to ("" for none) and its field."""
    found: dict[str, tuple[str, str]] = {}
    for kind, group in _GROUPS.items():
        for name, each in kind.model_fields.items():
            alias = each.validation_alias
            own = str(alias.choices[0]) if isinstance(alias, AliasChoices) else None
            if name not in _GROUPS.values():
                found[own or f"YTDUBBER_{name.upper()}"] = (group, name)
    return found


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        BadSetting: one has a value it cannot have, or lacks another it needs; the message names
            the variable.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        variable = name if name in variables() else f"YTDUBBER_{name}"
        reason = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
        raise BadSetting(variable=variable, reason=f"{reason}.") from None
    _check_paths(settings)
    _check_urls(settings)
    _check_vendors(settings.vendors)
    return settings


def _check_paths(settings: Settings) -> None:
    for folder in settings.translation_folders:
        if not folder.is_dir():
            raise BadSetting(
                variable="YTDUBBER_TRANSLATION_MODELS", reason=f"{folder} is not a folder."
            )
    book = settings.money.price_book
    if book is not None and not book.is_file():
        raise BadSetting(variable="YTDUBBER_PRICE_BOOK", reason=f"{book} is not a file.")


def _check_urls(settings: Settings) -> None:
    given = {
        variable: getattr(getattr(settings, group) if group else settings, name)
        for variable, (group, name) in variables().items()
    }
    for variable, schemes in _URLS.items():
        if given[variable] is not None and not given[variable].startswith(schemes):
            raise BadSetting(variable=variable, reason=f"it must begin with {schemes[0]}")
    for variable, needed in _NEEDS.items():
        if given[variable] and not given[needed]:
            raise BadSetting(variable=needed, reason=f"{variable} needs it beside it.")


def _check_vendors(vendors: VendorSettings) -> None:
    """Every vendor that is named can be asked."""
    for name in ("listen", "translate", "speak", "premium_speak"):
        order: EngineOrder = getattr(vendors, name)
        for vendor in ("deepgram", "openai", "elevenlabs"):
            if vendor in order and vendor not in vendors.configured:
                raise BadSetting(
                    variable=f"{vendor.upper()}_API_KEY",
                    reason=f"YTDUBBER_{name.upper()} names {vendor}, which needs it.",
                )
