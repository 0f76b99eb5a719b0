"""What the service asks its database costs what there is to find, not what was ever done.

Every statement that API, workers and chores make is planned by the database as it runs, in its own
role and under row-level security, among 10,000 jobs of long ago; `auto_explain` tells the plan.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import Diagnostic
from sqlalchemy import event
from sqlalchemy.pool import Pool
from tests.booking import booked
from tests.integration.api.person import Person, person
from tests.integration.api.rig import Rig, api
from tests.integration.api.seeding import seed

from ytdubber.adapters.db.leases import SqlLeases
from ytdubber.adapters.db.ledger import SqlLedger
from ytdubber.adapters.db.outbox import SqlOutboxRows
from ytdubber.adapters.db.reopening import Reopen
from ytdubber.adapters.db.retention import SqlRetentionBook
from ytdubber.adapters.db.strays import strays
from ytdubber.adapters.db.upkeep import SqlUpkeep
from ytdubber.adapters.prices.book import FilePriceBook
from ytdubber.adapters.queue.dead_letters import QueueDeadLetters
from ytdubber.adapters.queue.messages import enqueue, waiting
from ytdubber.app.retention import Retention
from ytdubber.app.sweep_storage import SweepStorage
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import NotReplayable
from ytdubber.domain.spending import Budgets
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call import Call
from ytdubber.ports.costs import By
from ytdubber.ports.identity import Claims
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.paging import Place
from ytdubber.ports.retention import Terms

JOBS = 10_000
SMALL = {"slots", "stage_speeds", "speaking_rates", "alembic_version", "queue", "worker", "result"}
"""Tables that do not grow with the jobs ever made."""
WHOLE = {
    "dubbing_jobs_open",
    "dubbing_jobs_unpurged",
    "dubbing_jobs_unforgotten",
    "language_tasks_open",
    "outbox_due",
    "usage_receipts_open",
}
"""Partial indexes that hold only what is open or due: they may be read from end to end."""
SETTINGS = (
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_level = 'notice'",
    "auto_explain.log_format = 'json'",
)


@dataclass
class Plans:
    """The plans the database told, by what was asked."""

    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    def listen(self, connection: psycopg.Connection, record: object) -> None:
        """Hear what the database says on a new connection."""
        del record
        connection.add_notice_handler(self._hear)

    def _hear(self, notice: Diagnostic) -> None:
        text = notice.message_primary or ""
        if "plan:" in text:
            plan = json.loads(text[text.index("{") :])
            self.told[" ".join(plan["Query Text"].split())] = plan["Plan"]

    def growing(self) -> list[str]:
        """What reads more, the more jobs there ever were."""
        return [
            f"{how} of {what}: {query}"
            for query, plan in self.told.items()
            for how, what in _growing(plan)
        ]


def _growing(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind, index = plan["Node Type"], plan.get("Index Name", "")
    table = plan.get("Relation Name", "pg_")
    if kind == "Seq Scan" and table not in SMALL and not table.startswith("pg_"):
        yield kind, table
    if "Index" in kind and "Scan" in kind and "Index Cond" not in plan and index not in WHOLE:
        yield f"whole {kind}", index
    for part in plan.get("Plans", ()):
        yield from _growing(part)


@pytest.fixture(scope="module")
def plans() -> Iterator[Plans]:
    plans = Plans()
    event.listen(Pool, "connect", plans.listen)
    yield plans
    event.remove(Pool, "connect", plans.listen)


@pytest.fixture(scope="module")
def rig(plans: Plans, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A service of old, which tells how it finds what it is asked for."""
    with api(tmp_path_factory.mktemp("old")) as rig:
        seed(rig.backend.urls.owner, JOBS)
        with psycopg.connect(rig.backend.urls.owner, autocommit=True) as connection:
            for setting in SETTINGS:
                name = rig.backend.urls.owner.rpartition("/")[2].partition("?")[0]
                connection.execute(f"alter database {name} set {setting}".encode())
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        yield rig


def test_nothing_grows_with_all_jobs_ever_made(rig: Rig, plans: Plans) -> None:
    with person(rig) as ann, person(rig, admin=True) as admin:
        _as_a_user(ann)
        _as_an_operator(rig, ann)
        _as_a_worker(rig, ann)
        _as_an_administrator(rig, admin)
    assert "\n".join(plans.growing()) == ""
    assert len(plans.told) > 120, "the database tells its plans"


