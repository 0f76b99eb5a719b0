"""The tables of users' endpoints, as statements need them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
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

webhooks = Table(
    "webhooks",
    metadata,
    own_id(),
    whose(),
    needed("url", Text()),
    needed("secret", Text()),
    moment("created_at", now=True),
    moment("failing_since"),
    moment("off_at"),
    moment("last_at"),
    Column("last_status", Integer),
    Column("last_message", Text),
    UniqueConstraint("id", "user_id"),
)
Index("webhooks_user", webhooks.c.user_id, webhooks.c.created_at)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    own_id(),
    parent_id("webhook_id"),
    whose(),
    Column("place", BigInteger, Identity(), nullable=False),
    needed("payload", JSONB()),
    needed("failed", Integer(), "0"),
    moment("created_at", now=True),
    Column("next_at", DateTime(timezone=True), server_default=text("now()")),
    moment("sent_at"),
    Column("error", Text),
    same_user("webhook_id", "webhooks", ondelete="CASCADE"),
)
Index(
    "webhook_deliveries_due",
    webhook_deliveries.c.webhook_id,
    webhook_deliveries.c.place,
    postgresql_where=text("next_at is not null"),
)
Index("webhook_deliveries_webhook", webhook_deliveries.c.webhook_id)
Index("webhook_deliveries_newest", webhook_deliveries.c.created_at)
