"""What is kept is found by index, and what is removed takes its texts with it."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it."""
    op.execute(Path(__file__).with_name("0007_back.sql").read_text(encoding="utf-8"))
