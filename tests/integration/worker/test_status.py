"""What `ytdubber status` tells of a service: its figures, what stands behind them, and what needs a
person.
"""

import contextlib
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.waiting import eventually
from typer.testing import CliRunner, Result

from ytdubber.cli.main import app
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.leases import Kind, new_owner

Run = Callable[..., Result]
WRITTEN = "Grandma's secret recipe.wav"


@pytest.fixture
def run(url: str, tmp_path: Path) -> Run:
    """`ytdubber status` on the database; keyword arguments change the environment."""

    def run(*words: str, **changes: str) -> Result:
        environment = {"DATABASE_URL": url, "YTDUBBER_HOME": str(tmp_path), "COLUMNS": "200"}
        return CliRunner(env=environment | changes).invoke(app, ["status", *words])

    return run


def told(run: Run, **changes: str) -> Any:
    """What it says to programs."""
    shown = run("--json", **changes)
    assert shown.exit_code in (0, 1), shown.output
    status = json.loads(shown.stdout)
    assert shown.exit_code == bool(status["conditions"])
    return status


def needed(status: Any) -> set[tuple[str, str, str]]:
    """What needs a person: by name, what it is about, and the runbook."""
    return {(each["name"], each["about"], each["runbook"]) for each in status["conditions"]}


def failed(rows: Rows, job: Made, code: str, ago: str = "1 minute") -> None:
    rows.ask(
        "update ytdubber.language_tasks set stage = 'failed', error_code = %s, error_message = %s,"
        " updated_at = now() - %s::interval where job_id = %s",
        code,
        WRITTEN,
        ago,
        job.id,
    )
    rows.ask(
        "update ytdubber.dubbing_jobs set stage = 'failed', finished_at = now() where id = %s",
        job.id,
    )


def held(rows: Rows, harness: WorkerHarness, worker: UUID, job: Made) -> None:
    """The job's Portuguese is in a worker's hand for longer than a test takes."""
    assert harness.leases.claim(Kind.TASK, job.tasks["pt"], new_owner(worker))
    rows.ask("update ytdubber.language_tasks set lease_until = now() + interval '1 hour'")


def receipt(
    rows: Rows, job: Made, fault: str | None, task: UUID | None = None, ago: str = "0"
) -> None:
    """A call to OpenAI."""
    rows.ask(
        "insert into ytdubber.usage_receipts (id, job_id, task_id, user_id, provider, model,"
        " version, operation, outcome, fault, quantities, started_at, settled_at)"
        " values (%s, %s, %s, %s, 'openai', 'm', '1', 'translate', %s, %s, '[]',"
        " now() - %s::interval, now() - %s::interval)",
        uuid4(),
        job.id,
        task,
        job.user_id,
        "failed" if fault else "succeeded",
        fault,
        ago,
        ago,
    )


def test_a_service_at_rest_needs_nobody(run: Run) -> None:
    status = told(run)
    assert status["conditions"] == []
    assert {part["name"]: part["fault"] for part in status["parts"]} == dict.fromkeys(
        ("database", "migrations", "storage", "queue")
    )
    service = status["service"]
    assert set(service["queues"]) == {"io", "cpu"}
    assert service["workers"] == service["waiting"] == service["vendors"] == []
    assert service["dead_letters"] == {"count": 0, "newest": []}
    assert service["money"]["total_today_usd"] == "0"
    assert set(status["disks"]) >= {"data"}
    shown = run()
    assert shown.exit_code == 0
    assert "Nothing needs a person." in shown.stdout
    assert "Money today: $0.00." in shown.stdout


def test_who_works_on_what_is_told_and_what_waits_behind_it(
    run: Run, rows: Rows, harness: WorkerHarness
) -> None:
    worker = uuid4()
    harness.workers.beat(worker, {Lane.IO: 2, Lane.CPU: 1})
    job, behind = rows.job("pt"), rows.job("es", prepared=False)
    held(rows, harness, worker, job)
    rows.ask(
        "update ytdubber.language_tasks set stage = 'dubbing', progress = 0.5, entered_at ="
        " jsonb_build_object('dubbing', now() - interval '3 minutes') where job_id = %s",
        job.id,
    )
    rows.ask("update ytdubber.dubbing_jobs set title = %s", WRITTEN)
    status = told(run)
    (found,) = status["service"]["workers"]
    assert (found["id"], found["lives"]) == (str(worker), True)
    assert found["threads"] == {"io": 2, "cpu": 1}
    (piece,) = found["in_hand"]
    assert (piece["job_id"], piece["user_id"]) == (str(job.id), str(job.user_id))
    assert (piece["language"], piece["stage"], piece["progress"]) == ("pt", "dubbing", 0.5)
    (waits,) = status["service"]["waiting"]
    assert (waits["job_id"], waits["language"]) == (str(behind.id), None)
    assert status["conditions"] == []
    shown = run().stdout
    assert f"{job.id} pt dubbing 50%" in shown
    assert "3 minutes" in shown
    assert f"{behind.id} hearing" in shown
    assert WRITTEN not in shown + json.dumps(status)


