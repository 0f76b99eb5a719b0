"""The tables, as statements need them; the migrations make them and `alembic check` compares."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

SCHEMA = "ytdubber"
metadata = MetaData(schema=SCHEMA)


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def _user() -> Column[Any]:
    """Whose row it is."""
    return Column("user_id", Uuid, ForeignKey(f"{SCHEMA}.users.id"), nullable=False)


def _of(name: str, *, required: bool = True) -> Column[Any]:
    """A column that holds the id of a parent, which `_same_user` names."""
    return Column(name, Uuid, nullable=not required)


def _same_user(
    column: str, table: str, key: str = "id", *, ondelete: str | None = None
) -> ForeignKeyConstraint:
    """The parent must exist, and be the same user's."""
    parent = [f"{SCHEMA}.{table}.{key}", f"{SCHEMA}.{table}.user_id"]
    return ForeignKeyConstraint([column, "user_id"], parent, ondelete=ondelete)


def _when(name: str, *, now: bool = False) -> Column[Any]:
    if now:
        return Column(name, DateTime(timezone=True), nullable=False, server_default=text("now()"))
    return Column(name, DateTime(timezone=True))


def _needed(name: str, kind: TypeEngine[Any], default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=text(default) if default else None)


def _stage(default: str) -> Column[Any]:
    return _needed("stage", Text(), f"'{default}'")


users = Table(
    "users",
    metadata,
    _id(),
    Column("email", Text),
    Column("full_name", Text),
    Column("avatar_url", Text),
    Column("timezone", Text),
    Column("language_preference", Text),
    _when("created_at", now=True),
    Column("stripe_customer_id", Text, unique=True),
)

dubbing_jobs = Table(
    "dubbing_jobs",
    metadata,
    _id(),
    _user(),
    _needed("title", Text()),
    _stage("awaiting_upload"),
    Column("source_language", Text),
    _needed("target_languages", ARRAY(Text)),
    _needed("options", JSONB(), "'{}'"),
    _needed("has_background", Boolean()),
    Column("voice_duration_ms", BigInteger),
    Column("background_duration_ms", BigInteger),
    _when("created_at", now=True),
    _when("submitted_at"),
    _when("updated_at", now=True),
    _when("finished_at"),
    _when("deadline_at"),
    _when("expires_at"),
    _when("deleted_at"),
    _when("sources_deleted_at"),
    _when("purged_at"),
    _when("forgotten_at"),
    _needed("cancel_requested", Boolean(), "false"),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("prepared", JSONB),
    Column("lease_owner", Uuid),
    _when("lease_until"),
    _needed("attempts", Integer(), "0"),
    _when("woken_at"),
    _needed("waits", Integer(), "0"),
    UniqueConstraint("id", "user_id"),
)
Index(
    "dubbing_jobs_newest",
    dubbing_jobs.c.user_id,
    dubbing_jobs.c.created_at.desc(),
    dubbing_jobs.c.id.desc(),
    postgresql_where=text("submitted_at is not null and deleted_at is null"),
)
Index(
    "dubbing_jobs_open",
    dubbing_jobs.c.stage,
    postgresql_where=text("submitted_at is not null and finished_at is null"),
)
Index(
    "dubbing_jobs_user",
    dubbing_jobs.c.user_id,
    postgresql_where=text("submitted_at is not null"),
)
UNDER_WAY = text("submitted_at is not null and stage not in ('complete', 'failed', 'cancelled')")
"""What of the jobs counts as going on; statements say it word for word, for its index."""
Index("dubbing_jobs_under_way", dubbing_jobs.c.user_id, postgresql_where=UNDER_WAY)
Index(
    "dubbing_jobs_unpurged",
    dubbing_jobs.c.created_at,
    postgresql_where=text("coalesce(purged_at < greatest(deleted_at, finished_at), true)"),
)
Index(
    "dubbing_jobs_unforgotten",
    dubbing_jobs.c.expires_at,
    postgresql_where=text("forgotten_at is null and deleted_at is null"),
)

