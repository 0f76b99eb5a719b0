"""Rows that nobody acts on are acted on."""

from uuid import uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.log_lines import written

from ytdubber.app.operations.reconcile import MOST_CLAIMS, Reconciled
from ytdubber.ports.leases import Kind, Lease


def _claim(harness: WorkerHarness, kind: Kind, row_id: object) -> Lease:
    lease = harness.leases.claim(kind, row_id, uuid4())  # type: ignore[arg-type]  # an id of ours
    assert isinstance(lease, Lease)
    return lease


def _wait_long(rows: Rows) -> None:
    """As if it had been sent a minute ago."""
    rows.ask("update ytdubber.language_tasks set woken_at = now() - interval '61 seconds'")
    rows.ask("update ytdubber.dubbing_jobs set woken_at = now() - interval '61 seconds'")


def _ran_out(rows: Rows) -> None:
    rows.ask("update ytdubber.language_tasks set lease_until = now() - interval '1 second'")
    rows.ask("update ytdubber.dubbing_jobs set lease_until = now() - interval '1 second'")


def _error(rows: Rows, job: Made) -> str:
    return str(rows.one("select error_code from ytdubber.language_tasks where job_id = %s", job.id))


@pytest.mark.parametrize("prepared", [True, False])
def test_what_lost_its_message_waits_again_after_a_minute(
    rows: Rows, harness: WorkerHarness, prepared: bool
) -> None:
    rows.job("pt", prepared=prepared)
    harness.workers.beat(uuid4(), harness.threads)
    assert harness.dispatch() == 1
    assert harness.dispatch() == 0
    rows.ask("delete from ytdubber_queue.queue")
    assert harness.reconcile() == Reconciled()
    rows.ask("update ytdubber.dubbing_jobs set woken_at = woken_at - interval '61 seconds'")
    rows.ask("update ytdubber.language_tasks set woken_at = woken_at - interval '61 seconds'")
    assert harness.reconcile() == Reconciled(woken=1)
    assert harness.dispatch() == 1
    assert rows.messages() == ["queued"]


