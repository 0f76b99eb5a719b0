"""Rows wait in the database and are given to workers in a fair order."""

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it; what was given up is not kept, and what waits is woken after a minute."""
    before = Path(__file__).with_name("0011_messages.sql").read_text(encoding="utf-8")
    op.execute(before.replace("create function", "create or replace function"))
    op.execute(
        """
        drop table ytdubber.workers, ytdubber.fair_shares, ytdubber.dead_letters;
        drop index ytdubber.language_tasks_ended;
        drop trigger tell_heard on ytdubber.dubbing_jobs;
        drop function ytdubber.tell_heard();
        alter table ytdubber.dubbing_jobs
          drop column heard_at, drop column lane, drop column not_before, drop column held_at,
          drop column retries;
        alter table ytdubber.language_tasks
          drop column lane, drop column not_before, drop column held_at, drop column retries;
        """
    )