uploads = Table(
    "uploads",
    metadata,
    _id(),
    _of("job_id"),
    _user(),
    _needed("track", Text()),
    Column("key", Text, nullable=False, unique=True),
    _needed("file_name", Text()),
    Column("content_type", Text),
    Column("declared_bytes", BigInteger),
    Column("declared_sha256", Text),
    Column("bytes", BigInteger),
    Column("sha256", Text),
    _when("created_at", now=True),
    _when("uploaded_at"),
    _when("deleted_at"),
    UniqueConstraint("job_id", "track"),
    _same_user("job_id", "dubbing_jobs"),
)
Index("uploads_user", uploads.c.user_id, uploads.c.created_at)

language_tasks = Table(
    "language_tasks",
    metadata,
    _id(),
    _of("job_id"),
    _user(),
    _needed("position", Integer()),
    _needed("language", Text()),
    _stage("queued"),
    _needed("progress", Double(), "0"),
    _needed("entered_at", JSONB(), "'{}'"),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("result", JSONB),
    Column("casting", JSONB),
    _when("heartbeat_at"),
    _when("updated_at", now=True),
    Column("lease_owner", Uuid),
    _when("lease_until"),
    _needed("attempts", Integer(), "0"),
    _when("woken_at"),
    Column("waiting", JSONB),
    _needed("waits", Integer(), "0"),
    UniqueConstraint("job_id", "language"),
    _same_user("job_id", "dubbing_jobs"),
    UniqueConstraint("id", "user_id"),
)
Index(
    "language_tasks_open",
    language_tasks.c.woken_at,
    postgresql_where=text("stage not in ('complete', 'failed', 'cancelled')"),
)

transcripts = Table(
    "transcripts",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    _user(),
    _needed("language", Text()),
    _when("created_at", now=True),
    _needed("uncovered", JSONB(), "'[]'::jsonb"),
    _same_user("job_id", "dubbing_jobs"),
    UniqueConstraint("job_id", "user_id"),
)

utterances = Table(
    "utterances",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _user(),
    _needed("utterance_id", Text()),
    _needed("start_ms", Integer()),
    _needed("end_ms", Integer()),
    Column("speaker", Text),
    _needed("text", Text()),
    _needed("words", JSONB()),
    _same_user("job_id", "transcripts", "job_id", ondelete="CASCADE"),
)

