"""The tables of users' credit and of what the payment service is told, as statements need them."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from ytdubber.adapters.db.schema.columns import (
    metadata,
    moment,
    needed,
    own_id,
    parent_id,
    same_user,
    whose,
)

credit_transactions = Table(
    "credit_transactions",
    metadata,
    own_id(),
    whose(),
    parent_id("job_id", required=False),
    needed("kind", Text()),
    needed("amount_cents", BigInteger()),
    needed("currency", Text(), "'usd'"),
    needed("status", Text(), "'succeeded'"),
    needed("description", Text()),
    Column("idempotency_key", Text, nullable=False, unique=True),
    moment("created_at", now=True),
    same_user("job_id", "dubbing_jobs"),
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
    own_id(),
    needed("kind", Text()),
    needed("payload", JSONB()),
    Column("idempotency_key", Text, nullable=False, unique=True),
    needed("attempts", Integer(), "0"),
    moment("created_at", now=True),
    Column("next_at", DateTime(timezone=True), server_default=text("now()")),
    moment("sent_at"),
    Column("error", Text),
)
Index("outbox_due", outbox.c.next_at, postgresql_where=text("next_at is not null"))
