"""What was asked of engines, what it used and what it cost; and the guard of the budgets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, Row, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.renewal import Renewal
from ytdubber.adapters.db.money.kept_receipts import KeptReceipts, Settlement
from ytdubber.adapters.db.schema.tables import cost_entries, usage_receipts
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CallUnderWay, DatabaseAway, ErrorKind
from ytdubber.domain.money import LOCAL, Cost, price, total_usd, unpriced
from ytdubber.domain.spending import Budgets, Scope, exceeded, need_prices
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.price_book import PriceBook

log = get_logger(__name__)

UNKNOWN = "unknown"
"""What came of a call of which nobody knows; its estimate is booked."""
TTL_S = 20.0
"""How long a call is taken to be under way whose process is not heard of, and how long the same is
not asked for again after it succeeded: by then its result is stored."""

_OWNER = text(
    """
    select j.user_id, t.language, exists (
      select from ytdubber.usage_receipts as r
      where r.job_id = j.id and r.work_key = :key and r.under_way_until > now()) as under_way
    from ytdubber.dubbing_jobs as j
    left join ytdubber.language_tasks as t on t.id = :task_id where j.id = :job_id
    """
)
_RENEW = text(
    "update ytdubber.usage_receipts set under_way_until = now() + :ttl"
    " where id = any(:ids) and outcome = 'started'"
)
_LOCK_WORK = text("select pg_advisory_xact_lock(hashtext('ytdubber call'), hashtext(:what))")
_LOCK = text("select pg_advisory_xact_lock(hashtext('ytdubber budget'), hashtext(:what))")


def _spent(costs: str, under_way: str) -> str:
    return f"""
      select (select coalesce(sum(amount_usd), 0) from ytdubber.cost_entries where {costs})
        + (select coalesce(sum(estimate_usd), 0) from ytdubber.usage_receipts
           where outcome = 'started' and {under_way})
    """  # noqa: S608  # our own conditions


_SINCE = "at >= date_trunc('{}', now() at time zone 'utc') at time zone 'utc'"
_SPENT = {
    Scope.JOB: text(_spent("job_id = :job_id", "job_id = :job_id")),
    Scope.USER_MONTH: text(
        _spent(f"user_id = :user_id and {_SINCE.format('month')}", "user_id = :user_id")
    ),
    Scope.DAY: text(_spent(_SINCE.format("day"), "true")),
}


class SqlLedger:
    """`Ledger` in the service's tables; every method is a short transaction of its own.

    Args:
        engine: The database.
        price_book: What vendors ask.
        budgets: How much may be spent. What is spent are the costs recorded and the estimates of
            calls under way, in all processes.
        ttl_s: How long a call is taken to be under way whose process is not heard of.
        kept: Where receipts are kept that cannot be written now.
    """

    def __init__(
        self,
        engine: Engine,
        price_book: PriceBook,
        budgets: Budgets | None = None,
        ttl_s: float = TTL_S,
        kept: KeptReceipts | None = None,
    ) -> None:
        self._kept = kept
        self._warned: set[tuple[str, str, str]] = set()
        self._engine = engine
        self._ttl = timedelta(seconds=ttl_s)
        self._renewal = Renewal("calls under way", ttl_s / 4, self._renew)
        self._price_book = price_book
        self._limits = (budgets or Budgets()).limits()

    def attempt(
        self,
        call: CallContext,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> "SqlAttempt":
        """As the port says.

        Raises:
            CallUnderWay: as the port says.
            BudgetExceeded: a budget does not allow what it is expected to cost.
            PriceMissing: there is a budget, and no price to hold against it.
            DatabaseAway: it is not known whether it was begun; should it have been, it is put down
                as failed when the database is back.
        """
        expected = Receipt(engine, operation, tuple(estimate), elapsed_ms=0)
        costs = price(expected, self._price_book.prices())
        estimate_usd = total_usd(costs)
        self._warn(costs)
        row_id = uuid4()
        with self._not_begun(row_id), service_role(self._engine) as connection:
            ids = {"job_id": call.job_id, "task_id": call.task_id}
            if key is not None:  # nobody else begins the same before this transaction ends
                connection.execute(_LOCK_WORK, {"what": f"{call.job_id} {key}"})
            owner = connection.execute(_OWNER, {**ids, "key": key}).one()
            if owner.under_way:
                raise CallUnderWay
            if self._limits and engine.provider not in LOCAL:
                need_prices(costs)
                self._allow(connection, call.job_id, owner.user_id, estimate_usd)
            connection.execute(
                insert(usage_receipts).values(
                    id=row_id,
                    **ids,
                    user_id=owner.user_id,
                    language=owner.language,
                    **_columns(expected),
                    outcome="started",
                    estimate_usd=estimate_usd,
                    work_key=key,
                    under_way_until=func.now() + self._ttl,
                )
            )
        self._renewal.hold(row_id)
        return SqlAttempt(self, row_id)

    @contextmanager
    def _not_begun(self, receipt_id: UUID) -> Iterator[None]:
        """An answer that stays away may be that to a commit: nobody makes the call then."""
        try:
            yield
        except DatabaseAway as error:
            self._renewal.hold(receipt_id)
            self._keep(receipt_id, Settlement("failed"), error)
            raise

    def _warn(self, costs: Sequence[Cost]) -> None:
        """Tell the operator once of each price that the book lacks."""
        for cost in unpriced(costs):
            lacking = cost.provider, cost.model, cost.quantity.unit
            if lacking not in self._warned:
                self._warned.add(lacking)
                provider, model, unit = lacking
                log.warning("price.missing", provider=provider, model=model, unit=unit)

    def close(
        self,
        receipt_id: UUID,
        outcome: str,
        receipt: Receipt | None,
        fault: ErrorKind | None = None,
    ) -> None:
        """Write down what came of an attempt, and what it cost; the first to know it is right.

        What was booked at its estimate, since nobody seemed to know, is put right.

        What the vendor made is worth more than its entry, and must not be lost with it: while the
        database is away, the entry is kept, and the call stays under way until it is written.
        """
        settlement = Settlement(outcome, receipt, fault)
        try:
            self._write(receipt_id, settlement)
        except (SQLAlchemyError, DatabaseAway) as error:
            self._keep(receipt_id, settlement, error)
        else:
            self._renewal.let_go(receipt_id)

    def write_kept(self) -> int:
        """Write down what could not be written before; how much that was.

        Raises:
            DatabaseAway: the database is away.
        """
        written = 0
        for receipt_id, settlement in self._kept.all() if self._kept else ():
            self._write(receipt_id, settlement)
            self._kept_written(receipt_id)
            written += 1
        return written

    def _kept_written(self, receipt_id: UUID) -> None:
        if self._kept:
            self._kept.written(receipt_id)
        self._renewal.let_go(receipt_id)

    def _keep(self, receipt_id: UUID, settlement: Settlement, error: Exception) -> None:
        try:
            if self._kept is None:
                raise OSError("there is no folder to keep it in")
            self._kept.keep(receipt_id, settlement)
        except OSError as lost:
            self._renewal.let_go(receipt_id)
            log.error("receipt.lost", receipt_id=receipt_id, error=error, not_kept=lost)
        else:
            say = log.debug if isinstance(error, DatabaseAway) else log.warning
            say("receipt.kept_for_later", receipt_id=receipt_id, error=error)

    def _write(self, receipt_id: UUID, settlement: Settlement) -> None:
        with service_role(self._engine) as connection:
            if _settle(connection, receipt_id, settlement, "started"):
                self.enter_costs(connection, [receipt_id])
            elif settlement.outcome != UNKNOWN and _settle(
                connection, receipt_id, settlement, UNKNOWN
            ):
                self._correct(connection, receipt_id)

    def enter_costs(self, connection: Connection, receipt_ids: Sequence[UUID]) -> None:
        """Enter what receipts cost that have just been settled, as the service's role."""
        query = select(usage_receipts).where(usage_receipts.c.id.in_(receipt_ids))
        entries = [each for row in connection.execute(query) for each in self._entries(row)]
        if entries:
            connection.execute(insert(cost_entries), entries)

    def _correct(self, connection: Connection, receipt_id: UUID) -> None:
        """Enter the difference to the estimate that was booked while nobody knew any better."""
        booked = select(cost_entries).where(cost_entries.c.receipt_id == receipt_id)
        estimates = {row.unit: row for row in connection.execute(booked)}
        receipt = select(usage_receipts).where(usage_receipts.c.id == receipt_id)
        entries = self._entries(connection.execute(receipt).one())
        unused = estimates.keys() - {entry["unit"] for entry in entries}
        entries += [_nothing(estimates[unit]) for unit in sorted(unused)]
        for entry in entries:
            before = estimates.get(entry["unit"])
            change = _difference(entry, before) if before else {}
            connection.execute(insert(cost_entries).values(entry | change))

    def _entries(self, row: Row[Any]) -> list[dict[str, Any]]:
        """What a receipt cost, as it is stored."""
        prices = self._price_book.prices()
        as_of = {each.sku: each.as_of for each in prices.prices}
        return [
            {
                "id": uuid4(),
                "receipt_id": row.id,
                "job_id": row.job_id,
                "user_id": row.user_id,
                "language": row.language,
                "provider": cost.provider,
                "sku": cost.sku,
                "unit": cost.quantity.unit,
                "quantity": cost.quantity.amount,
                "amount_usd": cost.amount_usd,
                "price_as_of": as_of.get(cost.sku) if cost.sku else None,
            }
            for cost in price(_receipt(row), prices)
            if cost.sku is not None or cost.amount_usd is None
        ]

    def _renew(self, receipt_ids: Sequence[UUID]) -> None:
        self.write_kept()
        with service_role(self._engine) as connection:
            connection.execute(_RENEW, {"ttl": self._ttl, "ids": list(receipt_ids)})

    def _allow(
        self, connection: Connection, job_id: UUID, user_id: UUID, estimate_usd: Decimal
    ) -> None:
        """Nobody else is allowed anything from the same budgets before this transaction ends."""
        ids = {"job_id": job_id, "user_id": user_id}
        names = {Scope.JOB: job_id, Scope.USER_MONTH: user_id, Scope.DAY: "day"}
        for scope, limit_usd in self._limits:
            connection.execute(_LOCK, {"what": str(names[scope])})
            spent_usd = connection.execute(_SPENT[scope], ids).scalar_one()
            if spent_usd + estimate_usd > limit_usd:
                raise exceeded(scope, limit_usd, spent_usd, estimate_usd)


