"""Rows that need somebody to look at them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, text

from ytdubber.adapters.db.connection.service_role import act_as_service, login_role, service_role
from ytdubber.adapters.db.coordination.dispatch import OPEN_JOBS, OPEN_TASKS
from ytdubber.adapters.db.coordination.leases import SqlLeases, lease_on, origin_of
from ytdubber.adapters.db.coordination.semaphores import SqlSemaphores
from ytdubber.ports.job_queue import JobQueue
from ytdubber.ports.leases import Kind, Lease, owners_of

EnterCosts = Callable[[Connection, Sequence[UUID]], None]
"""Enters the estimates of receipts, by their ids."""

RECALL_AFTER = timedelta(minutes=1)

# A job that is still to be prepared, and languages of prepared ones.
_JOBS, _TASKS = f"from {OPEN_JOBS}", f"from {OPEN_TASKS}"
_ABANDON = {
    kind: text(
        f"update ytdubber.{table} set lease_owner = null, lease_until = null, woken_at = null"  # noqa: S608  # our own names
        " where lease_owner between :low and :high and lease_until is not null"
        f" and {is_open} returning id"
    )
    for kind, table, is_open in (
        (Kind.JOB, "dubbing_jobs", "submitted_at is not null and finished_at is null"),
        (Kind.TASK, "language_tasks", "stage not in ('complete', 'failed', 'cancelled')"),
    )
}
_FORGET_WORKERS = text(
    "delete from ytdubber.workers where id = coalesce(cast(:worker as uuid), id)"
)
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
      from theirs where mine.id = theirs.id
      returning mine.id, mine.attempts, mine.retries, {origin_of(kind, "mine")}
    """  # noqa: S608  # our own names


def _take(job: str, task: str) -> Mapping[Kind, str]:
    """Take jobs and tasks under a condition each, which holds while their rows are locked."""
    return {
        Kind.JOB: _taken(Kind.JOB, f"select j.id {_JOBS} and {job}", "j"),
        Kind.TASK: _taken(Kind.TASK, f"select t.id {_TASKS} and {task}", "j, t"),
    }


_CANCELLED = _take(f"j.cancel_requested and {_JOB_FREE}", f"j.cancel_requested and {_TASK_FREE}")
_PAST_DEADLINE = _take("j.deadline_at <= now()", "j.deadline_at <= now()")
_ATTEMPTS_EXCEEDED = _take(
    f"j.attempts - j.waits >= :claims and {_JOB_FREE}",
    f"t.attempts - t.waits >= :claims and {_TASK_FREE}",
)
# What was sent a minute ago, is in nobody's hands and has no message any more.
_RECALL = {
    kind: text(
        f"""
        update ytdubber.{_TABLES[kind]} set woken_at = null where id in (
          select {row}.id {rows} and {row}.woken_at is not null and {free}
            and {row}.woken_at not between now() - :every and now() and {row}.id <> all(:waiting)
          for update of {row} skip locked)
        returning id
        """  # noqa: S608  # our own names
    )
    for kind, row, rows, free in (
        (Kind.JOB, "j", _JOBS, _JOB_FREE),
        (Kind.TASK, "t", _TASKS, _TASK_FREE),
    )
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


class SqlReaper:
    """`Reaper` in the service's tables.

    Args:
        engine: The database, logged in as a role that may write to the queue.
        queue: Tells which rows have a message.
        enter_costs: Enters what calls may have cost of which nobody knows what came of them.
        recall_after: How long a message may take to be taken or found lost.
    """

    def __init__(
        self,
        engine: Engine,
        queue: JobQueue[Connection],
        enter_costs: EnterCosts,
        recall_after: timedelta = RECALL_AFTER,
    ) -> None:
        self._enter_costs = enter_costs
        self._engine = engine
        self._queue = queue
        self._recall_after = recall_after

    def abandon(self, worker: UUID | None) -> int:
        """Free what a worker had in hand that is known to be dead, or all of them; returns how much
        that was. It waits for whoever is free.
        """
        low, high = _ANYBODY if worker is None else owners_of(worker)
        with service_role(self._engine) as connection:
            connection.execute(_FORGET_WORKERS, {"worker": worker})
            return sum(
                len(connection.execute(statement, {"low": low, "high": high}).all())
                for statement in _ABANDON.values()
            )

    def cancelled(self) -> Sequence[Lease]:
        return self._take(_CANCELLED)

    def past_deadline(self) -> Sequence[Lease]:
        return self._take(_PAST_DEADLINE)

    def attempts_exceeded(self, claims: int) -> Sequence[Lease]:
        return self._take(_ATTEMPTS_EXCEEDED, claims=claims)

    def release(self, lease: Lease) -> None:
        SqlLeases(self._engine).release(lease)

    def unfinished(self) -> Sequence[UUID]:
        with service_role(self._engine) as connection:
            return connection.execute(_UNFINISHED).scalars().all()

    def recall(self) -> int:
        with login_role(self._engine) as connection:
            values = {"waiting": list(self._queue.waiting(connection)), "every": self._recall_after}
            act_as_service(connection)
            return sum(
                len(connection.execute(statement, values).all()) for statement in _RECALL.values()
            )

    def settle_unknown(self) -> int:
        with service_role(self._engine) as connection:
            lost = connection.execute(_SETTLE, {"grace": self._recall_after}).scalars().all()
            self._enter_costs(connection, lost)
        return len(lost)

    def _take(self, statements: Mapping[Kind, str], **values: object) -> Sequence[Lease]:
        owner = uuid4()
        values |= {"owner": owner, "ttl": TAKEN_FOR, "limit": TAKEN_AT_ONCE}
        with service_role(self._engine) as connection:
            return [
                lease_on(kind, row, owner)
                for kind, statement in statements.items()
                for row in connection.execute(text(statement), values)
            ]


@contextmanager
def task_lock(engine: Engine, name: str) -> Iterator[bool]:
    """Inside the `with` nobody else on the database does what is named; false: somebody does.

    A row says who does it, for as long as its holder renews it: a lock would hold a connection
    for as long as the work takes.
    """
    with SqlSemaphores(engine).attempt(f"alone {name}") as mine:
        yield mine