def test_what_has_a_message_waits_for_it(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt")
    _wait_long(rows)
    rows.wake_tasks(job)
    assert harness.reconcile() == Reconciled()


def test_a_clock_that_is_turned_back_delays_no_message(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt", "es")
    rows.wake(Kind.TASK, job.tasks["pt"])
    rows.ask(  # it is an hour earlier now
        "update ytdubber_queue.queue set mtime = mtime + interval '1 hour',"
        " available_at = available_at + interval '1 hour'"
    )
    rows.ask("update ytdubber.language_tasks set woken_at = now() + interval '1 hour'")
    assert harness.reconcile() == Reconciled(woken=1)  # the other has no message
    assert rows.one("select max(available_at) <= now() from ytdubber_queue.queue")


def test_a_clock_that_is_turned_back_holds_nothing_up(rows: Rows, harness: WorkerHarness) -> None:
    rows.job("pt")
    harness.workers.beat(uuid4(), harness.threads)
    rows.ask("update ytdubber.language_tasks set not_before = now() + interval '1 hour'")
    rows.ask("update ytdubber.language_tasks set held_at = now()")
    assert harness.dispatch() == 0
    rows.ask("update ytdubber.language_tasks set held_at = now() + interval '59 minutes'")
    assert harness.dispatch() == 1


def test_a_message_that_a_live_worker_took_and_lost_is_replaced(
    rows: Rows, harness: WorkerHarness
) -> None:
    job = rows.job("pt")
    _wait_long(rows)
    rows.wake_tasks(job)
    rows.ask("update ytdubber_queue.queue set state = 'consumed'")
    assert harness.reconcile() == Reconciled(woken=1)


def test_what_a_dead_worker_held_is_woken(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt")
    harness.workers.beat(uuid4(), harness.threads)
    _claim(harness, Kind.TASK, job.tasks["pt"])
    assert harness.dispatch() == 0
    _ran_out(rows)
    assert harness.dispatch() == 1


@pytest.mark.parametrize("held", [True, False])
def test_what_takes_too_long_fails(rows: Rows, harness: WorkerHarness, held: bool) -> None:
    job = rows.job("pt")
    lease = _claim(harness, Kind.TASK, job.tasks["pt"]) if held else None
    rows.ask("update ytdubber.dubbing_jobs set deadline_at = now()")
    assert harness.reconcile().failed == 1
    assert rows.stages(job) == {"pt": "failed"}
    assert _error(rows, job) == "deadline_exceeded"
    if lease:
        assert not harness.leases.beat(lease).held


def test_a_job_that_is_not_heard_in_time_fails(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt", "es", prepared=False)
    rows.ask("update ytdubber.dubbing_jobs set deadline_at = now()")
    assert harness.reconcile().failed == 1
    assert rows.stages(job) == {"pt": "failed", "es": "failed"}


def test_what_kills_its_workers_is_given_up(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt")
    rows.ask("update ytdubber.language_tasks set attempts = %s", MOST_CLAIMS - 1)
    _claim(harness, Kind.TASK, job.tasks["pt"])
    assert harness.reconcile() == Reconciled()
    _ran_out(rows)
    assert harness.reconcile().failed == 1
    assert _error(rows, job) == "begun_too_often"


def test_what_waits_is_cancelled_and_what_runs_is_not(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt", "es")
    _claim(harness, Kind.TASK, job.tasks["pt"])
    rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true")
    assert harness.reconcile() == Reconciled(cancelled=1)
    assert rows.stages(job) == {"pt": "queued", "es": "cancelled"}
    _ran_out(rows)
    assert harness.reconcile().cancelled == 1
    assert rows.stages(job) == {"pt": "cancelled", "es": "cancelled"}
    assert rows.one("select finished_at is not null from ytdubber.dubbing_jobs")


def test_a_cancelled_job_that_is_being_heard_is_left_to_its_worker(
    rows: Rows, harness: WorkerHarness
) -> None:
    job = rows.job("pt", prepared=False)
    lease = _claim(harness, Kind.JOB, job.id)
    rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true")
    assert harness.reconcile() == Reconciled()
    harness.leases.release(lease)
    assert harness.reconcile().cancelled == 1
    assert rows.stages(job) == {"pt": "cancelled"}


def test_a_job_whose_languages_have_ended_is_finished(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt", "es")
    lease = _claim(harness, Kind.TASK, job.tasks["pt"])
    rows.ask("update ytdubber.language_tasks set stage = 'complete' where language = 'pt'")
    assert harness.reconcile().finished == 0
    rows.ask("update ytdubber.language_tasks set stage = 'failed' where language = 'es'")
    assert harness.reconcile().finished == 0  # its worker is about to
    harness.leases.release(lease)
    assert harness.reconcile() == Reconciled(finished=1)
    assert harness.reconcile() == Reconciled()


def test_one_broken_row_keeps_no_other_waiting(rows: Rows, harness: WorkerHarness) -> None:
    bad, good = rows.job("pt"), rows.job("es")
    rows.ask("update ytdubber.dubbing_jobs set deadline_at = now()")
    rows.ask(
        "create function public.refuse() returns trigger language plpgsql as"
        " $$ begin raise 'no'; end $$"
    )
    rows.ask(
        "create trigger refuse before update of stage on ytdubber.language_tasks for each row"
        " when (old.language = 'pt') execute function public.refuse()"
    )
    with written() as lines:
        assert harness.reconcile().failed == 1
    rows.ask("drop function public.refuse cascade")
    assert rows.stages(good) == {"es": "failed"}
    assert rows.stages(bad) == {"pt": "queued"}
    (line,) = lines.of("row.not_reconciled")
    assert line["row_id"] == str(bad.tasks["pt"])
    assert (line["job_id"], line["request_id"]) == (str(bad.id), bad.request_id)


@pytest.mark.parametrize("of_task", [True, False])
def test_calls_of_a_dead_worker_have_an_unknown_end(
    rows: Rows, harness: WorkerHarness, of_task: bool
) -> None:
    job = rows.job("pt", prepared=False)
    kind, row_id = (Kind.TASK, job.tasks["pt"]) if of_task else (Kind.JOB, job.id)
    lease = _claim(harness, kind, row_id)
    for age in ("1 second", "2 minutes"):
        rows.ask(
            "insert into ytdubber.usage_receipts (id, job_id, task_id, user_id, provider, model,"
            " version, operation, outcome, quantities, started_at) values (%s, %s, %s, %s, 'a',"
            " 'b', 'c', 'speak', 'started', '[]', now() - %s::interval)",
            uuid4(),
            job.id,
            row_id if of_task else None,
            job.user_id,
            age,
        )
    assert harness.reconcile().unknown == 0
    harness.leases.release(lease)
    assert harness.reconcile().unknown == 1
    outcomes = rows.ask("select outcome from ytdubber.usage_receipts order by started_at")
    assert [row["outcome"] for row in outcomes] == ["unknown", "started"]
