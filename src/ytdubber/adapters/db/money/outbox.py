"""Reports on their way to the payment service."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.schema.credit_tables import outbox
from ytdubber.ports.outbox import UsageReport, Waiting


class SqlOutbox:
    """`Outbox` in its table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: UsageReport) -> None:
        row = insert(outbox).values(
            id=uuid4(),
            kind=report.meter,
            payload={
                "customer": report.customer,
                "value": report.value,
                "at": report.at.isoformat(),
            },
            idempotency_key=report.key,
        )
        self._connection.execute(row.on_conflict_do_nothing(index_elements=["idempotency_key"]))


class SqlOutboxRows:
    """`OutboxRows`, a short transaction each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, limit: int) -> Sequence[Waiting]:
        query = select(outbox).where(outbox.c.next_at <= func.now())
        with service_role(self._engine) as connection:
            rows = connection.execute(query.order_by(outbox.c.created_at).limit(limit))
            return [_waiting(row) for row in rows]

    def sent(self, row_id: UUID) -> None:
        self._change(row_id, sent_at=func.now(), next_at=None, error=None)

    def failed(self, row_id: UUID, error: str, again_in_s: float | None) -> None:
        again = None if again_in_s is None else func.now() + timedelta(seconds=again_in_s)
        self._change(row_id, attempts=outbox.c.attempts + 1, next_at=again, error=error)

    def _change(self, row_id: UUID, **values: object) -> None:
        with service_role(self._engine) as connection:
            connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


def _waiting(row: Row[Any]) -> Waiting:
    report = UsageReport(
        meter=row.kind,
        customer=row.payload["customer"],
        value=row.payload["value"],
        key=row.idempotency_key,
        at=datetime.fromisoformat(row.payload["at"]),
    )
    return Waiting(row.id, report, row.attempts)
