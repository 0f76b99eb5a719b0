"""The line as it stands in the rows: who waits where, since when, and how fast it gets on."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.dispatch import (
    IN_HAND,
    LIVES_S,
    OPEN_JOBS,
    RANK,
    ROOM,
    SECONDS,
    known_speeds,
    shares,
    work_sizes,
)
from ytdubber.domain.admission import Amount, Backlog
from ytdubber.domain.fair_share import LEAST_S, Lane, Pace, Piece, Place, places
from ytdubber.domain.job_progress import remaining_s
from ytdubber.domain.stage import Stage
from ytdubber.log import get_logger
from ytdubber.ports.line import InLine, LaneState

log = get_logger(__name__)

KEPT_S, SOON_S = 1.0, 0.1
"""For how long what was seen is shown again, or for ten times as long as it took to see; and for
whoever was not there then."""
_PART = 10
STARTS_S = 30.0
"""How long a worker may take to start, or to be started again, before the log says that none is."""
LATELY_S = 600.0
_LATELY = f"interval '{LATELY_S:.0f} seconds'"
ENOUGH, ENOUGH_S = 3, 30.0
"""So many pieces over so long tell how fast a lane gets on."""

# Languages of jobs that are to be heard yet, too.
_TASKS = """
  ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
  where t.stage not in ('complete', 'failed', 'cancelled')
    and j.submitted_at is not null and j.finished_at is null
