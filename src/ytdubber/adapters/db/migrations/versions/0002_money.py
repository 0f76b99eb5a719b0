"""Money: estimates of calls, credit, and reports for the payment service."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove it; costs without a price cannot be kept."""
    op.execute(
        """
        drop table ytdubber.outbox, ytdubber.credit_transactions;
        alter table ytdubber.cost_entries disable trigger user;
        delete from ytdubber.cost_entries where sku is null or amount_usd is null;
        alter table ytdubber.cost_entries enable trigger user;
        alter table ytdubber.cost_entries
          alter column sku set not null,
          alter column amount_usd set not null,
          drop constraint cost_entries_receipt_id_unit_key,
          add unique (receipt_id, sku);
        alter table ytdubber.usage_receipts drop column measured, drop column estimate_usd;
        alter table ytdubber.users drop column stripe_customer_id;
        """
    )
