"""Estimates are put right."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it; what was put right is an estimate again."""
    op.execute(
        """
        alter table ytdubber.cost_entries disable trigger append_only;
        delete from ytdubber.cost_entries where corrects;
        alter table ytdubber.cost_entries enable trigger append_only,
          drop column corrects, add unique (receipt_id, unit);
        """
    )
