"""Rows that need somebody to look at them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, text

from ytdubber.ports.job_queue import ACTORS
from ytdubber.ports.leases import Kind, Lease, owners_of

from .leases import SqlLeases
from .service_role import act_as_login, act_as_service, login_role, service_role
from .slots import SqlSlots

Enqueue = Callable[[Connection, str, UUID], None]
Book = Callable[[Connection, Sequence[UUID]], None]
"""Books the estimates of receipts, by their ids."""

Waiting = Callable[[Connection], set[UUID]]
"""The rows that have a message in the queue."""

WAKE_EVERY = timedelta(minutes=1)
WAKES_AT_ONCE = 200

# Submitted and not finished, word for word as the index of open jobs has it: a job that is still to
# be prepared, and languages of prepared ones.
_JOBS = """
  from ytdubber.dubbing_jobs as j
  where j.submitted_at is not null and j.finished_at is null and j.prepared is null
    and j.stage in ('queued', 'stt')
"""
_TASKS = """
  from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
  where t.stage not in ('complete', 'failed', 'cancelled')
    and j.submitted_at is not null and j.finished_at is null and j.prepared is not null
"""
_ABANDON = {
    kind: text(
        f"update ytdubber.{table} set lease_owner = null, lease_until = null, woken_at = now()"  # noqa: S608  # our own names
        " where lease_owner between :low and :high and lease_until is not null"
        f" and {is_open} returning id"
    )
    for kind, table, is_open in (
        (Kind.JOB, "dubbing_jobs", "submitted_at is not null and finished_at is null"),
        (Kind.TASK, "language_tasks", "stage not in ('complete', 'failed', 'cancelled')"),
    )
}
_ANYBODY = UUID(int=0), UUID(int=2**128 - 1)
_JOB_FREE = "coalesce(j.lease_until < now(), true)"
_TASK_FREE = "coalesce(t.lease_until < now(), true)"


TAKEN_FOR = timedelta(minutes=1)
"""How long what is to be ended stays taken, if whoever took it dies."""
TAKEN_AT_ONCE = 200

_TABLES = {Kind.JOB: "dubbing_jobs", Kind.TASK: "language_tasks"}


def _taken(kind: Kind, rows: str, locked: str) -> str:
    """Give the rows to us, whoever had them, with a number of their own."""
    return f"""
      with theirs as materialized ({rows} limit :limit for update of {locked} skip locked)
      update ytdubber.{_TABLES[kind]} as mine
      set lease_owner = :owner, lease_until = now() + :ttl, attempts = mine.attempts + 1
      from theirs where mine.id = theirs.id returning mine.id, mine.attempts
    """  # noqa: S608  # our own names


def _take(job: str, task: str) -> Mapping[Kind, str]:
    """Take jobs and tasks under a condition each, which holds while their rows are locked."""
    return {
        Kind.JOB: _taken(Kind.JOB, f"select j.id {_JOBS} and {job}", "j"),
        Kind.TASK: _taken(Kind.TASK, f"select t.id {_TASKS} and {task}", "j, t"),
    }


_UNWANTED = _take(f"j.cancel_requested and {_JOB_FREE}", f"j.cancel_requested and {_TASK_FREE}")
_OVERDUE = _take("j.deadline_at <= now()", "j.deadline_at <= now()")
_EXHAUSTED = _take(
    f"j.attempts - j.waits >= :claims and {_JOB_FREE}",
    f"t.attempts - t.waits >= :claims and {_TASK_FREE}",
)
_LOST = """
  not j.cancel_requested and coalesce(j.deadline_at > now(), true)
  and {row}.id <> all(:waiting) and {free}
  and coalesce({row}.woken_at not between now() - :every and now(), true)
