"""What the service asks its database, and how the database finds it: all that API, workers and
periodic tasks do, once, in their own roles and under row-level security; `auto_explain` tells each
plan.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.errors import Diagnostic
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool
from tests.booking import booked
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness

from ytdubber.adapters.db.coordination.dead_letters import SqlDeadLetters
from ytdubber.adapters.db.coordination.dispatch import SqlDispatcher
from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.coordination.reaper import SqlReaper, task_lock
from ytdubber.adapters.db.coordination.replay import Replay
from ytdubber.adapters.db.coordination.semaphores import SqlSemaphores
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.adapters.db.jobs.strays import strays
from ytdubber.adapters.db.money.kept_receipts import KeptReceipts, Settlement
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.db.money.outbox import SqlOutboxRows
from ytdubber.adapters.db.speaking_rates import SqlSpeakingRates
from ytdubber.adapters.db.status.service_state import SqlServiceState
from ytdubber.adapters.db.status.told_alerts import SqlLately, SqlToldAlerts
from ytdubber.adapters.db.users.webhooks import SqlDeliveries
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.adapters.webhooks.sender import HttpWebhookSender
from ytdubber.app.money.billing import Billing
from ytdubber.app.operations.retention import Retention
from ytdubber.app.operations.sweep_storage import SweepStorage
from ytdubber.app.users.webhooks import ManageWebhooks
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, NotReplayable
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.spending import Budgets
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.domain.voice import Gender, Voice
from ytdubber.domain.waiting import Waiting
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.costs import By
from ytdubber.ports.identity import Claims
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.outbox import UsageReport
from ytdubber.ports.paging import Place
from ytdubber.ports.retention import Terms
from ytdubber.ports.webhooks import Attempt

SMALL = {
    "alembic_version",
    "dead_letters",
    "fair_shares",
    "queue",
    "result",
    "slots",
    "speaking_rates",
    "stage_speeds",
    "worker",
    "workers",
}
"""Tables that do not grow with the jobs ever made: dead letters go after a month, and shares when
the line has passed them.
"""
WHOLE = {
    "dubbing_jobs_open",
    "dubbing_jobs_unpurged",
    "dubbing_jobs_unforgotten",
    "language_tasks_open",
    "outbox_due",
    "usage_receipts_open",
    "webhook_deliveries_due",
}
"""Partial indexes that hold only what is open or due: they may be read from end to end."""
SHORTLY_S = 0.8
"""How long what is held lasts without a renewal."""
CALLS = "select max(under_way_until) from ytdubber.usage_receipts where job_id = :id"
TASKS = "select id from ytdubber.language_tasks where job_id = :id order by position"
SETTINGS = (
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_level = 'notice'",
    "auto_explain.log_format = 'json'",
)


@dataclass
class Plans:
    """The plans the database told, by what was asked.

    Attributes:
        told: Statements as the database saw them, each with what it reads more of, the more jobs
            there ever were.
        asked: Statements as SQLAlchemy sent them.
    """

    told: dict[str, set[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def listen(self, connection: psycopg.Connection, record: object) -> None:
        """Hear what the database says on a new connection."""
        del record
        connection.add_notice_handler(self._hear)

    def hear_asked(self, connection: object, cursor: object, statement: str, *more: object) -> None:
        """A statement is about to be sent."""
        self.asked.add(statement)

    def _hear(self, notice: Diagnostic) -> None:
        text = notice.message_primary or ""
        if "plan:" in text:
            plan = json.loads(text[text.index("{") :])
            query = " ".join(plan["Query Text"].split())
            self.told.setdefault(query, set()).update(_growing(plan["Plan"]))

    def growing(self) -> list[str]:
        """What reads more, the more jobs there ever were."""
        return [f"{how}: {query}" for query, found in self.told.items() for how in sorted(found)]

    def untold(self) -> list[str]:
        """What was asked and has no plan."""
        told = {_bare(query) for query in self.told}
        planned = {_bare(query) for query in self.asked if _PLANNED.match(query)}
        return sorted(planned - told)


_PLANNED = re.compile(r"\s*(select|insert|update|delete|with)\b", re.IGNORECASE)
_VALUE = re.compile(r"%(\(\w+\))?s|\$\d+")


def _bare(query: str) -> str:
    """A statement without the names of its values, which each side has its own of."""
    return " ".join(_VALUE.sub("$", query).replace("%%", "%").split())


def _growing(plan: dict[str, Any]) -> Iterator[str]:
    kind, index = plan["Node Type"], plan.get("Index Name", "")
    table = plan.get("Relation Name", "pg_")
    if kind == "Seq Scan" and table not in SMALL and not table.startswith("pg_"):
        yield f"{kind} of {table}"
    if "Index" in kind and "Scan" in kind and "Index Cond" not in plan and index not in WHOLE:
        yield f"whole {kind} of {index}"
    for part in plan.get("Plans", ()):
        yield from _growing(part)


@contextmanager
def explained() -> Iterator[Plans]:
    """The plans of what is asked meanwhile, of databases that were told to tell them."""
    plans = Plans()
    event.listen(Pool, "connect", plans.listen)
    event.listen(Engine, "before_cursor_execute", plans.hear_asked)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", plans.hear_asked)
        event.remove(Pool, "connect", plans.listen)


def tell_plans(harness: ApiHarness) -> None:
    """Have new connections to its database tell their plans, and end those there are."""
    with psycopg.connect(harness.backend.urls.owner, autocommit=True) as connection:
        for setting in SETTINGS:
            name = harness.backend.urls.owner.rpartition("/")[2].partition("?")[0]
            connection.execute(f"alter database {name} set {setting}".encode())
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def everything(harness: ApiHarness) -> None:
    """Do all there is to do, once."""
    with api_user(harness) as ann, api_user(harness, admin=True) as admin:
        _as_a_user(ann)
        _as_an_operator(harness, ann)
        _as_a_worker(harness, ann)
        _as_a_program(harness, ann)
        _as_an_administrator(harness, admin)


def _as_a_user(ann: ApiUser) -> None:
    http, job_id = ann.http, ann.dubbed("pt", "es")
    for path in (
        "/api/users/me",
        "/api/jobs",
        f"/api/jobs/{job_id}",
        f"/api/jobs/{job_id}/download",
        f"/api/jobs/{job_id}/download?lang=pt&type=voice",
        "/api/jobs/?limit=5",
    ):
        assert http.get(path, follow_redirects=False).status_code < 400, path
    operations = ann.harness.app.openapi()["paths"]
    for path, known in operations.items():  # whatever else there is to look at
        if "get" in known and "{" not in path and "events" not in path:
            http.get(path, follow_redirects=False)
    links = http.get(f"/api/jobs/{job_id}/download").json()["links"]
    assert ann.anonymous.head(links[0]["url"]).status_code < 400
    assert ann.anonymous.get(links[0]["url"]).status_code in (302, 303, 307)
    ann.anonymous.get(ann.job(job_id)["files"][0]["url"])
    _shares(ann, job_id)
    http.put("/api/users/me", json={"fullName": "Ann"})
    ann.harness.reads.stats(_claims(ann))
    ann.harness.reads.events(_claims(ann), job_id, 0, 10)
    refused = ann.uploaded("pt", voice_file=b"no sound")
    assert ann.submit(refused).status_code == 400
    waits = ann.queued("pt")
    assert http.post(f"/api/jobs/{waits}/cancel").status_code < 400
    assert http.delete(f"/api/jobs/{waits}").status_code == 204
    assert http.delete(f"/api/jobs/{job_id}").status_code == 204


def _shares(ann: ApiUser, job_id: UUID) -> None:
    made = ann.http.post(f"/api/jobs/{job_id}/languages/pt/shares", json={}).json()
    assert ann.anonymous.get(f"/api/shared/{made['url'].partition('#')[2]}").status_code == 200
    assert len(ann.http.get(f"/api/jobs/{job_id}/shares").json()) == 1
    assert ann.http.delete(f"/api/jobs/{job_id}/shares/{made['id']}").status_code == 204


def _claims(ann: ApiUser) -> Claims:
    return Claims(ann.id, None, "authenticated", {})


def _as_an_operator(harness: ApiHarness, ann: ApiUser) -> None:
    engine = harness.backend.engine
    old = uuid4()
    reaper = SqlReaper(engine, PostgresQueue(), booked)
    for taken in (reaper.cancelled(), reaper.past_deadline(), reaper.attempts_exceeded(20)):
        assert not taken
    reaper.unfinished()
    reaper.recall()
    reaper.settle_unknown()
    with task_lock(engine, "everything") as nobody_else:
        assert nobody_else
    reaper.abandon(old)
    reaper.abandon(None)
    retention = Retention(SqlExpiryRepository(engine), harness.backend.media)
    retention(Terms())
    job_id = ann.dubbed("pt")
    harness.rows("update ytdubber.dubbing_jobs set expires_at = now() where id = :id", id=job_id)
    assert retention(Terms()).jobs > 0
    rows = SqlOutboxRows(engine)
    with harness.backend.database.as_service() as work:
        work.outbox.add(UsageReport("dub_minutes", "cus_1", 1, f"{ann.id}", harness.clock.now()))
        work.commit()
    assert rows.due(10)
    rows.sent(old)
    rows.failed(old, "x", 1.0)
    SqlWorkers(engine).beat(uuid4(), dict.fromkeys(Lane, 1))
    SqlDispatcher(engine, PostgresQueue())()
    line = SqlLine(engine)
    assert line.lanes()
    line.backlog(ann.id)
    assert SqlServiceState(engine, line)().connections
    assert SqlLately(engine)().languages_failed >= 0
    SqlToldAlerts(engine).save({"webhook": {}})
    assert SqlToldAlerts(engine).load() == {"webhook": {}}
    letters = SqlDeadLetters(engine, Replay())
    letters.list()
    failed, lost = ann.queued("pt"), ann.queued("pt")  # the second is ended with what follows
    assert list(harness.backend.media.keys("")), "there is something to sweep"
    SweepStorage(partial(strays, engine), harness.backend.media)()
    for each in (failed, lost):
        harness.rows(
            "update ytdubber.language_tasks set stage = 'failed' where job_id = :id", id=each
        )
    for actor in ("prepare", "dub"):
        with suppress(NotReplayable), engine.begin() as connection:
            Replay()(connection, actor, failed)
    database = harness.backend.database
    Billing(database.as_user, database.as_service, harness.clock, None).grant(
        ann.id, 500, "Welcome"
    )
    with database.as_service() as work:
        work.credits.hold(ann.id)
        work.credits.history(ann.id, 10, Place(harness.clock.now(), old))
        work.credits.find(f"charge:{failed}")
        work.downloads.history(ann.id, 10, Place(harness.clock.now(), old))


def _as_a_program(harness: ApiHarness, ann: ApiUser) -> None:
    """Of a user's: it is told of their jobs."""
    known = {"user": ann.id, "url": "https://example.org/"}
    for _ in range(2):
        harness.rows(
            "insert into ytdubber.webhooks (id, user_id, url, secret)"
            " values (gen_random_uuid(), :user, :url, 'x')",
            **known,
        )
    ann.dubbed("pt")
    deliveries, now = SqlDeliveries(harness.backend.engine), harness.clock.now()
    first, second = deliveries.due(now, 10)
    attempt = Attempt("It was taken.", 200, taken=True)
    deliveries.failed(first, now, attempt, now)
    deliveries.sent(first, now, attempt)
    assert deliveries.next_of(first.target.webhook_id, now)
    deliveries.switch_off(second.target, now, attempt)
    deliveries.tried(second.target, now, attempt)
    assert deliveries.remove_old(now - timedelta(days=30)) == 0
    claims = _claims(ann)
    manage = ManageWebhooks(
        harness.backend.database.as_user, deliveries, HttpWebhookSender(private=True), harness.clock
    )
    made, _ = manage.add(claims, "https://example.org/")
    assert deliveries.target(ann.id, made.id)
    manage.remove(claims, made.id)
    with harness.backend.database.as_user(claims) as work:
        assert work.webhooks.remove(ann.id)
        work.commit()


