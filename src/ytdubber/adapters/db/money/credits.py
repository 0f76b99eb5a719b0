"""Users' prepaid credit."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from ytdubber.adapters.db.schema.credit_tables import credit_transactions
from ytdubber.domain.credit import CURRENCY, CreditEntry, CreditKind
from ytdubber.ports.paging import Place

_SUCCEEDED, _FAILED = "succeeded", "failed"
_HOLD = text("select pg_advisory_xact_lock(hashtext('ytdubber credit'), hashtext(:user_id))")


class SqlCredits:
    """`Credits` in their table; the balance is the sum of what succeeded."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def balance_cents(self, user_id: UUID) -> int:
        table = credit_transactions.c
        total = select(func.coalesce(func.sum(table.amount_cents), 0)).where(
            table.user_id == user_id, table.status == _SUCCEEDED
        )
        return int(self._connection.execute(total).scalar_one())

    def hold(self, user_id: UUID) -> int:
        self._connection.execute(_HOLD, {"user_id": str(user_id)})
        return self.balance_cents(user_id)

    def add(self, entry: CreditEntry) -> bool:
        row = insert(credit_transactions).values(
            id=entry.id,
            user_id=entry.user_id,
            job_id=entry.job_id,
            kind=entry.kind.value,
            amount_cents=entry.amount_cents,
            currency=CURRENCY,
            status=_SUCCEEDED if entry.succeeded else _FAILED,
            description=entry.description,
            idempotency_key=entry.key,
            created_at=entry.created_at,
        )
        once = row.on_conflict_do_nothing(index_elements=["idempotency_key"])
        return self._connection.execute(once).rowcount == 1

    def find(self, key: str) -> CreditEntry | None:
        query = select(credit_transactions).where(credit_transactions.c.idempotency_key == key)
        row = self._connection.execute(query).first()
        return _entry(row) if row else None

    def history(
        self, user_id: UUID, limit: int, after: Place | None = None
    ) -> Sequence[CreditEntry]:
        table = credit_transactions.c
        query = select(credit_transactions).where(table.user_id == user_id)
        if after is not None:
            place = tuple_(literal(after.at), literal(after.id))
            query = query.where(tuple_(table.created_at, table.id) < place)
        newest = query.order_by(table.created_at.desc(), table.id.desc()).limit(limit)
        return [_entry(row) for row in self._connection.execute(newest)]


def _entry(row: Row[Any]) -> CreditEntry:
    return CreditEntry(
        id=row.id,
        user_id=row.user_id,
        kind=CreditKind(row.kind),
        amount_cents=row.amount_cents,
        description=row.description,
        key=row.idempotency_key,
        created_at=row.created_at,
        job_id=row.job_id,
        succeeded=row.status == _SUCCEEDED,
    )
