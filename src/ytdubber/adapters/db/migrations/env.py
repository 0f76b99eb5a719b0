"""How Alembic reaches the database: over the connection it is given, or as SQL text."""

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.schema import SchemaItem

from ytdubber.adapters.db.schema.columns import SCHEMA
from ytdubber.adapters.db.schema.credit_tables import outbox
from ytdubber.adapters.db.schema.queue_tables import workers
from ytdubber.adapters.db.schema.share_tables import share_links
from ytdubber.adapters.db.schema.tables import users
from ytdubber.adapters.db.schema.webhook_tables import webhooks

_METADATA = {table.metadata for table in (outbox, share_links, users, webhooks, workers)}.pop()
"""One, which knows the tables of all modules."""
LOCK = 7_164_830_265  # nobody else's: two processes that migrate at once follow one another


def _ours(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compared: SchemaItem | None
) -> bool:
    del item, reflected, compared
    return kind != "table" or name != "alembic_version"


def _only_ours(name: str | None, kind: str, parents: object) -> bool:
    """Look at our own schema only: the queue's and Supabase's are none of ours."""
    del parents
    return kind != "schema" or name == SCHEMA


def _migrate(connection: Connection | None) -> None:
    offline = connection is None
    context.configure(
        connection=connection,
        dialect_name="postgresql" if offline else None,
        dialect_opts={"paramstyle": "named"} if offline else None,
        literal_binds=offline,
        target_metadata=_METADATA,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_name=_only_ours,
        include_object=_ours,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection is not None:
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.execute(f"create schema if not exists {SCHEMA}")
        context.run_migrations()


_migrate(None if context.is_offline_mode() else context.config.attributes["connection"])
