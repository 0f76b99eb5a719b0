"""Links that let somebody without an account hear a dub."""

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it."""
    op.execute(Path(__file__).with_name("0026_back.sql").read_text(encoding="utf-8"))
