"""A bucket in Supabase Storage, where the database is a Supabase project's."""

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove the policies; the bucket stays, since files may lie in it."""
    op.execute(
        """
        do $$ begin
          if to_regclass('storage.objects') is not null then
            drop policy if exists ytdubber_own_uploads on storage.objects;
            drop policy if exists ytdubber_own_files on storage.objects;
          end if;
        end $$;
        """
    )
