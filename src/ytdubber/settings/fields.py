"""What can be set from outside, by environment variable or `.env` file."""

import os
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from ytdubber.domain.limits import MOST_MINUTES
from ytdubber.engines.vendor.plugin import Use
from ytdubber.engines.vendor.registry import vendors
from ytdubber.settings.rules import expires_at
from ytdubber.settings.values import (
    EngineOrder,
    LogLevels,
    addresses,
    log_levels,
    order,
    origins,
)
from ytdubber.settings.vendors import CONFIG, own_settings

LOCAL_VOICES = ("kokoro", "espeak")
"""What speaks on this machine; `local` stands for all of it."""

_MOST = 1_000_000
"""No count or size has a use beyond it, and the database holds everything reckoned from it."""
_MOST_USD = 1_000_000_000

_Path = Annotated[Path, AfterValidator(Path.expanduser)]
LogFormat = Literal["auto", "console", "json"]


def _named(name: str) -> AliasChoices:
    """A variable that is called so everywhere, without our prefix."""
    return AliasChoices(name)


class VendorSettings(BaseSettings):
    """Which engines are asked in which order, and what can be set of each vendor.

    A vendor is used when it is set up, by its key for most, or when the order names it. Lists of
    engines are written `acme,local; pt,es:other,local`: for every language, then for some;
    see `.env.example`.

    Attributes:
        listen: Who hears; by the language spoken, where that is known.
        translate: Who translates; by the target.
        speak: Who speaks; by the target.
        premium_speak: Who speaks in jobs of the premium tier.
        vendor_patience_hours: How long work waits for a vendor that is away, before another engine
            is asked or it fails.
        own: Every vendor's own settings, by its name; what its plugin declares.
    """

    model_config = CONFIG

    listen: Annotated[EngineOrder, NoDecode, order("listen")] = EngineOrder()
    translate: Annotated[EngineOrder, NoDecode, order("translate")] = EngineOrder()
    speak: Annotated[EngineOrder, NoDecode, order("speak", *LOCAL_VOICES)] = EngineOrder()
    premium_speak: Annotated[EngineOrder, NoDecode, order("premium_speak", *LOCAL_VOICES)] = (
        EngineOrder()
    )
    vendor_patience_hours: float = Field(default=6.0, ge=0, le=72)
    own: Annotated[Mapping[str, Any], NoDecode] = Field(default_factory=own_settings)

    @property
    def configured(self) -> frozenset[str]:
        """The vendors that can be asked."""
        return self.able()

    def able(self, use: Use | None = None) -> frozenset[str]:
        """The vendors that can be asked: for this, or at all."""
        return frozenset(
            each.provider for each in vendors() if each.is_set_up(self.own[each.provider], use)
        )


class MoneySettings(BaseSettings):
    """Prices, budgets and payments.

    Attributes:
        price_book: An operator's own prices; those that come with us when not set.
        job_budget_usd: The most that vendors may cost for one job.
        user_month_budget_usd: The most for one user within a calendar month, in UTC.
        day_budget_usd: The most for everybody within a day, in UTC.
        credit_cents_per_minute: What a user is charged for a minute of a language, in US cents.
        stripe_secret_key: An account's key; payments are off without it.
        stripe_webhook_secret: Signs what Stripe tells us.
        stripe_url: Another address than Stripe's own.
    """

    model_config = CONFIG

    price_book: _Path | None = None
    job_budget_usd: Decimal | None = Field(default=None, ge=0, le=_MOST_USD)
    user_month_budget_usd: Decimal | None = Field(default=None, ge=0, le=_MOST_USD)
    day_budget_usd: Decimal | None = Field(default=None, ge=0, le=_MOST_USD)
    credit_cents_per_minute: int = Field(default=0, ge=0, le=_MOST)
    stripe_secret_key: SecretStr | None = Field(
        default=None, validation_alias=_named("STRIPE_SECRET_KEY")
    )
    stripe_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias=_named("STRIPE_WEBHOOK_SECRET")
    )
    stripe_url: str | None = None