def _as_a_worker(harness: ApiHarness, ann: ApiUser) -> None:
    job_id = ann.queued("pt")
    leases = SqlLeases(harness.backend.engine)
    lease = leases.claim(Kind.JOB, job_id, uuid4())
    assert isinstance(lease, Lease)
    leases.beat(lease)
    leases.claim(Kind.JOB, job_id, uuid4())
    with harness.backend.fenced(lease)() as work:
        (task,) = work.tasks.of_job(job_id)
        now = harness.clock.now()
        work.tasks.save(task.wait(Waiting("deepgram", now, now)))
        work.job_repository.put_off(lease, job_id, now)
        work.tasks.add(LanguageTask(uuid4(), job_id, "es"))
        work.commit()
    SqlReaper(harness.backend.engine, PostgresQueue(), booked).release(lease)
    _as_a_vendors_caller(harness, job_id)
    with harness.backend.database.as_service() as work:
        work.learn_speed("stt", 1.0)
        work.commit()
    harness.hands.hear(job_id)
    (task_id, *_) = [row[0] for row in harness.rows(TASKS, id=job_id)]
    lease = leases.claim(Kind.TASK, UUID(str(task_id)), uuid4())
    assert isinstance(lease, Lease)
    leases.beat(lease)
    leases.claim(Kind.TASK, lease.id, uuid4())
    with harness.backend.fenced(lease)() as work:
        work.job_repository.put_off(lease, job_id, harness.clock.now())
        work.commit()
    leases.release(lease)
    harness.hands.dub(job_id)