artifacts = Table(
    "artifacts",
    metadata,
    _id(),
    _of("job_id"),
    _of("task_id", required=False),
    _user(),
    _needed("path", Text()),
    Column("language", Text),
    _needed("kind", Text()),
    _needed("format", Text()),
    Column("key", Text, nullable=False, unique=True),
    _needed("bytes", BigInteger()),
    _needed("sha256", Text()),
    _needed("mime", Text()),
    Column("duration_ms", Double),
    _when("created_at", now=True),
    _when("expires_at"),
    _when("deleted_at"),
    UniqueConstraint("job_id", "path"),
    _same_user("job_id", "dubbing_jobs"),
    _same_user("task_id", "language_tasks"),
    UniqueConstraint("id", "user_id"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _of("job_id"),
    _user(),
    _of("task_id", required=False),
    _needed("kind", Text()),
    _needed("data", JSONB(), "'{}'"),
    _when("at", now=True),
    _same_user("job_id", "dubbing_jobs"),
    _same_user("task_id", "language_tasks"),
)
Index("job_events_job", job_events.c.job_id, job_events.c.id)

usage_receipts = Table(
    "usage_receipts",
    metadata,
    _id(),
    _of("job_id"),
    _of("task_id", required=False),
    _user(),
    Column("language", Text),
    _needed("provider", Text()),
    _needed("model", Text()),
    _needed("version", Text()),
    _needed("operation", Text()),
    _needed("outcome", Text()),
    Column("fault", Text),
    _needed("reported", Boolean(), "false"),
    Column("request_id", Text),
    _needed("quantities", JSONB()),
    Column("elapsed_ms", BigInteger),
    _when("started_at", now=True),
    _when("settled_at"),
    _needed("measured", JSONB(), "'[]'"),
    _needed("estimate_usd", Numeric(), "0"),
    Column("work_key", Text),
    _when("under_way_until"),
    _same_user("job_id", "dubbing_jobs"),
    _same_user("task_id", "language_tasks"),
    UniqueConstraint("id", "user_id"),
)
Index("usage_receipts_job", usage_receipts.c.job_id, usage_receipts.c.started_at)
Index("usage_receipts_work", usage_receipts.c.work_key)
Index(
    "usage_receipts_open",
    usage_receipts.c.started_at,
    postgresql_where=text("outcome = 'started'"),
)

cost_entries = Table(
    "cost_entries",
    metadata,
    _id(),
    _of("receipt_id"),
    _of("job_id"),
    _user(),
    Column("language", Text),
    _needed("provider", Text()),
    Column("sku", Text),
    _needed("unit", Text()),
    _needed("quantity", Numeric()),
    Column("amount_usd", Numeric),
    Column("price_as_of", Date),
    _when("at", now=True),
    UniqueConstraint("receipt_id", "unit"),
    _same_user("receipt_id", "usage_receipts"),
    _same_user("job_id", "dubbing_jobs"),
)
Index("cost_entries_job", cost_entries.c.job_id)
Index("cost_entries_user", cost_entries.c.user_id, cost_entries.c.at)
Index("cost_entries_day", cost_entries.c.at)

credit_transactions = Table(
    "credit_transactions",
    metadata,
    _id(),
    _user(),
    _of("job_id", required=False),
    _needed("kind", Text()),
    _needed("amount_cents", BigInteger()),
    _needed("currency", Text(), "'usd'"),
    _needed("status", Text(), "'succeeded'"),
    _needed("description", Text()),
    Column("idempotency_key", Text, nullable=False, unique=True),
    _when("created_at", now=True),
    _same_user("job_id", "dubbing_jobs"),
)
Index(
    "credit_transactions_user",
    credit_transactions.c.user_id,
    credit_transactions.c.created_at,
)
Index("credit_transactions_job", credit_transactions.c.job_id)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _needed("kind", Text()),
    _needed("payload", JSONB()),
    Column("idempotency_key", Text, nullable=False, unique=True),
    _needed("attempts", Integer(), "0"),
    _when("created_at", now=True),
    Column("next_at", DateTime(timezone=True), server_default=text("now()")),
    _when("sent_at"),
    Column("error", Text),
)
Index("outbox_due", outbox.c.next_at, postgresql_where=text("next_at is not null"))

download_tokens = Table(
    "download_tokens",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    _of("artifact_id"),
    _user(),
    _when("created_at", now=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    _when("used_at"),
    _same_user("artifact_id", "artifacts"),
)
Index("download_tokens_artifact", download_tokens.c.artifact_id)

downloads = Table(
    "downloads",
    metadata,
    _id(),
    _of("artifact_id"),
    _user(),
    _when("downloaded_at", now=True),
    UniqueConstraint("user_id", "artifact_id"),
    _same_user("artifact_id", "artifacts"),
)
Index("downloads_newest", downloads.c.user_id, downloads.c.downloaded_at.desc())

stage_speeds = Table(
    "stage_speeds",
    metadata,
    Column("stage", Text, primary_key=True),
    _needed("seconds_per_second", Double()),
    _when("updated_at", now=True),
)

speaking_rates = Table(
    "speaking_rates",
    metadata,
    Column("voice", Text, primary_key=True),
    _needed("chars_per_second", Double()),
    _when("updated_at", now=True),
)

slots = Table(
    "slots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("holder", Uuid),
    _when("until"),
)