"""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_NOT_WANTED = "j.cancel_requested or coalesce(j.deadline_at <= now(), false)"
_PUT_OFF = "coalesce({row}.not_before > now(), false)"
_LEASED = "coalesce({row}.lease_until > now(), false)"
_PIECES = text(
    f"""
    select j.id, j.id as job_id, j.user_id, j.lane, 0 as position, true as ready, false as dubs,
      {SECONDS} * :hearing as size_s, {RANK} as rank_s, j.woken_at, 'stt' as stage,
      coalesce((select max(t.progress) from ytdubber.language_tasks as t where t.job_id = j.id
        and t.stage = 'stt'), 0) as progress,
      {IN_HAND.format(row="j")} as in_hand, {_LEASED.format(row="j")} as leased,
      {_PUT_OFF.format(row="j")} as put_off, coalesce(j.voice_duration_ms, 0) as voice_ms,
      extract(epoch from now() - greatest(j.submitted_at, j.not_before))::float as waits_s
    from {OPEN_JOBS} and not ({_NOT_WANTED})
    union all
    select t.id, t.job_id, t.user_id, t.lane, t.position + 1, j.prepared is not null,
      true, {SECONDS} * :language, {RANK}, t.woken_at, t.stage, t.progress,
      {IN_HAND.format(row="t")}, {_LEASED.format(row="t")}, {_PUT_OFF.format(row="t")},
      coalesce(j.voice_duration_ms, 0),
      extract(epoch from now() - greatest(j.submitted_at, j.heard_at, t.not_before))::float
    from {_TASKS} and not ({_NOT_WANTED})
    """  # noqa: S608  # our own words
)
# The planner knows a constant span, and so that few rows are that young.
_DONE = text(
    f"""
    select count(*)::int as pieces, count(minutes)::int as languages,
      coalesce(sum(minutes), 0)::float as minutes,
      coalesce(sum(greatest(size_s, {LEAST_S})), 0)::float as work_s
    from (
      select {SECONDS} * :hearing as size_s, null as minutes
      from ytdubber.dubbing_jobs as j
      where j.heard_at > now() - {_LATELY} and j.heard_at > now() - :window and j.lane = :lane
      union all
      select {SECONDS} * :language, {SECONDS} / 60
      from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
      where t.stage in ('complete', 'failed', 'cancelled') and t.stage = 'complete'
        and t.updated_at > now() - {_LATELY} and t.updated_at > now() - :window and t.lane = :lane
    ) as done
    """  # noqa: S608  # our own words
)
_BACKLOG = text(
    f"""
    select count(*)::int as languages, coalesce(sum(minutes), 0)::float as minutes,
      count(*) filter (where user_id = :user)::int as own,
      coalesce(sum(minutes) filter (where user_id = :user), 0)::float as own_minutes,
      count(distinct user_id) filter (where user_id <> :user)::int as others
    from (
      select t.user_id, {SECONDS} / 60 as minutes
      from {_TASKS} and not {_LEASED.format(row="t")} and not ({_NOT_WANTED})
    ) as waiting
    """  # noqa: S608  # our own words
)


@dataclass(frozen=True, slots=True)
class _Lane:
    """The pieces of one lane.

    Attributes:
        told: Workers were told of them and have not begun, in that order.
        waiting: All else that has not begun, also what waits for its job to be heard.
        left_s: What is left of each piece in hand, in seconds of work.
        waits_s: For how long each waits that could be begun.
        heard_here: The jobs whose recordings are heard in it.
    """

    told: list[Piece] = field(default_factory=list)
    waiting: list[Piece] = field(default_factory=list)
    left_s: list[float] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    heard_here: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Done:
    """What a lane got done in a second; its work is None where threads may have been idle."""

    pieces_a_second: float
    languages_a_second: float
    minutes_a_second: float
    work_a_second: float | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """The line at a moment."""

    lanes: Mapping[Lane, LaneState]
    jobs: Mapping[UUID, InLine]
    a_second: Amount


class SqlLine:
    """`Line` over the tables, looked at once for all who ask at about the same time.

    Args:
        engine: Connections that see every user's rows.
        lives_s: How long a worker counts without a sign of life.
    """

    def __init__(self, engine: Engine, lives_s: float = LIVES_S) -> None:
        self._engine = engine
        self._lives = timedelta(seconds=lives_s)
        self._lock = threading.Lock()
        self._seen: _Seen | None = None
        self._seen_s = 0.0
        self._took_s = 0.0
        self._unserved: set[Lane] = set()

    def of(self, job_id: UUID, *, waits: bool = False) -> InLine | None:
        found = self._now().jobs.get(job_id)
        return self._now(SOON_S).jobs.get(job_id) if found is None and waits else found

    def lanes(self) -> Mapping[Lane, LaneState]:
        return self._now().lanes

    def backlog(self, user_id: UUID) -> Backlog:
        with service_role(self._engine) as connection:
            row = connection.execute(_BACKLOG, {"user": user_id}).one()
        everybody = Amount(row.languages, row.minutes)
        own = Amount(row.own, row.own_minutes)
        return Backlog(own, everybody, row.others + 1, self._now().a_second)

    def _now(self, kept_s: float = KEPT_S) -> _Seen:
        with self._lock:
            began_s = time.monotonic()
            old_s = began_s - self._seen_s
            if self._seen is None or old_s >= max(kept_s, _PART * self._took_s):
                with service_role(self._engine) as connection:
                    self._seen = _seen(connection, self._lives)
                self._seen_s = time.monotonic()
                self._took_s = self._seen_s - began_s
                self._tell(self._seen.lanes)
            return self._seen

    def _tell(self, lanes: Mapping[Lane, LaneState]) -> None:
        """Say what nobody takes up, once while it is so."""
        unserved = {
            name
            for name, lane in lanes.items()
            if lane.unserved and (lane.oldest_s or 0.0) >= STARTS_S
        }
        for name in sorted(unserved - self._unserved):
            log.warning(
                "queue.no_worker",
                lane=name,
                waiting=lanes[name].waiting,
                start=f"ytdubber worker --queues {name}",
            )
        self._unserved = unserved


def _seen(connection: Connection, lives: timedelta) -> _Seen:
    known = known_speeds(connection)
    values = {**work_sizes(known), "lives": lives}
    rows = connection.execute(_PIECES, values).all()
    lanes = _by_lane(rows, known)
    threads = {Lane(row.lane): row for row in connection.execute(ROOM, values)}
    done = {name: _done(connection, name, lane, values) for name, lane in lanes.items()}
    found = {
        name: LaneState(
            waiting=len(lane.waits_s),
            oldest_s=max(lane.waits_s, default=None),
            in_hand=len(lane.left_s) + len(lane.told),
            workers=threads[name].workers if name in threads else 0,
            threads=threads[name].threads if name in threads else 0,
            done_a_minute=60 * done[name].pieces_a_second,
        )
        for name, lane in lanes.items()
    }
    clocks = shares(connection)
    begun = {row.job_id for row in rows if row.leased or (row.dubs and row.ready)}
    stand: dict[UUID, Place] = {}
    for name, lane in lanes.items():
        pace = Pace(found[name].threads, done[name].work_a_second, guessed=not known)
        line = places(lane.told, lane.waiting, clocks.get(name, {}), lane.left_s, pace, begun)
        stand |= {job: place for job, place in line.items() if job in lane.heard_here}
    a_second = Amount(
        sum(each.languages_a_second for each in done.values()),
        sum(each.minutes_a_second for each in done.values()),
    )
    return _Seen(found, _jobs(rows, found, stand), a_second)


def _by_lane(rows: Sequence[Row[Any]], known: Mapping[str, float]) -> Mapping[Lane, _Lane]:
    found = {lane: _Lane() for lane in Lane}
    later = {row.job_id for row in rows if row.put_off and not row.dubs}
    for row in sorted(rows, key=lambda row: row.woken_at or _NEVER):
        lane = found[Lane(row.lane)]
        piece = Piece(
            row.id, row.job_id, row.user_id, float(row.size_s), float(row.rank_s), row.position
        )
        if not row.dubs:
            lane.heard_here.add(row.job_id)
        if row.leased:
            lane.left_s.append(_left_s(row, known))
        elif row.woken_at:
            lane.told.append(piece)
        elif not (row.put_off or row.job_id in later):
            lane.waiting.append(piece)
            if row.ready:
                lane.waits_s.append(max(0.0, row.waits_s))
    return found


def _left_s(row: Row[Any], known: Mapping[str, float]) -> float:
    """How much work is left of a piece in hand."""
    size_s = float(row.size_s)
    if not row.dubs:
        return size_s * (1 - float(row.progress))
    return min(size_s, remaining_s(Stage(row.stage), row.progress, row.voice_ms, known))


def _done(connection: Connection, name: Lane, lane: _Lane, values: Mapping[str, object]) -> _Done:
    """What was done while work was waiting: then no thread was idle. That is for the longest of
    what waits, but for no longer than lately, since it gets faster and slower.
    """
    waits_s = max(lane.waits_s, default=0.0)
    window_s = min(waits_s, LATELY_S) if waits_s >= ENOUGH_S else LATELY_S
    span = {**values, "lane": name.value, "window": timedelta(seconds=window_s)}
    row = connection.execute(_DONE, span).one()
    busy = waits_s >= ENOUGH_S and row.pieces >= ENOUGH
    return _Done(
        row.pieces / window_s,
        row.languages / window_s,
        row.minutes / window_s,
        row.work_s / window_s if busy else None,
    )


def _jobs(
    rows: Sequence[Row[Any]], lanes: Mapping[Lane, LaneState], stand: Mapping[UUID, Place]
) -> Mapping[UUID, InLine]:
    """Where each job stands of which something waits."""
    held = {row.job_id for row in rows if row.leased}
    found: dict[UUID, InLine] = {}
    for row in rows:
        if row.leased or not row.ready:
            continue
        place = stand.get(row.job_id)
        unserved = row.job_id not in held and lanes[Lane(row.lane)].workers == 0
        found[row.job_id] = InLine(
            place.number if place else None, place.starts_in_s if place else None, unserved
        )
    return found
