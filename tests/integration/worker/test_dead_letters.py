"""What cannot be done: kept, looked at, done again or forgotten."""

import dataclasses
from uuid import uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.waiting import eventually

from ytdubber.adapters.db.coordination.dead_letters import SqlDeadLetters
from ytdubber.domain.errors import DeadLetterNotFound, NotReplayable
from ytdubber.ports.dead_letters import DeadLetter
from ytdubber.ports.leases import Kind


@pytest.fixture
def letters(worker: WorkerHarness) -> SqlDeadLetters:
    return worker.letters


def _dead(rows: Rows, letters: SqlDeadLetters, *languages: str) -> tuple[Made, DeadLetter]:
    """A job whose first language became a dead letter and whose others ended well."""
    job = rows.job(*languages)
    rows.wake_tasks(job)
    assert eventually(lambda: rows.letters() == 1 and rows.messages() == [])
    assert eventually(lambda: rows.finished(job))
    (letter,) = letters.list()
    return job, letter


@pytest.mark.parametrize(
    ("language", "tries", "code"), [("broken", 3, "internal_error"), ("unpaid", 1, "vendor_error")]
)
def test_it_says_what_went_wrong(
    rows: Rows, letters: SqlDeadLetters, language: str, tries: int, code: str
) -> None:
    job, letter = _dead(rows, letters, language)
    assert rows.stages(job) == {language: "failed"}
    assert len(rows.runs(job.tasks[language])) == letter.attempts == tries
    assert (letter.actor, letter.row_id) == ("dub", job.tasks[language])
    assert letter.traceback.endswith(letter.error)
    assert "away" in letter.error or "nothing left" in letter.error
    error = rows.ask(
        "select error_code, error_message from ytdubber.language_tasks where job_id = %s", job.id
    )
    assert error[0]["error_code"] == code
    assert "Error" not in error[0]["error_message"]
    assert letters.get(letter.message_id) == letter


def test_a_replay_starts_it_anew(rows: Rows, letters: SqlDeadLetters) -> None:
    job, letter = _dead(rows, letters, "broken", "quick")
    assert rows.one("select finished_at from ytdubber.dubbing_jobs where id = %s", job.id)
    rows.ask(
        "update ytdubber.language_tasks set language = 'flaky:1' where id = %s", job.tasks["broken"]
    )
    letters.replay(letter.message_id)
    (state,) = rows.ask(
        "select stage, finished_at, expires_at, deadline_at > now() as time_left"
        " from ytdubber.dubbing_jobs where id = %s",
        job.id,
    )
    assert (state["finished_at"], state["expires_at"], state["time_left"]) == (None, None, True)
    assert eventually(lambda: rows.stages(job) == {"flaky:1": "complete", "quick": "complete"})
    assert letters.list() == []
    stages = rows.ask(
        "select data->>'stage' as stage from ytdubber.job_events where task_id = %s order by id",
        letter.row_id,
    )
    assert [row["stage"] for row in stages] == ["failed", "queued", "complete"]


def test_a_job_that_could_not_be_prepared_starts_anew(
    rows: Rows, letters: SqlDeadLetters, worker: WorkerHarness
) -> None:
    job = rows.job("quick", prepared=False)
    rows.ask("alter table public.runs rename to away")
    rows.wake(Kind.JOB, job.id)
    assert eventually(lambda: rows.stages(job) == {"quick": "failed"})
    rows.ask("alter table public.away rename to runs")
    (letter,) = letters.list()
    assert letter.actor == "prepare"
    letters.replay(letter.message_id)
    assert eventually(lambda: rows.stages(job) == {"quick": "complete"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("sources_deleted_at = now()", "its recording was removed"),
        ("finished_at = now() - interval '25 hours'", "its recording was removed"),
        ("deleted_at = now()", "deleted"),
        ("cancel_requested = true", "cancelled"),
    ],
)
def test_what_is_gone_cannot_be_replayed(
    rows: Rows, letters: SqlDeadLetters, change: str, reason: str
) -> None:
    job, letter = _dead(rows, letters, "unpaid")
    rows.ask(f"update ytdubber.dubbing_jobs set {change}")  # from above
    with pytest.raises(NotReplayable, match=reason):
        letters.replay(letter.message_id)
    assert rows.letters() == 1
    assert rows.stages(job) == {"unpaid": "failed"}


def test_work_that_went_on_is_not_replayed(rows: Rows, letters: SqlDeadLetters) -> None:
    job, letter = _dead(rows, letters, "unpaid")
    rows.ask("update ytdubber.language_tasks set stage = 'queued' where job_id = %s", job.id)
    with pytest.raises(NotReplayable, match="not failed any more"):
        letters.replay(letter.message_id)


def test_a_discarded_letter_is_gone_and_its_task_stays_failed(
    rows: Rows, letters: SqlDeadLetters
) -> None:
    job, letter = _dead(rows, letters, "unpaid")
    letters.discard(letter.message_id)
    assert rows.letters() == 0
    assert rows.stages(job) == {"unpaid": "failed"}
    for act in (letters.get, letters.replay, letters.discard):
        with pytest.raises(DeadLetterNotFound, match=str(letter.message_id)):
            act(letter.message_id)


def test_letters_of_a_month_ago_go_with_the_next(rows: Rows, letters: SqlDeadLetters) -> None:
    _dead(rows, letters, "unpaid")
    rows.ask("update ytdubber.dead_letters set failed_at = now() - interval '31 days'")
    other = rows.job("unpaid")
    assert eventually(lambda: [each.row_id for each in letters.list()] == [*other.tasks.values()])


def test_whoever_lost_the_lease_leaves_no_letter(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job("pt")
    first = harness.leases.claim(Kind.TASK, job.tasks["pt"], uuid4())
    assert first
    harness.bury(dataclasses.replace(first, owner=uuid4()), "Traceback")
    harness.bury(dataclasses.replace(first, attempt=2), "Traceback")
    assert rows.letters() == 0
    harness.bury(first, "Traceback")
    assert rows.letters() == 1
