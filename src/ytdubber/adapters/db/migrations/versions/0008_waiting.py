"""Work that waits for a vendor."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it."""
    op.execute(
        "alter table ytdubber.language_tasks drop column waiting, drop column waits;"
        "alter table ytdubber.dubbing_jobs drop column waits;"
    )