"""
_TO_WAKE = {
    Kind.JOB: f"select j.id {_JOBS} and {_LOST.format(row='j', free=_JOB_FREE)}"
    " order by j.woken_at nulls first limit :limit for update of j skip locked",
    Kind.TASK: f"select t.id {_TASKS} and {_LOST.format(row='t', free=_TASK_FREE)}"
    " order by t.woken_at nulls first limit :limit for update of t skip locked",
}

_UNFINISHED = text(
    """
    select j.id from ytdubber.dubbing_jobs as j
    where j.submitted_at is not null and j.finished_at is null
      and coalesce(j.lease_until < now(), true)
      and (
        select count(*) > 0 and count(*) filter (
          where t.stage not in ('complete', 'failed', 'cancelled') or t.lease_until > now()) = 0
        from ytdubber.language_tasks as t where t.job_id = j.id)
    """
)
_SETTLE = text(
    """
    update ytdubber.usage_receipts as r
    set outcome = 'unknown', settled_at = now()
    where r.outcome = 'started' and r.started_at < now() - :grace
      and coalesce(r.under_way_until < now(), true)
      and not exists (
        select from ytdubber.language_tasks as t where t.id = r.task_id and t.lease_until > now())
      and not exists (
        select from ytdubber.dubbing_jobs as j
        where r.task_id is null and j.id = r.job_id and j.lease_until > now())
    returning r.id
    """
)


class SqlUpkeep:
    """`Upkeep` in the service's tables.

    Args:
        engine: The database, logged in as a role that may write to the queue.
        enqueue: Sends a message with a transaction.
        waiting: Tells which rows have a message.
        book: Books what calls may have cost of which nobody knows what came of them.
        wake_every: How often at most something is woken.
    """

    def __init__(
        self,
        engine: Engine,
        enqueue: Enqueue,
        waiting: Waiting,
        book: Book,
        wake_every: timedelta = WAKE_EVERY,
    ) -> None:
        self._book = book
        self._engine = engine
        self._enqueue = enqueue
        self._waiting = waiting
        self._wake_every = wake_every

    def abandon(self, worker: UUID | None) -> int:
        """Free what a worker had in hand that is known to be dead, or all of them, and wake it at
        once; returns how much that was.
        """
        low, high = _ANYBODY if worker is None else owners_of(worker)
        with service_role(self._engine) as connection:
            freed = [
                (kind, row_id)
                for kind, statement in _ABANDON.items()
                for row_id in connection.execute(statement, {"low": low, "high": high}).scalars()
            ]
            act_as_login(connection)
            for kind, row_id in freed:
                self._enqueue(connection, ACTORS[kind], row_id)
        return len(freed)

    def unwanted(self) -> Sequence[Lease]:
        return self._take(_UNWANTED)

    def overdue(self) -> Sequence[Lease]:
        return self._take(_OVERDUE)

    def exhausted(self, claims: int) -> Sequence[Lease]:
        return self._take(_EXHAUSTED, claims=claims)

    def release(self, lease: Lease) -> None:
        SqlLeases(self._engine).release(lease)

    def unfinished(self) -> Sequence[UUID]:
        with service_role(self._engine) as connection:
            return connection.execute(_UNFINISHED).scalars().all()

    def wake(self) -> int:
        with login_role(self._engine) as connection:
            waiting = list(self._waiting(connection))
            lost = [(kind, row) for kind in Kind for row in self._lost(connection, kind, waiting)]
            act_as_login(connection)
            for kind, row_id in lost:
                self._enqueue(connection, ACTORS[kind], row_id)
        return len(lost)

    def settle_unknown(self) -> int:
        with service_role(self._engine) as connection:
            lost = connection.execute(_SETTLE, {"grace": self._wake_every}).scalars().all()
            self._book(connection, lost)
        return len(lost)

    def _take(self, statements: Mapping[Kind, str], **values: object) -> Sequence[Lease]:
        owner = uuid4()
        values |= {"owner": owner, "ttl": TAKEN_FOR, "limit": TAKEN_AT_ONCE}
        with service_role(self._engine) as connection:
            return [
                Lease(kind, row.id, owner, row.attempts)
                for kind, statement in statements.items()
                for row in connection.execute(text(statement), values)
            ]

    def _lost(self, connection: Connection, kind: Kind, waiting: Sequence[UUID]) -> Sequence[UUID]:
        act_as_service(connection)
        values = {"waiting": waiting, "every": self._wake_every, "limit": WAKES_AT_ONCE}
        ids: Sequence[UUID] = connection.execute(text(_TO_WAKE[kind]), values).scalars().all()
        woken = (
            f"update ytdubber.{_TABLES[kind]} set woken_at = now()"  # noqa: S608  # our own names
            " where id = any(:ids)"
        )
        connection.execute(text(woken), {"ids": ids})
        return ids


@contextmanager
def alone(engine: Engine, what: str) -> Iterator[bool]:
    """Inside the `with` nobody else on the database does what is named; false: somebody does.

    A row says who does it, for as long as its holder renews it: a lock would hold a connection
    for as long as the work takes.
    """
    with SqlSlots(engine).attempt(f"alone {what}") as mine:
        yield mine
