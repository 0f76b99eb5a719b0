"""Vendors: places for calls under way, and who speaks a language."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it."""
    op.execute(
        """
        drop table ytdubber.slots;
        alter table ytdubber.language_tasks drop column casting;
        """
    )
