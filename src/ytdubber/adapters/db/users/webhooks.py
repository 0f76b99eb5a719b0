"""Users' endpoints and what they are to be told, in their tables."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text, update

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.schema.webhook_tables import webhook_deliveries, webhooks
from ytdubber.domain.webhook import WebhookEvent
from ytdubber.ports.webhooks import Attempt, Delivery, Target, Webhook

_WAITING = (
    select(func.count())
    .where(
        webhook_deliveries.c.webhook_id == webhooks.c.id, webhook_deliveries.c.next_at.is_not(None)
    )
    .scalar_subquery()
)
_SHOWN = (
    *(each for each in webhooks.c if each.name not in ("secret", "user_id")),
    _WAITING.label("waiting"),
)
_TELL = text(
    """
    insert into ytdubber.webhook_deliveries (id, webhook_id, user_id, payload)
    select gen_random_uuid(), id, user_id, cast(:payload as jsonb)
    from ytdubber.webhooks where user_id = :user and off_at is null
      and (cast(:only as uuid[]) is null or id = any(cast(:only as uuid[])))
    """
)
# Messages of one endpoint keep their order: the oldest holds up those behind it. Whoever takes one
# has it for a while; whoever comes second finds it taken.
_TAKE = """
    with heads as (
      select distinct on (webhook_id) id, next_at from ytdubber.webhook_deliveries
      where next_at is not null {one} order by webhook_id, place
    )
    update ytdubber.webhook_deliveries as d set next_at = :until
    from ytdubber.webhooks as w
    where d.id = any(array(
        select id from heads where next_at <= :now order by next_at limit :limit
      )) and d.next_at <= :now and w.id = d.webhook_id
    returning d.id, d.payload, d.failed, w.id as webhook_id, w.url, w.secret, w.failing_since
"""
_DUE = text(_TAKE.format(one=""))
_NEXT = text(_TAKE.format(one="and webhook_id = :webhook"))
_OLD = text(
    "delete from ytdubber.webhook_deliveries where next_at is null and created_at < :before"
)
TAKEN_FOR = timedelta(seconds=60)
"""For so long nobody else sends a message that somebody took: longer than an endpoint is given."""
_OFF = "Its endpoint was switched off."


class SqlWebhooks:
    """`Webhooks` on a connection whose role is set."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, webhook_id: UUID, user_id: UUID, url: str, secret: str) -> None:
        row = insert(webhooks).values(id=webhook_id, user_id=user_id, url=url, secret=secret)
        self._connection.execute(row)

    def of_user(self, user_id: UUID) -> Sequence[Webhook]:
        query = select(*_SHOWN).where(webhooks.c.user_id == user_id)
        rows = self._connection.execute(query.order_by(webhooks.c.created_at, webhooks.c.id))
        return [Webhook(**row._mapping) for row in rows]

    def remove(self, user_id: UUID, webhook_id: UUID | None = None) -> bool:
        gone = delete(webhooks).where(webhooks.c.user_id == user_id)
        if webhook_id is not None:
            gone = gone.where(webhooks.c.id == webhook_id)
        return self._connection.execute(gone).rowcount > 0

    def tell(self, user_id: UUID, event: WebhookEvent, only: Sequence[str] | None = None) -> None:
        payload = json.dumps(event.payload)
        chosen = None if only is None else list(only)
        values = {"user": user_id, "payload": payload, "only": chosen}
        self._connection.execute(_TELL, values)


class SqlDeliveries:
    """`Deliveries`, a short transaction each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        with service_role(self._engine) as connection:
            values = {"now": now, "until": now + TAKEN_FOR, "limit": limit}
            rows = connection.execute(_DUE, values)
            return [_delivery(row) for row in rows]

    def next_of(self, webhook_id: UUID, now: datetime) -> Delivery | None:
        with service_role(self._engine) as connection:
            values = {"now": now, "until": now + TAKEN_FOR, "limit": 1, "webhook": webhook_id}
            row = connection.execute(_NEXT, values).first()
            return _delivery(row) if row else None

    def target(self, user_id: UUID, webhook_id: UUID) -> Target | None:
        mine = (webhooks.c.id == webhook_id) & (webhooks.c.user_id == user_id)
        query = select(webhooks.c.id, webhooks.c.url, webhooks.c.secret).where(mine)
        with service_role(self._engine) as connection:
            row = connection.execute(query).first()
            return Target(*row) if row else None

    def sent(self, delivery: Delivery, now: datetime, attempt: Attempt) -> None:
        with service_role(self._engine) as connection:
            _change(connection, delivery, sent_at=now, next_at=None, error=None)
            _note(connection, delivery.target, now, attempt, failing_since=None)

    def failed(
        self, delivery: Delivery, now: datetime, attempt: Attempt, again_at: datetime
    ) -> None:
        with service_role(self._engine) as connection:
            _change(
                connection,
                delivery,
                failed=webhook_deliveries.c.failed + 1,
                next_at=again_at,
                error=attempt.message,
            )
            since = func.coalesce(webhooks.c.failing_since, now)
            _note(connection, delivery.target, now, attempt, failing_since=since)

    def tried(self, target: Target, now: datetime, attempt: Attempt) -> None:
        works: dict[str, object] = {"failing_since": None, "off_at": None}
        with service_role(self._engine) as connection:
            _note(connection, target, now, attempt, **(works if attempt.taken else {}))

    def switch_off(self, target: Target, now: datetime, attempt: Attempt) -> None:
        waits = webhook_deliveries.c.next_at.is_not(None)
        theirs = webhook_deliveries.c.webhook_id == target.webhook_id
        given_up = update(webhook_deliveries).where(theirs & waits)
        with service_role(self._engine) as connection:
            since = func.coalesce(webhooks.c.failing_since, now)
            _note(connection, target, now, attempt, off_at=now, failing_since=since)
            connection.execute(given_up.values(next_at=None, error=_OFF))

    def remove_old(self, before: datetime) -> int:
        with service_role(self._engine) as connection:
            return connection.execute(_OLD, {"before": before}).rowcount


def _change(connection: Connection, delivery: Delivery, **values: object) -> None:
    row = webhook_deliveries.c.id == delivery.id
    connection.execute(update(webhook_deliveries).where(row).values(**values))


def _note(
    connection: Connection, target: Target, now: datetime, attempt: Attempt, **more: object
) -> None:
    values = {"last_at": now, "last_status": attempt.status, "last_message": attempt.message}
    row = webhooks.c.id == target.webhook_id
    connection.execute(update(webhooks).where(row).values(**values, **more))


def _delivery(row: Row[Any]) -> Delivery:
    target = Target(row.webhook_id, row.url, row.secret)
    return Delivery(row.id, target, row.payload, row.failed, row.failing_since)
