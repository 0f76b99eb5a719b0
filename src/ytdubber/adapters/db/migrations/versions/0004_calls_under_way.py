"""Calls to vendors that outlive the worker that wanted them."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it."""
    op.execute(
        """
        alter table ytdubber.usage_receipts drop column work_key, drop column under_way_until;
        """
    )
