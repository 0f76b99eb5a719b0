"""How the service is, as administrators and `ytdubber status --json` are told it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from ytdubber.app.operations.service_status import ServiceStatus
from ytdubber.domain.alerts import Seen
from ytdubber.domain.spending import Scope
from ytdubber.engines.vendor.registry import vendors
from ytdubber.ports.alerts import Facts
from ytdubber.ports.line import LaneState
from ytdubber.ports.service_state import Crowd, ServiceDetail


class _Body(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ConditionBody(BaseModel):
    """Something that needs a person, by the name of its alert; `about` is the queue, vendor or the
    like it is about, or empty, and `runbook` a page of docs/runbooks.
    """

    name: str
    about: str
    severity: str
    sentence: str
    runbook: str


class PartBody(_Body):
    """Something the service cannot do without: null where it works, else why not, and since when it
    was found not to.
    """

    name: str
    fault: str | None
    since: datetime | None


class QueueBody(BaseModel):
    """What waits in a queue, since how many seconds the oldest does, what is in hand, live workers
    with their threads, pieces done a minute lately, users who wait, and the largest part of what
    waits that is one user's.
    """

    waiting: int
    oldest_s: float | None
    in_hand: int
    workers: int
    threads: int
    done_a_minute: float
    users: int
    largest_share: float


class PieceBody(_Body):
    """A recording to hear (`language` is null) or a language to dub. `since` is when its stage
    began or, of one that waits, when it could be begun; `again_at` until when it is put off,
    `waits_for` who was away when it was last tried.
    """

    job_id: UUID
    user_id: UUID
    language: str | None
    lane: str
    stage: str
    progress: float
    retries: int
    since: datetime
    again_at: datetime | None
    waits_for: str | None


class WorkerBody(_Body):
    """A worker that was heard of within the hour, and what it has in hand; without an id, one that
    still holds work and was not.
    """

    id: UUID | None
    lives: bool
    heard_at: datetime | None
    threads: dict[str, int]
    in_hand: list[PieceBody]


class VendorBody(_Body):
    """A vendor, or the storage: how many languages wait for it, since when, and when it is tried
    again; calls of the last ten minutes, those that failed, and why the last of these did.
    """

    name: str
    waiting: int
    since: datetime | None
    again_at: datetime | None
    calls: int
    failed: int
    fault: str | None


class EndedBody(_Body):
    """How many languages ended like this within the hour, and within half of it."""

    stage: str
    code: str | None
    hour: int
    half_hour: int
    last_at: datetime


class GivenUpBody(_Body):
    """A dead letter. `error` is a class, `code` what its user was told, `vendor` whose call failed
    last and `fault` why; `ytdubber dlq show` has the rest.
    """

    id: UUID
    job_id: UUID
    user_id: UUID
    language: str | None
    failed_at: datetime
    attempts: int
    error: str | None
    code: str | None
    vendor: str | None
    fault: str | None


class DeadLettersBody(BaseModel):
    """How many there are, and the newest."""

    count: int
    newest: list[GivenUpBody]


class MoneyBody(BaseModel):
    """Today's (UTC), in US dollars as text: spent with what calls under way may cost, by vendor and
    in all; budgets; and what is left of the day's.
    """

    spent_today_usd: dict[str, Decimal]
    total_today_usd: Decimal
    budgets_usd: dict[str, Decimal]
    day_left_usd: Decimal | None


class StorageBody(BaseModel):
    """Bytes that are kept, as added up every five minutes, and for how many seconds the oldest
    thing that has to go has had to, by why.
    """

    bytes: dict[str, int]
    retention_lag_s: dict[str, float]


class DiskBody(_Body):
    """A folder's disk on the machine that answers, in bytes."""

    free: int
    size: int


class ServiceBody(BaseModel):
    """What the database knows. `waiting` is the longest first; it and the newest dead letters are
    fifty at most.
    """

    queues: dict[str, QueueBody]
    languages: dict[str, int]
    workers: list[WorkerBody]
    waiting: list[PieceBody]
    vendors: list[VendorBody]
    ended: list[EndedBody]
    dead_letters: DeadLettersBody
    money: MoneyBody
    storage: StorageBody
    outbox_waiting: int
    connections: int
    connections_limit: int


class StatusBody(BaseModel):
    """How the service is now: what needs a person, what works, and what the database knows, which
    is null while it does not answer. `vendor_names` is how people call each vendor.
    """

    at: datetime
    version: str
    conditions: list[ConditionBody]
    parts: list[PartBody]
    disks: dict[str, DiskBody]
    vendors_set_up: list[str]
    vendor_names: dict[str, str]
    service: ServiceBody | None


def status_body(status: ServiceStatus) -> StatusBody:
    """The status as it is told."""
    service = None
    if status.facts is not None and status.detail is not None:
        service = _service(status.facts, status.detail, status.budgets_usd)
    return StatusBody(
        at=status.at,
        version=status.version,
        conditions=[_condition(each) for each in status.conditions],
        parts=[PartBody.model_validate(each) for each in status.parts],
        disks={name: DiskBody.model_validate(disk) for name, disk in status.disks.items()},
        vendors_set_up=list(status.vendors),
        vendor_names={each.provider: each.name for each in vendors()},
        service=service,
    )


def _condition(seen: Seen) -> ConditionBody:
    rule = seen.rule
    return ConditionBody(
        name=rule.name,
        about=seen.about,
        severity=rule.severity.value,
        sentence=seen.words,
        runbook=rule.runbook,
    )


def _service(
    facts: Facts, detail: ServiceDetail, budgets_usd: Mapping[Scope, Decimal]
) -> ServiceBody:
    state = facts.state
    return ServiceBody(
        queues={
            lane.value: _queue(found, state.crowds.get(lane, Crowd()))
            for lane, found in state.lanes.items()
        },
        languages=dict(state.languages),
        workers=[WorkerBody.model_validate(each) for each in detail.workers],
        waiting=[PieceBody.model_validate(each) for each in detail.waiting],
        vendors=[VendorBody.model_validate(each) for each in detail.vendors],
        ended=[EndedBody.model_validate(each) for each in detail.ended],
        dead_letters=DeadLettersBody(
            count=state.dead_letters,
            newest=[GivenUpBody.model_validate(each) for each in detail.given_up],
        ),
        money=_money(state.spent_today_usd, budgets_usd),
        storage=StorageBody(
            bytes=dict(state.stored_bytes),
            retention_lag_s={reason.value: lag for reason, lag in state.retention_lag_s.items()},
        ),
        outbox_waiting=state.outbox_waiting,
        connections=state.connections,
        connections_limit=state.most_connections,
    )


def _queue(lane: LaneState, crowd: Crowd) -> QueueBody:
    return QueueBody(
        waiting=lane.waiting,
        oldest_s=lane.oldest_s,
        in_hand=lane.in_hand,
        workers=lane.workers,
        threads=lane.threads,
        done_a_minute=lane.done_a_minute,
        users=crowd.users,
        largest_share=crowd.largest_share,
    )


def _money(spent_usd: Mapping[str, Decimal], budgets_usd: Mapping[Scope, Decimal]) -> MoneyBody:
    total_usd = sum(spent_usd.values(), Decimal(0))
    day_usd = budgets_usd.get(Scope.DAY)
    return MoneyBody(
        spent_today_usd=dict(spent_usd),
        total_today_usd=total_usd,
        budgets_usd={scope.value: limit_usd for scope, limit_usd in budgets_usd.items()},
        day_left_usd=None if day_usd is None else day_usd - total_usd,
    )
