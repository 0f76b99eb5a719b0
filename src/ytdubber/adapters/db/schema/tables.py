"""The tables, as statements need them; the migrations make them and `alembic check` compares."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ytdubber.adapters.db.schema.columns import (
    metadata,
    moment,
    needed,
    own_id,
    parent_id,
    same_user,
    stage_column,
    whose,
)

users = Table(
    "users",
    metadata,
    own_id(),
    Column("email", Text),
    Column("full_name", Text),
    Column("avatar_url", Text),
    Column("timezone", Text),
    Column("language_preference", Text),
    moment("created_at", now=True),
    Column("stripe_customer_id", Text, unique=True),
)

dubbing_jobs = Table(
    "dubbing_jobs",
    metadata,
    own_id(),
    whose(),
    needed("title", Text()),
    stage_column("awaiting_upload"),
    Column("source_language", Text),
    needed("target_languages", ARRAY(Text)),
    needed("options", JSONB(), "'{}'"),
    needed("has_background", Boolean()),
    Column("voice_duration_ms", BigInteger),
    Column("background_duration_ms", BigInteger),
    moment("created_at", now=True),
    moment("submitted_at"),
    moment("updated_at", now=True),
    moment("finished_at"),
    moment("deadline_at"),
    moment("expires_at"),
    moment("deleted_at"),
    moment("sources_deleted_at"),
    moment("purged_at"),
    moment("forgotten_at"),
    needed("cancel_requested", Boolean(), "false"),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("prepared", JSONB),
    Column("lease_owner", Uuid),
    moment("lease_until"),
    needed("attempts", Integer(), "0"),
    moment("woken_at"),
    needed("waits", Integer(), "0"),
    Column("refusal", JSONB),
    needed("lane", Text(), "'io'"),
    moment("not_before"),
    moment("held_at"),
    needed("retries", Integer(), "0"),
    moment("heard_at"),
    Column("request_id", Text),
    Column("traceparent", Text),
    UniqueConstraint("id", "user_id"),
)
Index("dubbing_jobs_heard", dubbing_jobs.c.heard_at)
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
    own_id(),
    parent_id("job_id"),
    whose(),
    needed("track", Text()),
    Column("key", Text, nullable=False, unique=True),
    needed("file_name", Text()),
    Column("content_type", Text),
    Column("declared_bytes", BigInteger),
    Column("declared_sha256", Text),
    Column("bytes", BigInteger),
    needed("received_bytes", BigInteger(), default="0"),
    Column("sha256", Text),
    moment("created_at", now=True),
    moment("uploaded_at"),
    moment("deleted_at"),
    Column("duration_ms", BigInteger),
    Column("sound_ms", BigInteger),
    UniqueConstraint("job_id", "track"),
    same_user("job_id", "dubbing_jobs"),
)
Index("uploads_user", uploads.c.user_id, uploads.c.created_at)

language_tasks = Table(
    "language_tasks",
    metadata,
    own_id(),
    parent_id("job_id"),
    whose(),
    needed("position", Integer()),
    needed("language", Text()),
    stage_column("queued"),
    needed("progress", Double(), "0"),
    needed("entered_at", JSONB(), "'{}'"),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("result", JSONB),
    Column("casting", JSONB),
    moment("heartbeat_at"),
    moment("updated_at", now=True),
    Column("lease_owner", Uuid),
    moment("lease_until"),
    needed("attempts", Integer(), "0"),
    moment("woken_at"),
    Column("waiting", JSONB),
    needed("waits", Integer(), "0"),
    needed("lane", Text(), "'io'"),
    moment("not_before"),
    moment("held_at"),
    needed("retries", Integer(), "0"),
    needed("revision", Integer(), "1"),
    Column("rendering", Integer),
    needed("edits_version", Integer(), "0"),
    UniqueConstraint("job_id", "language"),
    same_user("job_id", "dubbing_jobs"),
    UniqueConstraint("id", "user_id"),
)
Index(
    "language_tasks_open",
    language_tasks.c.woken_at,
    postgresql_where=text("stage not in ('complete', 'failed', 'cancelled')"),
)
Index(
    "language_tasks_ended",
    language_tasks.c.updated_at,
    postgresql_where=text("stage in ('complete', 'failed', 'cancelled')"),
)

transcripts = Table(
    "transcripts",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    whose(),
    needed("language", Text()),
    moment("created_at", now=True),
    needed("uncovered", JSONB(), "'[]'::jsonb"),
    same_user("job_id", "dubbing_jobs"),
    UniqueConstraint("job_id", "user_id"),
)

utterances = Table(
    "utterances",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    whose(),
    needed("utterance_id", Text()),
    needed("start_ms", Integer()),
    needed("end_ms", Integer()),
    Column("speaker", Text),
    needed("text", Text()),
    needed("words", JSONB()),
    same_user("job_id", "transcripts", "job_id", ondelete="CASCADE"),
)

artifacts = Table(
    "artifacts",
    metadata,
    own_id(),
    parent_id("job_id"),
    parent_id("task_id", required=False),
    whose(),
    needed("path", Text()),
    Column("language", Text),
    needed("kind", Text()),
    needed("format", Text()),
    Column("key", Text, nullable=False, unique=True),
    needed("bytes", BigInteger()),
    needed("sha256", Text()),
    needed("mime", Text()),
    Column("duration_ms", Double),
    moment("created_at", now=True),
    moment("expires_at"),
    moment("deleted_at"),
    needed("revision", Integer(), "1"),
    needed("superseded", Boolean(), "false"),
    UniqueConstraint("job_id", "path", "revision"),
    same_user("job_id", "dubbing_jobs"),
    same_user("task_id", "language_tasks"),
    UniqueConstraint("id", "user_id"),
)
Index(
    "artifacts_shown",
    artifacts.c.job_id,
    artifacts.c.path,
    unique=True,
    postgresql_where=text("not superseded"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    parent_id("job_id"),
    whose(),
    parent_id("task_id", required=False),
    needed("kind", Text()),
    needed("data", JSONB(), "'{}'"),
    moment("at", now=True),
    same_user("job_id", "dubbing_jobs"),
    same_user("task_id", "language_tasks"),
)
Index("job_events_job", job_events.c.job_id, job_events.c.id)

usage_receipts = Table(
    "usage_receipts",
    metadata,
    own_id(),
    parent_id("job_id"),
    parent_id("task_id", required=False),
    whose(),
    Column("language", Text),
    needed("provider", Text()),
    needed("model", Text()),
    needed("version", Text()),
    needed("operation", Text()),
    needed("outcome", Text()),
    Column("fault", Text),
    needed("reported", Boolean(), "false"),
    Column("request_id", Text),
    needed("quantities", JSONB()),
    Column("elapsed_ms", BigInteger),
    moment("started_at", now=True),
    moment("settled_at"),
    needed("measured", JSONB(), "'[]'"),
    needed("estimate_usd", Numeric(), "0"),
    Column("work_key", Text),
    moment("under_way_until"),
    same_user("job_id", "dubbing_jobs"),
    same_user("task_id", "language_tasks"),
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
    own_id(),
    parent_id("receipt_id"),
    parent_id("job_id"),
    whose(),
    Column("language", Text),
    needed("provider", Text()),
    Column("sku", Text),
    needed("unit", Text()),
    needed("quantity", Numeric()),
    Column("amount_usd", Numeric),
    Column("price_as_of", Date),
    moment("at", now=True),
    needed("corrects", Boolean(), "false"),
    UniqueConstraint("receipt_id", "unit", "corrects"),
    same_user("receipt_id", "usage_receipts"),
    same_user("job_id", "dubbing_jobs"),
)
Index("cost_entries_job", cost_entries.c.job_id)
Index("cost_entries_user", cost_entries.c.user_id, cost_entries.c.at)
Index("cost_entries_day", cost_entries.c.at)

download_tokens = Table(
    "download_tokens",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    parent_id("artifact_id"),
    whose(),
    moment("created_at", now=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    moment("used_at"),
    same_user("artifact_id", "artifacts"),
)
Index("download_tokens_artifact", download_tokens.c.artifact_id)

downloads = Table(
    "downloads",
    metadata,
    own_id(),
    parent_id("artifact_id"),
    whose(),
    moment("downloaded_at", now=True),
    UniqueConstraint("user_id", "artifact_id"),
    same_user("artifact_id", "artifacts"),
)
Index("downloads_newest", downloads.c.user_id, downloads.c.downloaded_at.desc())

stage_speeds = Table(
    "stage_speeds",
    metadata,
    Column("stage", Text, primary_key=True),
    needed("seconds_per_second", Double()),
    moment("updated_at", now=True),
)

speaking_rates = Table(
    "speaking_rates",
    metadata,
    Column("voice", Text, primary_key=True),
    needed("chars_per_second", Double()),
    moment("updated_at", now=True),
)

slots = Table(
    "slots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("holder", Uuid),
    moment("until"),
)
