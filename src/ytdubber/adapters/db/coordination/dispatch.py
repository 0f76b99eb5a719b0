"""Who waits, what the live workers take, and whose work they get: one short transaction."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connection.service_role import (
    act_as_login,
    act_as_service,
    login_role,
    service_role,
)
from ytdubber.domain.errors import DatabaseAway, QueueAway
from ytdubber.domain.fair_share import Lane, Piece, Share, in_turn, room
from ytdubber.domain.job_progress import work_speeds
from ytdubber.log import Outage, get_logger
from ytdubber.ports.job_queue import JobQueue, Wake
from ytdubber.ports.leases import Kind

log = get_logger(__name__)

LIVES_S = 60.0
"""How long a worker counts without a sign of life: as long as its leases last."""

# Submitted and not finished, word for word as the indexes of open rows have it.
OPEN_JOBS = """
  ytdubber.dubbing_jobs as j
  where j.submitted_at is not null and j.finished_at is null and j.prepared is null
    and j.stage in ('queued', 'stt')
"""
OPEN_TASKS = """
  ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
  where t.stage not in ('complete', 'failed', 'cancelled')
    and j.submitted_at is not null and j.finished_at is null and j.prepared is not null
"""
# Nobody has it in hand, nobody was told of it, and its time has come. `held_at` is in the future
# when the clock was turned back.
_READY = """
  not j.cancel_requested and coalesce(j.deadline_at > now(), true) and {row}.woken_at is null
  and coalesce({row}.lease_until < now(), true)
  and coalesce({row}.not_before <= now() or {row}.held_at > now() + interval '1 minute', true)
"""
_LIVE = "w.beat_at between now() - :lives and now() + :lives"
ROOM = text(
    f"""
    select w.lane, sum(w.threads)::int as threads, count(*)::int as workers
    from ytdubber.workers as w where {_LIVE} group by w.lane
    """  # noqa: S608  # our own words
)
# The first half of a lease's owner is its worker.
IN_HAND = f"""
  {{row}}.woken_at is not null or {{row}}.lease_until > now() and exists (
    select from ytdubber.workers as w
    where left(w.id::text, 18) = left({{row}}.lease_owner::text, 18) and {_LIVE})
"""  # our own words
_TAKEN = text(
    f"""
    select lane, count(*)::int as taken from (
      select j.lane from {OPEN_JOBS} and ({IN_HAND.format(row="j")})
      union all
      select t.lane from {OPEN_TASKS} and ({IN_HAND.format(row="t")})
    ) as mine group by lane
    """  # noqa: S608  # our own words
)
# What a job is to take in all: a user's own are ranked by when they would have been done.
RANK = """
  extract(epoch from j.submitted_at)::float
    + coalesce(j.voice_duration_ms, 0) / 1000.0
    * (:hearing + :language * cardinality(j.target_languages))
"""
SECONDS = "coalesce(j.voice_duration_ms, 0) / 1000.0"
_WAITING = text(
    f"""
    select * from (
      select waiting.*, row_number() over (
        partition by lane, user_id order by rank_s, job_id, position) as number
      from (
        select j.id, j.id as job_id, j.user_id, j.lane, 'job' as kind, 0 as position,
          {SECONDS} * :hearing as size_s, {RANK} as rank_s
        from {OPEN_JOBS} and {_READY.format(row="j")}
        union all
        select t.id, t.job_id, t.user_id, t.lane, 'task', t.position + 1,
          {SECONDS} * :language, {RANK}
        from {OPEN_TASKS} and {_READY.format(row="t")}
      ) as waiting
    ) as numbered where number <= :most and lane = any(:lanes)
    """  # noqa: S608  # our own words
)
_PREVIEWS = text(
    """
    update ytdubber.line_previews as p set stage = 'sent' from ytdubber.language_tasks as t
    where t.id = p.task_id and p.stage = 'waiting' and p.created_at > now() - interval '1 minute'
    returning p.id, t.lane
    """
)
_SHARES = text("select share_of, lane, began_s, ends_s from ytdubber.fair_shares")
_MARK = {
    kind: text(
        f"""
        update ytdubber.{table} set woken_at = clock_timestamp() where id in (
          select id from ytdubber.{table}
          where id = any(:ids) and woken_at is null and coalesce(lease_until < now(), true)
          for update skip locked)
        returning id
        """  # noqa: S608  # our own names
    )
    for kind, table in ((Kind.JOB, "dubbing_jobs"), (Kind.TASK, "language_tasks"))
}
_TAKE_BACK = {
    kind: text(f"update ytdubber.{table} set woken_at = null where id = any(:ids)")  # noqa: S608  # our own names
    for kind, table in ((Kind.JOB, "dubbing_jobs"), (Kind.TASK, "language_tasks"))
} | {
    Kind.PREVIEW: text(
        "update ytdubber.line_previews set stage = 'waiting'"
        " where id = any(:ids) and stage = 'sent'"
    )
}
_CHARGE = text(
    """
    insert into ytdubber.fair_shares (share_of, lane, began_s, ends_s)
    values (:user, :lane, :began_s, :ends_s)
    on conflict (share_of, lane) do update set began_s = excluded.began_s, ends_s = excluded.ends_s
    """
)
_LEVEL = text(  # a clock that the line has passed is where everybody begins
    """
    delete from ytdubber.fair_shares as s where s.ends_s < (
      select max(n.began_s) from ytdubber.fair_shares as n where n.lane = s.lane)
    """
)
# Another name than the periodic task's, whose lock is held meanwhile.
_LOCK = text("select pg_advisory_xact_lock(hashtext('ytdubber'), hashtext('line'))")
_SPEEDS = text("select stage, seconds_per_second from ytdubber.stage_speeds")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A piece whose turn it is."""

    wake: Wake
    user: UUID
    share: Share