@dataclass(frozen=True, slots=True)
class SqlAttempt:
    """An `Attempt` by the id of its receipt."""

    ledger: SqlLedger
    receipt_id: UUID

    def settle(self, receipt: Receipt) -> None:
        self.ledger.close(self.receipt_id, "succeeded", receipt)

    def failed(self, fault: ErrorKind, receipt: Receipt | None) -> None:
        self.ledger.close(self.receipt_id, "failed", receipt, fault)

    def unknown(self) -> None:
        self.ledger.close(self.receipt_id, UNKNOWN, None)


def _settle(connection: Connection, receipt_id: UUID, settlement: Settlement, before: str) -> bool:
    """Write into a receipt what came of its call; whether it was as it was taken to be."""
    outcome, receipt, fault = settlement.outcome, settlement.receipt, settlement.fault
    table = usage_receipts.c
    settle = (
        update(usage_receipts)
        .where(table.id == receipt_id, table.outcome == before)
        .values(outcome=outcome, fault=fault.value if fault else None, settled_at=func.now())
    )
    if outcome != "succeeded":  # nothing comes of it: it may be asked for again at once
        settle = settle.values(under_way_until=None)
    if receipt is not None:
        settle = settle.values(_columns(receipt))
    elif outcome != UNKNOWN:
        settle = settle.values(quantities=[])
    return connection.execute(settle).rowcount > 0