def _as_a_user(ann: Person) -> None:
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
    operations = ann.rig.app.openapi()["paths"]
    for path, known in operations.items():  # whatever else there is to look at
        if "get" in known and "{" not in path and "events" not in path:
            http.get(path, follow_redirects=False)
    links = http.get(f"/api/jobs/{job_id}/download").json()["links"]
    assert ann.anonymous.get(links[0]["url"]).status_code in (302, 303, 307)
    ann.anonymous.get(ann.job(job_id)["files"][0]["url"])
    http.put("/api/users/me", json={"full_name": "Ann"})
    ann.rig.reads.stats(_claims(ann))
    ann.rig.reads.events(_claims(ann), job_id, 0, 10)
    waits = ann.queued("pt")
    assert http.post(f"/api/jobs/{waits}/cancel").status_code < 400
    assert http.delete(f"/api/jobs/{waits}").status_code == 204
    assert http.delete(f"/api/jobs/{job_id}").status_code == 204


def _claims(ann: Person) -> Claims:
    return Claims(ann.id, None, "authenticated", {})


def _as_an_operator(rig: Rig, ann: Person) -> None:
    engine = rig.backend.engine
    old = uuid4()
    upkeep = SqlUpkeep(engine, enqueue, waiting, booked)
    for taken in (upkeep.unwanted(), upkeep.overdue(), upkeep.exhausted(20)):
        assert not taken
    upkeep.unfinished()
    upkeep.wake()
    upkeep.settle_unknown()
    upkeep.abandon(old)
    upkeep.abandon(None)
    retention = Retention(SqlRetentionBook(engine), rig.backend.media)
    retention(Terms())
    job_id = ann.dubbed("pt")
    rig.rows("update ytdubber.dubbing_jobs set expires_at = now() where id = :id", id=job_id)
    assert retention(Terms()).jobs > 0
    SweepStorage(partial(strays, engine), rig.backend.media)()
    rows = SqlOutboxRows(engine)
    rows.due(10)
    rows.sent(old)
    rows.failed(old, "x", 1.0)
    letters = QueueDeadLetters(engine, Reopen())
    letters.list()
    failed = ann.queued("pt")
    rig.rows("update ytdubber.language_tasks set stage = 'failed' where job_id = :id", id=failed)
    for actor in ("prepare", "dub"):
        with suppress(NotReplayable), engine.begin() as connection:
            Reopen()(connection, actor, failed)
    with rig.backend.database.as_service() as work:
        work.credits.hold(ann.id)
        work.credits.history(ann.id, 10, Place(rig.clock.now(), old))
        work.credits.find(f"charge:{failed}")
        work.downloads.history(ann.id, 10, Place(rig.clock.now(), old))


def _as_a_worker(rig: Rig, ann: Person) -> None:
    job_id = ann.queued("pt")
    leases = SqlLeases(rig.backend.engine)
    lease = leases.claim(Kind.JOB, job_id, uuid4())
    assert isinstance(lease, Lease)
    leases.beat(lease)
    leases.claim(Kind.JOB, job_id, uuid4())
    leases.release(lease)
    budget = Decimal(1_000)
    ledger = SqlLedger(rig.backend.engine, FilePriceBook(), Budgets(budget, budget, budget))
    engine = EngineId("deepgram", "nova-3", "1")
    heard = [Quantity("audio_seconds", Decimal(1))]
    attempt = ledger.attempt(Call(job_id), engine, "transcribe", heard, "key")
    attempt.settle(Receipt(engine, "transcribe", tuple(heard), elapsed_ms=1))
    with rig.backend.database.as_service() as work:
        work.learn_speed("stt", 1.0)
        work.commit()
    rig.hands.dub(job_id)


def _as_an_administrator(rig: Rig, admin: Person) -> None:
    today = rig.clock.now().date().isoformat()
    for by in By:
        reply = admin.http.get(f"/api/admin/costs?by={by.value}&from={today}&to={today}")
        assert reply.status_code == 200