def test_a_worker_that_is_lost_is_told_with_what_it_holds(
    run: Run, rows: Rows, harness: WorkerHarness
) -> None:
    worker, job = uuid4(), rows.job("pt")
    harness.workers.beat(worker, {Lane.IO: 1})
    held(rows, harness, worker, job)
    rows.ask("update ytdubber.workers set beat_at = now() - interval '5 minutes'")
    (found,) = told(run)["service"]["workers"]
    assert (found["lives"], len(found["in_hand"])) == (False, 1)
    assert "5 minutes ago: lost" in run().stdout
    rows.ask("delete from ytdubber.workers")
    (found,) = told(run)["service"]["workers"]
    assert (found["id"], found["heard_at"], len(found["in_hand"])) == (None, None, 1)


def test_work_that_nobody_takes_needs_a_person(run: Run, rows: Rows) -> None:
    job = rows.job("pt")
    assert told(run)["conditions"] == []  # a worker may be starting
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now() - interval '5 minutes'")
    assert needed(told(run)) == {("NoWorker", "io", "lost-worker")}
    shown = run()
    assert shown.exit_code == 1
    assert "no worker of it lives" in " ".join(shown.stdout.split())
    assert "docs/runbooks/lost-worker.md" in shown.stdout
    rows.ask("update ytdubber.language_tasks set lane = 'cpu' where job_id = %s", job.id)
    assert needed(told(run)) == {("NoWorker", "cpu", "lost-worker")}


def test_a_queue_that_is_too_old_or_stuck_needs_a_person(
    run: Run, rows: Rows, harness: WorkerHarness
) -> None:
    harness.workers.beat(uuid4(), {Lane.IO: 1})
    rows.job("pt")
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now() - interval '11 minutes'")
    assert needed(told(run)) == {("QueueTooOld", "io", "stuck-queue")}
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now() - interval '20 minutes'")
    assert needed(told(run)) == {
        ("QueueStuck", "io", "stuck-queue"),
        ("QueueTooOld", "io", "stuck-queue"),
    }


def test_a_vendor_that_is_away_is_told_with_when_it_is_tried_again(
    run: Run, rows: Rows, harness: WorkerHarness
) -> None:
    harness.workers.beat(uuid4(), {Lane.IO: 1})
    job = rows.job("pt", "es")
    rows.ask(
        "update ytdubber.language_tasks set not_before = now() + interval '2 minutes', held_at ="
        " now(), waiting = jsonb_build_object('vendor', 'deepgram', 'tries', 2, 'unknown', 0,"
        " 'since', now() - interval '9 minutes', 'again_at', now() + interval '2 minutes')"
    )
    status = told(run, DEEPGRAM_API_KEY="k", OPENAI_API_KEY="k")
    (vendor,) = status["service"]["vendors"]
    assert (vendor["name"], vendor["waiting"]) == ("deepgram", 2)
    assert vendor["since"] < status["at"] < vendor["again_at"]
    assert {each["waits_for"] for each in status["service"]["waiting"]} == {"deepgram"}
    assert needed(status) == {("VendorAway", "deepgram", "vendor-outage")}
    assert status["vendors_set_up"] == ["deepgram", "openai"]
    assert status["vendor_names"].items() >= {"elevenlabs": "ElevenLabs"}.items()
    shown = run(DEEPGRAM_API_KEY="k", OPENAI_API_KEY="k").stdout
    assert "Work has waited for Deepgram for 9 minutes (2 languages)" in shown
    assert "not asked" in shown
    rows.ask(
        'update ytdubber.language_tasks set waiting = waiting || \'{"vendor": "storage"}\''
        " where job_id = %s",
        job.id,
    )
    assert needed(told(run)) == {("StorageAway", "", "incident-response")}


def test_calls_that_fail_are_told_with_the_last_fault(
    run: Run, rows: Rows, harness: WorkerHarness
) -> None:
    harness.workers.beat(uuid4(), {Lane.IO: 1})
    job = rows.job("pt")
    for _ in range(7):
        receipt(rows, job, None)
    for fault in ("timeout", "unavailable", "unavailable"):
        receipt(rows, job, fault)
    receipt(rows, job, "auth", ago="11 minutes")
    status = told(run)
    (vendor,) = status["service"]["vendors"]
    assert (vendor["calls"], vendor["failed"]) == (10, 3)
    assert needed(status) == {("VendorFails", "openai", "vendor-outage")}
    receipt(rows, job, "quota")
    assert ("VendorHasNoCredit", "openai", "vendor-outage") in needed(told(run))
    receipt(rows, job, "auth")
    assert ("VendorRefusesTheKey", "openai", "leaked-key") in needed(told(run))


