"""Users call their jobs otherwise."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute("grant update (title) on ytdubber.dubbing_jobs to authenticated")


def downgrade() -> None:
    """Remove it."""
    op.execute("revoke update (title) on ytdubber.dubbing_jobs from authenticated")