def _nothing(estimate: Row[Any]) -> dict[str, Any]:
    """An entry that says that none of it was used."""
    same = ("receipt_id", "job_id", "user_id", "language", "provider", "sku", "unit", "price_as_of")
    kept = {name: getattr(estimate, name) for name in same}
    return kept | {"id": uuid4(), "quantity": Decimal(0), "amount_usd": Decimal(0)}


def _difference(entry: Mapping[str, Any], before: Row[Any]) -> dict[str, Any]:
    """What an entry has to say so that both together say what it said alone."""
    amount_usd = entry["amount_usd"]
    return {
        "corrects": True,
        "quantity": entry["quantity"] - before.quantity,
        "amount_usd": None if amount_usd is None else amount_usd - (before.amount_usd or 0),
    }


def _columns(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it is stored."""
    engine = receipt.engine
    return {
        "provider": engine.provider,
        "model": engine.model,
        "version": engine.version,
        "operation": receipt.operation,
        "reported": receipt.reported,
        "request_id": receipt.request_id,
        "quantities": _quantities(receipt.quantities),
        "measured": _quantities(receipt.measured),
        "elapsed_ms": receipt.elapsed_ms,
    }


def _quantities(quantities: Sequence[Quantity]) -> list[dict[str, str]]:
    return [{"unit": each.unit, "amount": str(each.amount)} for each in quantities]


def _receipt(row: Row[Any]) -> Receipt:
    """What is stored, as far as prices go by it."""
    return Receipt(
        EngineId(row.provider, row.model, row.version),
        row.operation,
        tuple(Quantity(each["unit"], Decimal(each["amount"])) for each in row.quantities),
        elapsed_ms=row.elapsed_ms or 0,
    )
