"""Whoever lost a lease has no word any more, and what ends a job and what opens it again agree."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.log_lines import written
from tests.waiting import PATIENCE_S, eventually

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.replay import Replay
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.dubs.manifest import engine_entry
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.jobs.finish_job import FinishJob
from ytdubber.app.jobs.run_job import RunJob
from ytdubber.app.operations.reconcile import Reconcile
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    CallUnderWay,
    Cancelled,
    ErrorKind,
    LeaseLost,
    NoSpeech,
    VendorError,
    YtDubberError,
)
from ytdubber.domain.stage import Stage
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_queue import ACTORS
from ytdubber.ports.leases import LEASED, Kind, Lease
from ytdubber.ports.service_work import AsService
from ytdubber.worker.heartbeat import Heartbeat
from ytdubber.worker.job_handler import Ends, JobHandler, RetryPolicy, UseCase

CLOCK = SystemClock()
HEARD = PreparedFacts(
    samples=48_000,
    sample_rate_hz=48_000,
    voice_ms=1_000,
    background_ms=None,
    engine=engine_entry(EngineId("whisper", "m", "1")),
    timings_ms={},
)
"""What hearing a recording found."""


@dataclass
class Floor:
    """The use cases that end jobs, as a worker has them, on the harness's database."""

    harness: WorkerHarness
    folder: Path

    def __post_init__(self) -> None:
        as_service = self.harness.database.as_service
        self.media = FolderMediaStore(self.folder / "media", bytes(32), "http://localhost", CLOCK)
        self.finish = FinishJob(as_service, self.media, CLOCK, dict, self.scratch)
        self.run = RunJob(
            engines=lambda _: pytest.fail("nothing is dubbed here"),
            fenced=self._fenced,
            last_word=partial(self._fenced, released=True),
            media=self.media,
            clock=CLOCK,
            scratch=self.scratch,
            finish=self.finish,
        )
        self.reconcile = Reconcile(
            self.harness.reaper, self.run.failed, self.run.cancelled, self.finish
        )
        self.end_job = EndJob(self.harness.database.as_user, self.media, CLOCK)

    def _fenced(self, lease: Lease, *, released: bool = False) -> AsService:
        return lambda: self.harness.recorder.fenced(lease, released=released)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        with TemporaryDirectory(dir=self.folder) as folder:
            yield Path(folder)

    def handler(self, use_case: UseCase) -> JobHandler:
        """Where one worker takes work up."""
        heartbeat = Heartbeat(
            self.harness.leases
        )  # it does not beat: the test says when a lease ends
        cases = dict.fromkeys(Kind, use_case)
        never = RetryPolicy(max_retries=0)
        ends = Ends(self.run.failed, self.run.cancelled, self.harness.bury, never)
        return JobHandler(self.harness.leases, heartbeat, cases, ends, lambda: None, uuid4())

    def complete(self, lease: Lease) -> None:
        """The language is made."""
        with self._fenced(lease)() as work:
            task = work.tasks.get(lease.id)
            work.tasks.save(task.enter(Stage.COMPLETE, CLOCK.now()))
            work.commit()
        self.finish(task.job_id)

    def replay(self, kind: Kind, row_id: UUID) -> None:
        with service_role(self.harness.engine) as connection:
            Replay()(connection, ACTORS[kind], row_id)


@pytest.fixture
def floor(harness: WorkerHarness, tmp_path: Path) -> Floor:
    return Floor(harness, tmp_path)


def _heard(rows: Rows, *languages: str) -> Made:
    """A job whose recording was heard."""
    job = rows.job(*languages)
    rows.ask("update ytdubber.dubbing_jobs set prepared = %s", HEARD.model_dump_json())
    return job


def _run_out(rows: Rows) -> None:
    for table in ("dubbing_jobs", "language_tasks"):
        rows.ask(f"update ytdubber.{table} set lease_until = now() - interval '1 second'")


def _claim(harness: WorkerHarness, kind: Kind, row_id: UUID) -> Lease:
    lease = harness.leases.claim(kind, row_id, uuid4())
    assert isinstance(lease, Lease)
    return lease


@pytest.mark.parametrize("error", [Cancelled(), NoSpeech(file="a.wav"), ValueError("a bug")])
@pytest.mark.parametrize("kind", LEASED)
def test_who_lost_a_lease_ends_nothing(
    rows: Rows, floor: Floor, kind: Kind, error: Exception
) -> None:
    job = rows.job("pt", prepared=False)
    row_id = job.id if kind is Kind.JOB else job.tasks["pt"]
    successor: list[Lease] = []

    def lose(lease: Lease, check: Callable[[], None]) -> None:
        _run_out(rows)
        successor.append(_claim(floor.harness, kind, row_id))
        raise error

    floor.handler(lose).work(kind, row_id)
    assert rows.letters() == 0
    assert rows.stages(job) == {"pt": "queued"}
    assert floor.harness.leases.beat(successor[0]).held