def _as_a_vendors_caller(harness: ApiHarness, job_id: UUID) -> None:
    engine, budget = harness.backend.engine, Decimal(1_000)
    model = EngineId("deepgram", "nova-3", "1")
    budgets = Budgets(budget, budget, budget)
    kept = KeptReceipts(harness.backend.settings.data / "receipts")
    ledger = SqlLedger(engine, FilePriceBook(), budgets, ttl_s=SHORTLY_S, kept=kept)
    heard = [Quantity("audio_seconds", Decimal(1)), Quantity("diarized_seconds", Decimal(1))]
    receipt = Receipt(model, "transcribe", tuple(heard[:1]), elapsed_ms=1)
    attempts = [
        ledger.attempt(CallContext(job_id), model, "transcribe", heard, f"key {number}")
        for number in range(4)
    ]
    _renewed(
        harness,
        "select max(under_way_until) from ytdubber.usage_receipts where job_id = :id",
        job_id,
    )
    attempts[0].settle(receipt)
    attempts[1].failed(ErrorKind.TIMEOUT, None)
    attempts[2].unknown()
    attempts[2].settle(receipt)  # it becomes known after all
    kept.keep(attempts[3].receipt_id, Settlement("succeeded", receipt))
    ledger.write_kept()
    semaphores = SqlSemaphores(engine, ttl_s=SHORTLY_S)
    with semaphores.acquire("plans", 1, CallContext(job_id)):
        _renewed(harness, "select max(until) from ytdubber.slots", job_id)
    semaphores.close()
    rates, voice = SqlSpeakingRates(engine), Voice("v", "pt", Gender.FEMALE, "v")
    rates.learn(model, voice, 100, 9_000)
    rates.chars_per_second(model, voice)


def _renewed(harness: ApiHarness, query: str, job_id: UUID) -> None:
    """Wait until whoever holds something there has said so again."""
    before = harness.rows(query, id=job_id)
    while harness.rows(query, id=job_id) == before:
        time.sleep(SHORTLY_S / 8)


def _as_an_administrator(harness: ApiHarness, admin: ApiUser) -> None:
    today = harness.clock.now().date().isoformat()
    for by in By:
        reply = admin.http.get(f"/api/admin/costs?by={by.value}&from={today}&to={today}")
        assert reply.status_code == 200
    assert admin.http.get("/api/admin/status").json()["service"]
    for wanted in ({"all": True}, {"since": f"{today}T00:00:00Z"}, {"ids": [str(uuid4())]}):
        assert admin.http.post("/api/admin/dead-letters/replay", json=wanted).status_code == 200
