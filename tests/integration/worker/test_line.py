"""Where jobs stand in the line, when they begin, and what nobody will take up."""

import logging
from uuid import uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.log_lines import fields

from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.domain.admission import Amount
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.leases import Kind, new_owner


@pytest.fixture
def seen(harness: WorkerHarness) -> WorkerHarness:
    """With a worker of two threads in each lane, which takes nothing."""
    harness.workers.beat(uuid4(), {Lane.IO: 2, Lane.CPU: 2})
    return harness


def _line(harness: WorkerHarness) -> SqlLine:
    """The line as it is now."""
    return SqlLine(harness.engine)


def _measured(rows: Rows, **seconds: float) -> None:
    for stage, speed in seconds.items():
        rows.ask(
            "insert into ytdubber.stage_speeds (stage, seconds_per_second) values (%s, %s)",
            stage,
            speed,
        )


def _lasts(rows: Rows, job: Made, minutes: float) -> None:
    rows.ask(
        "update ytdubber.dubbing_jobs set voice_duration_ms = %s where id = %s",
        minutes * 60_000,
        job.id,
    )


def _heard(rows: Rows, job: Made) -> None:
    rows.ask(
        "update ytdubber.dubbing_jobs set prepared = '{}', heard_at = now() where id = %s", job.id
    )


def test_jobs_that_have_not_begun_have_places(rows: Rows, seen: WorkerHarness) -> None:
    jobs = [rows.job("quick", prepared=False) for _ in range(3)]
    line = _line(seen)
    found = [line.of(job.id) for job in jobs]
    assert sorted(each.position or 0 for each in found if each) == [1, 2, 3]
    assert not any(each.unserved for each in found if each)
    seen.leases.claim(Kind.JOB, jobs[0].id, new_owner(uuid4()))
    later = _line(seen)
    assert later.of(jobs[0].id) is None
    assert {place.position for job in jobs[1:] if (place := later.of(job.id))} == {1, 2}


def test_nobody_is_told_a_time_before_one_was_measured(rows: Rows, seen: WorkerHarness) -> None:
    job = rows.job("quick", prepared=False)
    stands = _line(seen).of(job.id)
    assert stands is not None
    assert (stands.position, stands.starts_in_s) == (1, None)


def test_when_a_job_begins_follows_from_what_is_before_it(rows: Rows, seen: WorkerHarness) -> None:
    """Two threads hear for a minute each; the third job begins then, the next with it."""
    _measured(rows, stt=0.1, translating=0.0, dubbing=0.1, mixing=0.0, exporting=0.0)
    jobs = [rows.job("quick", prepared=False) for _ in range(4)]
    for job in jobs:
        _lasts(rows, job, 10)
    assert seen.dispatch() == 3
    for row in rows.ask("select id from ytdubber.dubbing_jobs order by woken_at limit 2"):
        seen.leases.claim(Kind.JOB, row["id"], new_owner(uuid4()))
    line = _line(seen)
    times = sorted(
        (stands.position or 0, stands.starts_in_s or 0)
        for job in jobs
        if (stands := line.of(job.id))
    )
    assert times == [(1, 60.0), (2, 60.0)]


def test_a_line_that_gets_on_slower_than_expected_says_so(rows: Rows, seen: WorkerHarness) -> None:
    """In five minutes with work waiting five pieces of a minute were done, by two threads."""
    _measured(rows, stt=0.1, translating=0.0, dubbing=0.1, mixing=0.0, exporting=0.0)
    done = [rows.job("quick") for _ in range(5)]
    for job in done:
        _lasts(rows, job, 10)
        rows.ask("update ytdubber.language_tasks set stage = 'complete' where job_id = %s", job.id)
    waiting = [rows.job("quick", prepared=False) for _ in range(3)]
    for job in waiting:
        _lasts(rows, job, 10)
        rows.ask(
            "update ytdubber.dubbing_jobs set submitted_at = now() - interval '5 minutes'"
            " where id = %s",
            job.id,
        )
    stands = [_line(seen).of(job.id) for job in waiting]
    last = max(stands, key=lambda each: (each and each.position) or 0)
    assert last is not None
    assert last.starts_in_s == pytest.approx(120.0, rel=0.01)  # not 60, as the threads promise


def test_what_no_live_worker_takes_is_told(
    rows: Rows, harness: WorkerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    job = rows.job("quick")
    rows.ask("update ytdubber.language_tasks set lane = 'cpu'")
    harness.workers.beat(uuid4(), {Lane.IO: 2})
    _line(harness).lanes()
    assert not caplog.records  # one may be about to start
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now() - interval '1 minute'")
    line = _line(harness)
    with caplog.at_level(logging.WARNING):
        stands = line.of(job.id)
        line.of(job.id)
    (record,) = caplog.records
    assert record.getMessage() == "queue.no_worker"
    start = "ytdubber worker --queues cpu"
    assert fields(record) == {"lane": Lane.CPU, "waiting": 1, "start": start}
    assert stands is not None
    assert stands.unserved
    assert line.lanes()[Lane.CPU].unserved
    assert not line.lanes()[Lane.IO].unserved
    harness.workers.beat(uuid4(), {Lane.CPU: 1})
    served = _line(harness).of(job.id)
    assert served is not None
    assert not served.unserved


def test_lanes_are_measured(rows: Rows, seen: WorkerHarness) -> None:
    job = rows.job("quick:1", "quick:2", "quick:3")
    rows.ask(
        "update ytdubber.dubbing_jobs set submitted_at = now() - interval '3 minutes',"
        " heard_at = now() - interval '2 minutes'"
    )
    seen.leases.claim(Kind.TASK, job.tasks["quick:1"], new_owner(uuid4()))
    state = _line(seen).lanes()[Lane.IO]
    assert (state.waiting, state.in_hand, state.workers, state.threads) == (2, 1, 1, 2)
    assert state.oldest_s == pytest.approx(120, abs=30)
    assert _line(seen).lanes()[Lane.CPU].oldest_s is None


def test_what_is_put_off_holds_nobody_up(rows: Rows, seen: WorkerHarness) -> None:
    put_off, waits = rows.job("quick", prepared=False), rows.job("quick", prepared=False)
    rows.ask(
        "update ytdubber.dubbing_jobs set not_before = now() + interval '1 hour' where id = %s",
        put_off.id,
    )
    line = _line(seen)
    assert [stands and stands.position for stands in (line.of(put_off.id), line.of(waits.id))] == [
        None,
        1,
    ]


def test_a_backlog_is_everybodys_and_ones_own(rows: Rows, seen: WorkerHarness) -> None:
    mine, theirs = rows.job("quick:1", "quick:2", prepared=False), rows.job("quick")
    _lasts(rows, mine, 10)
    _lasts(rows, theirs, 5)
    backlog = _line(seen).backlog(mine.user_id)
    assert (backlog.own, backlog.everybody, backlog.users) == (Amount(2, 20), Amount(3, 25), 2)
    stranger = _line(seen).backlog(uuid4())
    assert (stranger.own, stranger.everybody, stranger.users) == (Amount(), Amount(3, 25), 3)


def test_who_asks_while_others_do_is_told_what_they_are(rows: Rows, seen: WorkerHarness) -> None:
    line = _line(seen)
    assert line.lanes()[Lane.IO].waiting == 0
    job = rows.job("quick", prepared=False)
    assert line.lanes()[Lane.IO].waiting == 0  # it was looked at a moment ago
    _heard(rows, job)
    assert line.of(job.id) is None or line.of(job.id, waits=True) is not None