@pytest.mark.parametrize("kind", LEASED)
def test_who_failed_last_has_the_last_word(rows: Rows, floor: Floor, kind: Kind) -> None:
    job = rows.job("pt", prepared=False)
    row_id = job.id if kind is Kind.JOB else job.tasks["pt"]

    def fail(lease: Lease, check: Callable[[], None]) -> None:
        raise ValueError("a bug")

    floor.handler(fail).work(kind, row_id)
    assert rows.stages(job) == {"pt": "failed"}
    assert rows.one("select finished_at is not null from ytdubber.dubbing_jobs")


@pytest.mark.parametrize("fault", ErrorKind)
def test_users_read_nothing_of_keys_and_requests(
    rows: Rows, floor: Floor, fault: ErrorKind
) -> None:
    job = rows.job("pt", prepared=False)
    cause = "the API key was not accepted (request req_7f)"

    def fail(lease: Lease, check: Callable[[], None]) -> None:
        raise VendorError("openai", fault, cause)

    with written() as lines:
        floor.handler(fail).work(Kind.TASK, job.tasks["pt"])
    told = str(rows.one("select error_message from ytdubber.language_tasks"))
    assert told.startswith("OpenAI ")
    assert told.endswith(".")
    assert not any(word in told for word in ("key", "req_7f", str(fault)))
    assert cause in lines.text


def test_what_could_not_be_begun_is_left_to_others(rows: Rows, floor: Floor) -> None:
    job = rows.job("pt", "es")

    rows.ask("alter table ytdubber.language_tasks rename column lease_until to away")
    with pytest.raises(SQLAlchemyError):
        floor.handler(lambda lease, check: None).work(Kind.TASK, job.tasks["pt"])
    rows.ask("alter table ytdubber.language_tasks rename column away to lease_until")
    assert rows.stages(job) == {"pt": "queued", "es": "queued"}
    assert rows.letters() == 0


def test_who_heard_a_recording_ends_no_language_that_is_being_made(
    rows: Rows, floor: Floor
) -> None:
    job = rows.job("pt", "es", prepared=False)
    hearing = _claim(floor.harness, Kind.JOB, job.id)
    rows.ask("update ytdubber.dubbing_jobs set prepared = '{}'")
    floor.run.failed(hearing, "internal_error", "x")
    floor.run.cancelled(hearing)
    assert rows.stages(job) == {"pt": "queued", "es": "queued"}


def test_what_the_reconciler_ends_is_taken_from_whoever_works_on_it(
    rows: Rows, floor: Floor
) -> None:
    job = _heard(rows, "pt")
    slow = _claim(floor.harness, Kind.TASK, job.tasks["pt"])
    rows.ask("update ytdubber.dubbing_jobs set deadline_at = now()")
    (taken,) = floor.harness.reaper.past_deadline()
    with pytest.raises(LeaseLost):
        floor.complete(slow)
    rows.ask("update ytdubber.dubbing_jobs set deadline_at = now() + interval '1 hour'")
    _run_out(rows)  # the reconciler was held up, and an operator gave the job more time
    again = _claim(floor.harness, Kind.TASK, job.tasks["pt"])
    floor.run.failed(taken, "deadline_exceeded", "x")
    assert rows.stages(job) == {"pt": "queued"}
    floor.complete(again)
    assert rows.stages(job) == {"pt": "complete"}