class AlertSettings(BaseSettings):
    """Whom alerts reach; nobody, unless one of the first three is set.

    Attributes:
        alert_webhook_url: Where alerts are posted: an incoming webhook of Slack, Mattermost,
            Discord or Teams, or a program of one's own.
        alert_webhook_secret: Signs what is posted, as Standard Webhooks 1.0 has it.
        alert_email: Addresses that get alerts, separated by commas.
        alert_smtp_url: The server that takes the mail: `smtp://user:password@host:587` (STARTTLS),
            `smtps://` (encrypted from the start), or `smtp+plain://host:25` for one on this
            machine or network that wants neither encryption nor login.
        alert_email_from: From whom the mail is; from the first of the addresses when not set.
        alert_runbooks: Where the pages of docs/runbooks are to be read, with * in the place of a
            page's name, such as `https://docs.example.org/runbooks/*.html`; their paths in the
            repository are told when not set.
    """

    model_config = CONFIG

    alert_webhook_url: SecretStr | None = None
    alert_webhook_secret: SecretStr | None = Field(default=None, min_length=16)
    alert_email: Annotated[tuple[str, ...], NoDecode, BeforeValidator(addresses)] = ()
    alert_smtp_url: SecretStr | None = None
    alert_email_from: str | None = None
    alert_runbooks: str | None = None


class StorageSettings(BaseSettings):
    """Where files are kept: in a folder of this machine, unless one of these says otherwise.

    Attributes:
        supabase_service_key: The project's secret key; files lie in its Storage when it is set.
        supabase_bucket: The bucket there.
        s3_bucket: A bucket of a storage that speaks S3; files lie there when it is set.
        s3_endpoint: Another address than Amazon's.
        s3_region: Its region, where it has some.
        s3_access_key: A key pair's public half; boto3 looks for credentials itself when not set.
        s3_secret_key: Its secret half.
    """

    model_config = CONFIG

    supabase_service_key: SecretStr | None = Field(
        default=None, validation_alias=_named("SUPABASE_SERVICE_KEY")
    )
    supabase_bucket: str = "media"
    s3_bucket: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None


