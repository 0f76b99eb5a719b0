"""What was spent, added up by the database."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Engine, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.domain.errors import DatabaseAway
from ytdubber.ports.costs import By, CostRow, CostRows, Place

_DAY = "to_char(c.at at time zone 'utc', 'YYYY-MM-DD')"
_KEYS = {
    By.JOB: "c.job_id::text",
    By.LANGUAGE: "coalesce(c.language, '')",
    By.VENDOR: "c.provider",
    By.USER: "c.user_id::text",
    By.DAY: _DAY,
}
_REPORT = """
with every as materialized (
  select {key} as key, count(distinct c.receipt_id) as calls,
    coalesce(sum(c.amount_usd), 0) as amount_usd,
    coalesce(sum(c.amount_usd) filter (where r.outcome = 'unknown'), 0) as unknown_usd,
    count(*) filter (where c.amount_usd is null and not c.corrects) as unpriced
  from ytdubber.cost_entries as c join ytdubber.usage_receipts as r on r.id = c.receipt_id
  where c.at >= coalesce(cast(:first as date)::timestamp at time zone 'utc', '-infinity')
    and c.at < coalesce((cast(:last as date) + 1)::timestamp at time zone 'utc', 'infinity')
  group by 1
)
select whole.*, page.* from (
  select count(*) as all_rows, coalesce(sum(amount_usd), 0) as total_usd,
    coalesce(sum(unpriced), 0)::bigint as all_unpriced from every) as whole
left join (
  select * from every where cast(:key as text) is null or {follows} order by {order} limit :limit
) as page on true order by {order}
"""
_OF_JOB = text(
    "select coalesce(sum(amount_usd), 0) from ytdubber.cost_entries where job_id = :job_id"
)
_DAYS = "key", "key > :key"
_DEAREST = "amount_usd desc, key", "amount_usd < :usd or (amount_usd = :usd and key > :key)"


class SqlCosts:
    """`CostReports` over the ledger's entries."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_job(self, job_id: UUID) -> Decimal | None:
        """What a job cost so far, in US dollars; None while the database does not say."""
        try:
            with service_role(self._engine) as connection:
                return Decimal(connection.execute(_OF_JOB, {"job_id": job_id}).scalar_one())
        except DatabaseAway:
            return None

    def report(
        self,
        by: By,
        first: date | None,
        last: date | None,
        limit: int | None = None,
        after: Place | None = None,
    ) -> CostRows:
        order, follows = _DAYS if by is By.DAY else _DEAREST
        query = text(_REPORT.format(key=_KEYS[by], order=order, follows=f"({follows})"))
        place = {"key": after and after.key, "usd": after and after.amount_usd}
        values = {"first": first, "last": last, "limit": limit} | place
        with service_role(self._engine) as connection:
            rows = connection.execute(query, values).all()
        whole = rows[0]
        made = [
            CostRow(row.key, row.calls, row.amount_usd, row.unknown_usd, row.unpriced)
            for row in rows
            if row.key is not None
        ]
        return CostRows(made, whole.all_rows, whole.total_usd, whole.all_unpriced)
