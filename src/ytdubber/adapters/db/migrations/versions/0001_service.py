"""The service's tables, roles and policies, and the queue's own schema."""

from pathlib import Path

from alembic import op
from dramatiq_postgres.schema import generate_init_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

QUEUE_SCHEMA = "ytdubber_queue"


def upgrade() -> None:
    """Make everything."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    op.execute(generate_init_sql(QUEUE_SCHEMA))
    op.execute(Path(__file__).with_name("0001_queue.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove everything but the roles, which other databases of the server may use."""
    op.execute(f"drop schema {QUEUE_SCHEMA} cascade")
    op.execute(
        """
        do $$
        declare
          name text;
        begin
          for name in
            select tablename from pg_tables
            where schemaname = 'ytdubber' and tablename <> 'alembic_version'
          loop
            execute format('drop table ytdubber.%I cascade', name);
          end loop;
        end $$;
        drop function ytdubber.refuse_change, ytdubber.tell_event, ytdubber.tell_progress,
          ytdubber.keep_order;
        """
    )
