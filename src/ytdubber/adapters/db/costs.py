"""What was spent, added up by the database."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, text

from ytdubber.ports.costs import By, CostRow

from .service_role import service_role

_DAY = "to_char(c.at at time zone 'utc', 'YYYY-MM-DD')"
_KEYS = {
    By.JOB: "c.job_id::text",
    By.LANGUAGE: "coalesce(c.language, '')",
    By.VENDOR: "c.provider",
    By.USER: "c.user_id::text",
    By.DAY: _DAY,
}
_REPORT = """
select {key} as key, count(distinct c.receipt_id) as calls,
  coalesce(sum(c.amount_usd), 0) as amount_usd,
  coalesce(sum(c.amount_usd) filter (where r.outcome = 'unknown'), 0) as unknown_usd,
  count(*) filter (where c.amount_usd is null) as unpriced
from ytdubber.cost_entries as c join ytdubber.usage_receipts as r on r.id = c.receipt_id
where c.at >= coalesce(cast(:first as date)::timestamp at time zone 'utc', '-infinity')
  and c.at < coalesce((cast(:last as date) + 1)::timestamp at time zone 'utc', 'infinity')
group by 1 order by {order}
"""


class SqlCosts:
    """`CostBook` over the ledger's entries."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def report(self, by: By, first: date | None, last: date | None) -> Sequence[CostRow]:
        order = "1" if by is By.DAY else "3 desc, 1"
        query = text(_REPORT.format(key=_KEYS[by], order=order))
        with service_role(self._engine) as connection:
            rows = connection.execute(query, {"first": first, "last": last})
            return [CostRow(**row._mapping) for row in rows]