class Settings(BaseSettings):
    """All settings; none is needed: without any, everything is local and embedded.

    Attributes:
        home: Where everything is kept that is not a model: the platform's folders when not set.
        models: Where models are kept; a folder in the platform's cache folder when not set.
        translation_models: Further folders with Firefox translation models, separated as in PATH.
        offline: Never fetch a model.
        c2pa: Whether finished files get signed metadata that says they were dubbed by AI.
        c2pa_certificates: A file of certificates as PEM, the signer's own first, in place of those
            that an installation makes for itself.
        c2pa_key: The private key to it, as PEM.
        watermark: Whether what a machine speaks carries a watermark that nobody hears and
            `ytdubber detect` finds, where a dub does not say otherwise.
        device: What local engines compute on: `cpu`, `cuda` (which is refused where it cannot be
            used), or `auto`, which takes a graphics card where one can be used.
        threads: How many processor threads speech recognition uses; all of them when 0.
        database_url: The service's database; an embedded PostgreSQL when not set.
        api_database_url: The API's own login there; `database_url` when not set.
        listen_database_url: The way to it over which can be listened, past a pooler in transaction
            mode; `database_url` when not set.
        supabase_url: The project whose users may sign in; only this machine's when not set. Its
            Storage is used when SUPABASE_SERVICE_KEY is set beside it.
        supabase_jwt_secret: The secret that signs its tokens, where it does so with one.
        second_jwt_secret: Another that they may be signed with, while one takes the place of the
            other.
        redis_url: The Redis or Valkey that wakes workers; the database does when not set.
        public_url: Where browsers reach the API; where it listens when not set.
        cors_origins: Web pages that may call the API, separated by commas.
        secret: Signs links and local tokens; a random one in the data folder when not set.
        second_secret: Another that links and local tokens may be signed with, while one takes the
            place of the other; it signs nothing.
        cores: How many engines and mixes may compute at once in a worker; all cores when 0.
        worker_threads: How many languages a worker has in hand at once; and a dub on the command
            line, of those that vendors speak.
        upload_mb: The most megabytes an uploaded file may have; 100 when not set, and none where
            only this machine signs in: there the disk is the limit.
        upload_video_mb: The same of videos, which a worker holds in memory while it reads them; as
            other files when not set.
        upload_minutes: The longest a recording may be.
        upload_video_minutes: The same of videos; as other recordings when not set.
        upload_gb_a_day: The most gigabytes one user may upload within a day; likewise, 20.
        jobs_at_once: How many unfinished jobs one user may have.
        languages_at_once: How many languages of a user may be unfinished before their next job is
            turned away.
        minutes_at_once: The same in minutes to be dubbed: a recording's for each of its languages.
        requests_a_minute: How many requests one user may make.
        queued_languages: How many languages of all may wait before jobs are turned away of whoever
            has their share of these waiting.
        queued_minutes: The same in minutes to be dubbed.
        connections: How many connections the API keeps.
        connections_per_address: How many of them a public address may have; 0 for as many as it
            likes, as behind a proxy that has one.
        webhook_private_addresses: Whether users' webhooks may lead to any address, also of this
            machine and network and without encryption: for a service that only its owner uses.
        metrics_port: Where this process tells Prometheus its metrics; nowhere when not set.
        metrics_host: The address of this machine on which it does; the loopback one when not set.
        log_level: From which level on the service's processes log; of single loggers, too.
        log_format: How: `json`, `console` for people, or `auto`, which is the latter on a terminal.
        vendors: Vendors' engines, and the order in which engines are asked.
        money: Prices, budgets and payments.
        storage: Where files are kept.
        alerts: Whom alerts reach.
    """

    model_config = CONFIG

    home: _Path | None = None
    models: _Path = Field(default_factory=lambda: user_cache_path("ytdubber") / "models")
    translation_models: str = ""
    offline: bool = False
    c2pa: bool = True
    c2pa_certificates: _Path | None = None
    c2pa_key: _Path | None = None
    watermark: bool = True
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = Field(default=0, ge=0, le=256)

    database_url: str | None = Field(
        default=None, validation_alias=_named("DATABASE_URL"), repr=False
    )
    api_database_url: str | None = Field(default=None, repr=False)
    listen_database_url: str | None = Field(default=None, repr=False)
    supabase_url: str | None = Field(default=None, validation_alias=_named("SUPABASE_URL"))
    supabase_jwt_secret: str | None = Field(
        default=None, validation_alias=_named("SUPABASE_JWT_SECRET"), repr=False
    )
    second_jwt_secret: str | None = Field(default=None, repr=False)
    redis_url: str | None = Field(default=None, validation_alias=_named("REDIS_URL"), repr=False)
    public_url: str | None = None
    cors_origins: Annotated[str, NoDecode] = "http://localhost:3000"
    secret: str | None = Field(default=None, min_length=32, repr=False)
    second_secret: str | None = Field(default=None, min_length=32, repr=False)
    cores: int = Field(default=0, ge=0, le=256)
    worker_threads: int = Field(default=8, ge=1, le=256)
    upload_mb: int | None = Field(default=None, ge=1, le=_MOST)
    upload_video_mb: int | None = Field(default=None, ge=1, le=_MOST)
    upload_minutes: int = Field(default=MOST_MINUTES, ge=1, le=MOST_MINUTES)
    upload_video_minutes: int | None = Field(default=None, ge=1, le=MOST_MINUTES)
    upload_gb_a_day: int | None = Field(default=None, ge=1, le=_MOST)
    jobs_at_once: int = Field(default=20, ge=1, le=_MOST)
    languages_at_once: int = Field(default=500, ge=1, le=_MOST)
    minutes_at_once: int = Field(default=10_000, ge=1, le=_MOST)
    requests_a_minute: int = Field(default=600, ge=1, le=_MOST)
    queued_languages: int = Field(default=500, ge=1, le=_MOST)
    queued_minutes: int = Field(default=50_000, ge=1, le=_MOST)
    connections: int = Field(default=4_096, ge=16, le=_MOST)
    connections_per_address: int = Field(default=256, ge=0, le=_MOST)
    webhook_private_addresses: bool = False
    metrics_port: int | None = Field(default=None, ge=1, le=65_535)
    metrics_host: str | None = None
    log_level: Annotated[LogLevels, NoDecode, BeforeValidator(log_levels)] = LogLevels()
    log_format: LogFormat = "auto"

    vendors: VendorSettings = Field(default_factory=VendorSettings)
    money: MoneySettings = Field(default_factory=MoneySettings)
    storage: StorageSettings = Field(default_factory=StorageSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)

    @property
    def cache(self) -> Path:
        """Where what can be made again is kept."""
        return self.home or user_cache_path("ytdubber")

    @property
    def data(self) -> Path:
        """Where the service keeps its database and files."""
        return self.home or user_data_path("ytdubber")

    @property
    def expiries(self) -> Mapping[str, datetime]:
        """When credentials expire that do, by variable."""
        key = self.storage.supabase_service_key
        ends = expires_at(key.get_secret_value()) if key is not None else None
        return {"SUPABASE_SERVICE_KEY": ends} if ends is not None else {}

    @property
    def origins(self) -> tuple[str, ...]:
        """Web pages that may call the API."""
        return origins(self.cors_origins)

    @property
    def translation_folders(self) -> tuple[Path, ...]:
        """The user's own folders of translation models."""
        parts = self.translation_models.split(os.pathsep)
        return tuple(Path(part).expanduser() for part in parts if part.strip())
