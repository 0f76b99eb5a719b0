"""Worker processes at the vendors' double: limits across them, kill -9, budgets."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.integration.vendors.conftest import Open, Serve, Setting
from tests.integration.vendors.harness import BURSTS, ServiceHarness, Workers, billed, brief, bursts
from tests.waiting import until

from ytdubber.adapters.db.coordination.dead_letters import SqlDeadLetters
from ytdubber.adapters.db.coordination.reaper import SqlReaper
from ytdubber.adapters.db.coordination.replay import Replay
from ytdubber.adapters.db.coordination.semaphores import SqlSemaphores
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.bootstrap.service_vendor_process import MODULE
from ytdubber.ports.call_context import CallContext
from ytdubber.testing.vendor_double import Fault as Wrong
from ytdubber.testing.vendor_double import RecordedCall, VendorDouble

JOBS, LANGUAGES = 10, ("es", "de", "fr")
ALLOWED = 15
AT_ONCE = 3


def speech(double: VendorDouble) -> list[RecordedCall]:
    return [call for call in double.calls if call.route == "speak"]


def stored(service: ServiceHarness, folder: Path) -> set[str]:
    """What the vendor called the calls whose results are stored."""
    found = set()
    for key in service.shared.media.keys(""):
        path = folder / f"{uuid4()}"
        service.shared.media.fetch(key, path, lambda: None)
        try:
            result: Any = json.loads(path.read_bytes())
        except ValueError:
            continue  # sound
        if isinstance(result, Mapping) and "receipt" in result:
            found.add(result["receipt"]["request_id"])
    return found


def script_faults(double: VendorDouble) -> None:
    """Seven kinds, on every route."""
    double.script("listen", Wrong.status(503), Wrong.retry_after(0.2), Wrong.truncated_json())
    double.script("responses", Wrong.status(500), Wrong.incomplete(), Wrong.bad_ids())
    double.script("speak", Wrong.retry_after(0.2), Wrong.status(502), Wrong.empty_audio())
    double.script("speak", Wrong.disconnect(after_bytes=60))


def faults(double: VendorDouble) -> set[Any]:
    return {call.fault for call in double.calls if call.fault}


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    """Its direct children, by Linux's books."""
    listed = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(pid) for path in listed for pid in path.read_text().split()]


def who_calls(worker: "subprocess.Popen[bytes]") -> int:
    """The process beside it that calls vendors; others decode sound."""
    (found,) = (
        child for child in children(worker) if MODULE in Path(f"/proc/{child}/cmdline").read_text()
    )
    return found


def kill_with_children(process: "subprocess.Popen[bytes]") -> None:
    """As when the machine dies."""
    for pid in [*children(process), process.pid]:
        os.kill(pid, signal.SIGKILL)
    process.wait()


def reaper(service: ServiceHarness) -> SqlReaper:
    """As workers do it, without waiting for a minute."""
    book = SqlLedger(service.shared.engine, FilePriceBook()).enter_costs
    return SqlReaper(service.shared.engine, PostgresQueue(), book, recall_after=timedelta(0))