def test_the_same_call_is_begun_once_by_many(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt")
    ledger = SqlLedger(harness.engine, FilePriceBook())
    call, engine = CallContext(job.id), EngineId("kokoro", "m", "1")
    begun, refused = [], []
    line = threading.Barrier(8)

    def begin(turn: int) -> None:
        line.wait()
        try:
            begun.append(ledger.attempt(call, engine, "speak", [], f"line {turn}"))
        except CallUnderWay:
            refused.append(turn)

    with ThreadPoolExecutor(8) as pool:
        for turn in range(10):
            list(pool.map(begin, [turn] * 8))
    for attempt in begun:
        attempt.unknown()
    assert (len(begun), len(refused)) == (10, 70)


def test_a_job_that_is_replayed_while_it_is_finished_stays_open(
    rows: Rows, floor: Floor, harness: WorkerHarness
) -> None:
    job = rows.job("pt", "es", prepared=False)
    rows.ask("update ytdubber.language_tasks set stage = 'failed'")
    with ThreadPoolExecutor(1) as pool:
        with harness.engine.begin() as operator:
            Replay()(operator, ACTORS[Kind.TASK], job.tasks["pt"])
            finishing = pool.submit(floor.finish, job.id)
            waiting = "select exists (select from pg_locks where not granted)"
            assert eventually(lambda: bool(rows.one(waiting)))  # it has read what has ended
        finishing.result(timeout=PATIENCE_S)
    assert rows.stages(job) == {"pt": "queued", "es": "failed"}
    assert rows.one("select finished_at is null from ytdubber.dubbing_jobs")


STEPS = ("work", "break", "lose", "cancel", "replay", "reconcile", "finish", "expire", "delete")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(st.sampled_from(STEPS), min_size=1, max_size=5), min_size=2, max_size=4))
@example([["break", "replay", "work"], ["break", "replay", "finish"], ["reconcile"] * 4])
@example([["break", "finish", "replay"], ["finish"] * 5, ["replay", "work"], ["expire"] * 5])
def test_whatever_happens_at_once_the_rows_agree(
    rows: Rows, floor: Floor, scripts: Sequence[Sequence[str]]
) -> None:
    """Workers, a user, an operator and the reconciler at once on one job, each on connections of
    its own: what nobody may see is a language at work in a finished job, or one that was ended by
    somebody without a right to.
    """
    rows.clear()
    job = _heard(rows, "pt", "es")
    told = _Told()
    line = threading.Barrier(len(scripts))

    def play(script: Sequence[str]) -> None:
        line.wait()
        for number, step in enumerate(script):
            task_id = list(job.tasks.values())[number % 2]
            _step(step, rows, floor, job, task_id, told)
            told.broken += rows.one(_BROKEN)

    with ThreadPoolExecutor(len(scripts)) as pool:
        list(pool.map(play, scripts))
    assert told.broken == 0
    assert told.errors == []
    floor.reconcile()
    ended = rows.ask(
        "select t.stage, t.error_code, j.finished_at from ytdubber.language_tasks as t"
        " join ytdubber.dubbing_jobs as j on j.id = t.job_id"
    )
    final = {"complete", "failed", "cancelled"}
    assert all(row["finished_at"] is None or row["stage"] in final for row in ended)
    assert {row["error_code"] for row in ended} <= {None, "internal_error"}
    assert rows.one(_TWICE) == 0


_BROKEN = """
select count(*) from ytdubber.dubbing_jobs as j join ytdubber.language_tasks as t on t.job_id = j.id
where j.finished_at is not null and t.stage not in ('complete', 'failed', 'cancelled')
"""
_TWICE = """
select count(*) from (
  select e.task_id, lag(e.data->>'stage') over (partition by e.task_id order by e.id) as before,
    e.data->>'stage' as stage
  from ytdubber.job_events as e where e.kind = 'stage') as told
where before in ('complete', 'cancelled') or (before = 'failed' and stage <> 'queued')
"""


class _Told:
    """What went wrong in any thread."""

    def __init__(self) -> None:
        self.broken = 0
        self.errors: list[BaseException] = []


def _step(step: str, rows: Rows, floor: Floor, job: Made, task_id: UUID, told: _Told) -> None:
    user = Claims(job.user_id, None, "authenticated", {})
    try:
        match step:
            case "work" | "break" | "lose":
                _work(step, rows, floor, task_id)
            case "cancel":
                floor.end_job.cancel(user, job.id)
            case "delete":
                floor.end_job.delete(user, job.id)
            case "replay":
                floor.replay(Kind.TASK, task_id)
            case "reconcile":
                floor.reconcile()
            case "finish":
                floor.finish(job.id)
            case "expire":
                _expire(rows, task_id)
    except YtDubberError:
        pass  # refused, in words
    except SQLAlchemyError as error:
        told.errors.append(error)


def _expire(rows: Rows, task_id: UUID) -> None:
    rows.ask("update ytdubber.language_tasks set lease_until = now() where id = %s", task_id)


def _work(step: str, rows: Rows, floor: Floor, task_id: UUID) -> None:
    def use_case(lease: Lease, check: Callable[[], None]) -> None:
        if step == "lose":
            _expire(rows, task_id)
        if step == "break":
            raise ValueError("a bug")
        floor.complete(lease)

    floor.handler(use_case).work(Kind.TASK, task_id)