class SqlDispatcher:
    """Sends messages for what waits, in a fair order, as far as live workers have room for it.

    The lock is a transaction's, so that it holds behind any pooler: two dispatchers never fill the
    same room. In one process one thread at a time does it, once more when somebody asked meanwhile.

    Args:
        engine: The database, logged in as a role that may write to the queue.
        queue: Where messages are sent.
        lives_s: How long a worker counts without a sign of life.
    """

    def __init__(
        self, engine: Engine, queue: JobQueue[Connection], lives_s: float = LIVES_S
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._lives = timedelta(seconds=lives_s)
        self._lock = threading.Lock()
        self._asked = False
        self._outage = Outage(log, "queue")

    def __call__(self) -> int:
        """Do it; returns for how much. While the database or the broker is away nothing is lost:
        the next time it is tried again.
        """
        sent = 0
        self._asked = True
        while self._asked and self._lock.acquire(blocking=False):
            try:
                self._asked = False
                sent += self._once()
                self._outage.over()
            except DatabaseAway:  # its own log line is there
                return sent
            except (SQLAlchemyError, QueueAway) as error:
                self._outage.begun(error=error)
                return sent
            finally:
                self._lock.release()
        return sent

    def _once(self) -> int:
        with login_role(self._engine) as connection:
            connection.execute(_LOCK)
            act_as_service(connection)
            wakes = _previews(connection)
            free = self._room(connection)
            turns = self._marked(connection, _chosen(connection, free)) if free else []
            wakes += [turn.wake for turn in turns]
            if not wakes:
                return 0
            _charge(connection, turns)
            act_as_login(connection)
            committed = self._queue.send(connection, wakes)
        try:
            committed()
        except QueueAway:
            self._take_back(wakes)
            raise
        return len(wakes)

    def _room(self, connection: Connection) -> dict[Lane, int]:
        """How many pieces are taken, in the lanes where any is."""
        values = {"lives": self._lives}
        taken = {row.lane: row.taken for row in connection.execute(_TAKEN, values)}
        rows = connection.execute(ROOM, values)
        free = {
            Lane(row.lane): room(row.threads, row.workers, taken.get(row.lane, 0)) for row in rows
        }
        return {lane: count for lane, count in free.items() if count}

    def _marked(self, connection: Connection, turns: Sequence[_Turn]) -> list[_Turn]:
        """Those that nobody took in this moment; they count as told from now on."""
        told: set[UUID] = set()
        for kind, ids in _by_kind(turn.wake for turn in turns).items():
            told |= set(connection.execute(_MARK[kind], {"ids": ids}).scalars())
        return [turn for turn in turns if turn.wake.row_id in told]

    def _take_back(self, wakes: Sequence[Wake]) -> None:
        with service_role(self._engine) as connection:
            for kind, ids in _by_kind(wakes).items():
                connection.execute(_TAKE_BACK[kind], {"ids": ids})


def known_speeds(connection: Connection) -> dict[str, float]:
    """Seconds that stages took for a second of sound, where measured."""
    return {row.stage: row.seconds_per_second for row in connection.execute(_SPEEDS)}


def work_sizes(known: Mapping[str, float]) -> dict[str, float]:
    """Seconds that hearing and dubbing a second of sound take, for statements."""
    hearing, language = work_speeds(known)
    return {"hearing": hearing, "language": language}


def shares(connection: Connection) -> Mapping[Lane, Mapping[UUID, Share]]:
    """Everybody's clocks, by lane."""
    found: dict[Lane, dict[UUID, Share]] = defaultdict(dict)
    for row in connection.execute(_SHARES):
        found[Lane(row.lane)][row.share_of] = Share(row.began_s, row.ends_s)
    return found


def _chosen(connection: Connection, free: Mapping[Lane, int]) -> list[_Turn]:
    values = {"most": max(free.values()), "lanes": [lane.value for lane in free]}
    waiting: dict[Lane, list[Piece]] = defaultdict(list)
    kinds: dict[UUID, Kind] = {}
    for row in connection.execute(_WAITING, work_sizes(known_speeds(connection)) | values):
        kinds[row.id] = Kind(row.kind)
        piece = Piece(
            row.id, row.job_id, row.user_id, float(row.size_s), float(row.rank_s), row.position
        )
        waiting[Lane(row.lane)].append(piece)
    clocks = shares(connection) if waiting else {}
    return [
        _Turn(Wake(kinds[piece.id], piece.id, lane), piece.user, share)
        for lane, pieces in waiting.items()
        for piece, share in islice(in_turn(pieces, clocks.get(lane, {})), free[lane])
    ]


def _previews(connection: Connection) -> list[Wake]:
    """What somebody waits to hear, whatever room there is: a thread of its own speaks it."""
    rows = connection.execute(_PREVIEWS)
    return [Wake(Kind.PREVIEW, row.id, Lane(row.lane)) for row in rows]


def _charge(connection: Connection, turns: Sequence[_Turn]) -> None:
    """The last turn of each user says where their clock stands."""
    if not turns:
        return
    last = {(turn.user, turn.wake.lane): turn.share for turn in turns}
    rows = [
        {"user": user, "lane": lane.value, "began_s": share.began_s, "ends_s": share.ends_s}
        for (user, lane), share in last.items()
    ]
    connection.execute(_CHARGE, rows)
    connection.execute(_LEVEL)


def _by_kind(wakes: Iterable[Wake]) -> dict[Kind, list[UUID]]:
    found: dict[Kind, list[UUID]] = defaultdict(list)
    for wake in wakes:
        found[wake.kind].append(wake.row_id)
    return found