def test_an_accounts_limit_holds_across_workers(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    latency_s = {"listen": 0.2, "responses": 0.2, "speak": 2.0}  # long enough to meet
    double = serve(limits={"speak": ALLOWED}, latency_s=latency_s)
    service = harness()
    jobs = [service.send(*LANGUAGES, recording=bursts()) for _ in range(JOBS)]
    for _ in range(2):
        workers.start()
    until(lambda: service.ended(*jobs), log=workers.log)
    for job_id in jobs:
        languages = service.manifest(job_id).languages
        assert {entry.status for entry in languages.values()} == {"complete"}
    assert {call.status for call in double.calls} == {200}
    assert ALLOWED // 2 < double.max_concurrency("speak") <= ALLOWED
    assert len(speech(double)) >= JOBS * len(LANGUAGES) * len(BURSTS)
    assert service.rows("select max(attempts) from ytdubber.language_tasks") == [(1,)]


def test_no_call_waits_for_its_turn_when_its_worker_is_gone(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    serve({"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": "1"})
    service = harness()
    semaphores = SqlSemaphores(service.shared.engine)
    with semaphores.acquire(
        "deepgram-speak", 1, CallContext(UUID(int=1))
    ):  # nobody speaks meanwhile
        (task,) = service.tasks(service.send("es", recording=brief())).values()
        killed = workers.start()
        until(lambda: service.stage(task) == "dubbing", log=workers.log)
        calling = who_calls(killed)
        killed.kill()
        killed.wait()
        until(lambda: not Path(f"/proc/{calling}").exists(), log=workers.log)
    semaphores.close()


def under_way(double: VendorDouble) -> int:
    """Calls to the voices that are paid for and not answered yet, or broke off."""
    return len([call for call in speech(double) if call.billed and not call.delivered])


def unknown(service: ServiceHarness) -> int:
    """Calls of which nobody knows what came of them, when every call has been settled."""

    def settled() -> bool:
        reaper(service).settle_unknown()  # not while the worker still holds its lease
        started = "select count(*) from ytdubber.usage_receipts where outcome = 'started'"
        return service.rows(started) == [(0,)]

    until(settled)
    query = "select count(*) from ytdubber.usage_receipts where outcome = 'unknown'"
    return int(service.rows(query)[0][0])


def go_on(service: ServiceHarness, job_id: UUID, workers: Workers) -> None:
    """Another worker finishes what a dead one left."""
    reaper(service).abandon(None)
    workers.start()
    until(lambda: service.ended(job_id), log=workers.log)
    languages = service.manifest(job_id).languages
    assert {entry.status for entry in languages.values()} == {"complete"}


SLOWLY = {"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": f"{AT_ONCE}", "YTDUBBER_CORES": "1"}


def test_no_call_is_made_again_after_a_worker_was_killed(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    double = serve(SLOWLY, latency_s={"speak": 1.0})
    service = harness()
    job_id = service.send(*LANGUAGES, recording=bursts())
    killed = workers.start()
    until(lambda: under_way(double) == AT_ONCE, log=workers.log)
    killed.kill()
    killed.wait()
    before = len(double.calls)
    assert before < len(BURSTS) * len(LANGUAGES)
    go_on(service, job_id, workers)
    assert len(double.calls) > before
    assert not double.repeated
    assert {call.delivered for call in double.calls} == {True}
    assert unknown(service) == 0
    assert 0 < service.cost_usd() == billed(double)


def test_hearing_outlives_its_worker(serve: Serve, harness: Open, workers: Workers) -> None:
    double = serve(latency_s={"listen": 3.0})
    service = harness()
    job_id = service.send("es", recording=bursts())
    killed = workers.start()

    def listening() -> list[bool]:
        """Whether each has been answered."""
        return [call.delivered for call in double.calls if call.route == "listen"]

    until(lambda: listening() == [False], log=workers.log)
    killed.kill()
    killed.wait()
    assert listening() == [False]
    go_on(service, job_id, workers)
    assert listening() == [True]
    assert 0 < service.cost_usd() == billed(double)


def test_the_ledger_is_the_invoice_after_faults_retries_and_a_killed_worker(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    double = serve(SLOWLY, latency_s={"speak": 1.0})
    script_faults(double)
    service = harness()
    job_id = service.send(*LANGUAGES, recording=bursts())
    killed = workers.start()
    until(lambda: len(faults(double)) == 7, log=workers.log)
    until(lambda: under_way(double) == AT_ONCE + 1, log=workers.log)  # one broke off
    killed.kill()
    killed.wait()
    before = double.calls
    go_on(service, job_id, workers)
    paid = {call.fingerprint for call in before if call.billed and not call.fault}
    assert not [call for call in double.calls[len(before) :] if call.fingerprint in paid]
    assert unknown(service) == 1  # the one that broke off
    assert 0 < service.cost_usd() == billed(double)


def test_what_is_lost_with_the_process_that_calls_is_in_the_ledger(
    serve: Serve, harness: Open, workers: Workers, tmp_path: Path
) -> None:
    double = serve(SLOWLY, latency_s={"speak": 1.0})
    script_faults(double)
    service = harness()
    job_id = service.send(*LANGUAGES, recording=bursts())
    killed = workers.start()
    until(lambda: len(stored(service, tmp_path)) >= 8, log=workers.log)
    until(lambda: under_way(double) == AT_ONCE + 1, log=workers.log)
    kill_with_children(killed)
    kept, before = stored(service, tmp_path), len(double.calls)
    go_on(service, job_id, workers)
    assert len(faults(double)) == 7
    assert 1 < unknown(service) <= AT_ONCE + 1  # one broke off; the others may end in between
    assert 0 < service.cost_usd() == billed(double)
    paid = {call.fingerprint for call in double.calls if call.request_id in kept}
    assert not [call for call in double.calls[before:] if call.fingerprint in paid]


def test_the_process_that_calls_is_started_again(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    double = serve(SLOWLY, latency_s={"speak": 1.0})
    service = harness()
    job_id = service.send("es", recording=bursts())
    worker = workers.start()
    until(lambda: under_way(double) == AT_ONCE, log=workers.log)
    os.kill(who_calls(worker), signal.SIGKILL)
    until(lambda: service.ended(job_id), log=workers.log)
    assert service.manifest(job_id).languages["es"].status == "complete"
    assert 0 < unknown(service) <= AT_ONCE  # some may end in between
    assert len(double.repeated) == unknown(service)
    assert 0 < service.cost_usd() == billed(double)
    assert service.rows("select max(attempts) from ytdubber.language_tasks") == [(1,)]


def test_a_jobs_budget_stops_it_before_the_call_that_would_pass_it(
    serve: Serve, harness: Open, workers: Workers, set_up: Setting, tmp_path: Path
) -> None:
    double, service = serve(), harness()
    service.dub(service.send("es", recording=bursts()))
    whole_usd, calls = service.cost_usd(), len(double.calls)
    limit_usd = whole_usd * Decimal("0.8")
    set_up(YTDUBBER_JOB_BUDGET_USD=f"{limit_usd:f}")
    first = workers.start()
    job_id = service.send("es", recording=brief())
    until(lambda: service.ended(job_id), log=workers.log)
    assert Decimal(0) < service.cost_usd() - whole_usd <= limit_usd
    assert service.cost_usd() == billed(double)
    ((code, message),) = service.rows(
        f"select error_code, error_message from ytdubber.language_tasks where job_id = '{job_id}'"
    )
    assert code == "budget_exceeded"
    assert "what was done is kept" in message
    kept = stored(service, tmp_path)
    assert {call.request_id for call in double.calls[calls:] if call.billed} <= kept
    first.kill()
    first.wait()

    set_up(YTDUBBER_JOB_BUDGET_USD="1")
    letters = SqlDeadLetters(service.shared.engine, Replay())
    (letter,) = letters.list()
    letters.replay(letter.message_id)
    workers.start()
    until(lambda: service.ended(job_id), log=workers.log)
    assert service.manifest(job_id).languages["es"].status == "complete"
    assert service.cost_usd() == billed(double)
    assert not double.repeated