def test_dead_letters_are_told_without_what_their_users_wrote(run: Run, rows: Rows) -> None:
    job = rows.job("pt")
    failed(rows, job, "vendor_error")
    receipt(rows, job, "quota", job.tasks["pt"])
    for actor, row, error in (
        ("dub", job.tasks["pt"], f"ytdubber.domain.errors.vendor.VendorError: {WRITTEN}"),
        ("prepare", job.id, f"ValueError: {WRITTEN}"),
        ("prepare", job.id, WRITTEN.replace(" ", "").replace("'", "")),
        ("prepare", job.id, ""),
    ):
        rows.ask(
            "insert into ytdubber.dead_letters (id, actor, row_id, job_id, attempts, traceback,"
            " failed_at) values (%s, %s, %s, %s, 3, %s, clock_timestamp())",
            uuid4(),
            actor,
            row,
            job.id,
            error and f"Traceback (most recent call last):\n  x\n{error}",
        )
    status = told(run)
    letters = status["service"]["dead_letters"]
    assert letters["count"] == 4
    assert [each["error"] for each in letters["newest"]] == [
        None,
        None,
        "ValueError",
        "VendorError",
    ]
    last = letters["newest"][-1]
    assert (last["language"], last["code"]) == ("pt", "vendor_error")
    assert (last["vendor"], last["fault"]) == ("openai", "quota")
    assert letters["newest"][0]["language"] is None
    assert ("DeadLetters", "", "dead-letters") in needed(status)
    shown = run().stdout
    assert "vendor_error, VendorError, OpenAI: quota" in shown
    assert "recipe" not in shown + json.dumps(status)


def test_languages_that_fail_need_a_person(run: Run, rows: Rows) -> None:
    job = rows.job("pt", "es", "fr", "de")
    failed(rows, job, "internal_error")
    assert told(run)["conditions"] == []
    failed(rows, rows.job("pt"), "no_speech", ago="40 minutes")
    assert told(run)["conditions"] == []
    more = rows.job("it")
    failed(rows, more, "no_speech")
    status = told(run)
    assert needed(status) == {("LanguagesFail", "", "incident-response")}
    hours = {each["code"]: each["hour"] for each in status["service"]["ended"]}
    assert hours == {"internal_error": 4, "no_speech": 2}
    assert "4 failed (internal_error)" in run().stdout


def test_money_is_told_against_the_days_budget(run: Run, rows: Rows) -> None:
    job = rows.job("pt")
    rows.ask(
        "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model, version,"
        " operation, outcome, quantities, estimate_usd)"
        " values (%s, %s, %s, 'deepgram', 'nova-3', '1', 'transcribe', 'started', '[]', 4.25)",
        uuid4(),
        job.id,
        job.user_id,
    )
    assert told(run)["service"]["money"]["day_left_usd"] is None
    money = told(run, YTDUBBER_DAY_BUDGET_USD="20")["service"]["money"]
    assert (money["total_today_usd"], money["budgets_usd"]) == ("4.25", {"day": "20"})
    assert money["day_left_usd"] == "15.75"
    nearly, spent = (needed(told(run, YTDUBBER_DAY_BUDGET_USD=usd)) for usd in ("5", "4.25"))
    assert nearly == {("BudgetNearlySpent", "", "budget-stop")}
    assert ("BudgetSpent", "", "budget-stop") in spent
    assert (
        "Money today: $4.25 of $20.00 (Deepgram $4.25)." in run(YTDUBBER_DAY_BUDGET_USD="20").stdout
    )


def test_a_storage_that_does_not_work_needs_a_person(run: Run) -> None:
    nobody = {"SUPABASE_URL": "http://127.0.0.1:1", "SUPABASE_SERVICE_KEY": "sb_secret_x"}
    status = told(run, **nobody)
    assert needed(status) == {("StorageAway", "", "incident-response")}
    (storage,) = [part for part in status["parts"] if part["name"] == "storage"]
    assert storage["fault"].startswith("The storage does not work")
    assert storage["since"] == status["at"]


def test_it_is_for_programs_or_for_watching(run: Run) -> None:
    assert run("--watch", "--json").exit_code == 2
    assert run("--watch").exit_code == 2  # no terminal


def test_it_is_watched_until_ctrl_c(url: str, rows: Rows, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "ytdubber", "status", "--watch"],
        env=os.environ | {"DATABASE_URL": url, "YTDUBBER_HOME": str(tmp_path), "TERM": "xterm"},
        cwd=tmp_path,  # where no .env lies
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    said = b""

    def shows(text: bytes) -> bool:
        nonlocal said
        said += os.read(ours, 65_536)
        return text in said

    assert eventually(lambda: shows(b"Nothing needs a person"))
    rows.job("pt")
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now() - interval '5 minutes'")
    assert eventually(lambda: shows(b"no worker of it lives"))
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # Linux says so when the other end is closed
        while os.read(ours, 65_536):
            pass
    assert process.stderr
    assert (process.wait(), process.stderr.read()) == (0, b"")
    process.stderr.close()
    os.close(ours)
