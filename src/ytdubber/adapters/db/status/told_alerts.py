"""What receivers of alerts were told, and what happened lately."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.postgresql import insert

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.schema.credit_tables import outbox
from ytdubber.domain.alerts import (
    BUDGET_SPENT,
    DEAD_LETTERS,
    LANGUAGES_FAIL,
    VENDOR_FAILS,
    Rule,
)
from ytdubber.domain.errors import ErrorKind
from ytdubber.domain.told_alerts import Told, from_plain, to_plain
from ytdubber.ports.alerts import Lately, VendorCalls

_KEY = "alerts"
_STATEMENT_S = 3.0


def _since(rule: Rule) -> str:
    """When what a rule counts begins; the planner knows that a constant span is short."""
    return f"now() - interval '{rule.window_s} seconds'"


_FINAL = "stage in ('complete', 'failed', 'cancelled')"
_ENDED = text(
    f"""
    select count(*) filter (where stage = 'complete')::int as complete,
      count(*) filter (where stage = 'failed')::int as failed,
      count(*) filter (
        where error_code = 'budget_exceeded' and updated_at > {_since(BUDGET_SPENT)})::int as stops,
      (select count(*) from ytdubber.dead_letters where failed_at > {_since(DEAD_LETTERS)})::int
        as letters
    from ytdubber.language_tasks where {_FINAL} and updated_at > {_since(LANGUAGES_FAIL)}
    """  # noqa: S608  # our own words
)
# By the jobs that are open or had a language end lately, which indexes know, and then job by job.
_CALLS = text(
    f"""
    with lately as materialized (
      select id from ytdubber.dubbing_jobs
      where submitted_at is not null and finished_at is null
      union
      select job_id from ytdubber.language_tasks
      where {_FINAL} and updated_at > {_since(VENDOR_FAILS)})
    select r.provider, count(*)::int as ended,
      count(*) filter (where r.outcome <> 'succeeded')::int as failed,
      count(*) filter (where r.fault = :auth)::int as refused_key,
      count(*) filter (where r.fault = :quota)::int as no_credit
    from lately cross join lateral (
      select provider, outcome, fault from ytdubber.usage_receipts
      where job_id = lately.id and started_at > {_since(VENDOR_FAILS)} and outcome <> 'started'
      offset 0) as r
    group by r.provider
    """  # noqa: S608  # our own words
)


class SqlToldAlerts:
    """`ToldAlerts` in a row of the outbox, which is never due."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self) -> Told:
        query = select(outbox.c.payload).where(outbox.c.idempotency_key == _KEY)
        with service_role(self._engine) as connection:
            return from_plain(connection.execute(query).scalar_one_or_none())

    def save(self, told: Told) -> None:
        payload = to_plain(told)
        row = insert(outbox).values(
            id=uuid4(), kind=_KEY, payload=payload, idempotency_key=_KEY, next_at=None
        )
        with service_role(self._engine) as connection:
            connection.execute(
                row.on_conflict_do_update(
                    index_elements=["idempotency_key"], set_={"payload": payload}
                )
            )


class SqlLately:
    """`LookLately` by the database's clock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> Lately:
        with service_role(self._engine) as connection:
            connection.execute(
                text("select set_config('statement_timeout', :ms, true)"),
                {"ms": str(round(_STATEMENT_S * 1000))},
            )
            ended = connection.execute(_ENDED).one()
            faults = {"auth": ErrorKind.AUTH.value, "quota": ErrorKind.QUOTA.value}
            calls = connection.execute(_CALLS, faults)
            return Lately(
                ended.complete, ended.failed, ended.stops, ended.letters, _by_vendor(calls)
            )


def _by_vendor(rows: Any) -> Mapping[str, VendorCalls]:
    return {
        row.provider: VendorCalls(row.ended, row.failed, row.refused_key, row.no_credit)
        for row in rows
    }
