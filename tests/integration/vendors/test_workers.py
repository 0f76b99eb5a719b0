"""Worker processes at the vendors' double: limits across them, kill -9, budgets."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.integration.vendors.conftest import Open, Serve, Setting
from tests.integration.vendors.office import (
    BURSTS,
    Office,
    Workers,
    brief,
    bursts,
    invoiced_usd,
    until,
)

from ytdubber.adapters.db.ledger import SqlLedger
from ytdubber.adapters.db.reopening import Reopen
from ytdubber.adapters.db.upkeep import SqlUpkeep
from ytdubber.adapters.prices.book import FilePriceBook
from ytdubber.adapters.queue.dead_letters import QueueDeadLetters
from ytdubber.adapters.queue.messages import enqueue, waiting
from ytdubber.testing.vendor_double import Fault as Wrong
from ytdubber.testing.vendor_double import RecordedCall, VendorDouble

JOBS, LANGUAGES = 10, ("es", "de", "fr")
ALLOWED = 15


def speech(double: VendorDouble) -> list[RecordedCall]:
    return [call for call in double.calls if call.route == "speak"]


def stored(service: Office, folder: Path) -> set[str]:
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


def upkeep(service: Office) -> SqlUpkeep:
    """As workers do it, without waiting for a minute."""
    book = SqlLedger(service.shared.engine, FilePriceBook()).book
    return SqlUpkeep(service.shared.engine, enqueue, waiting, book, wake_every=timedelta(0))


def test_an_accounts_limit_holds_across_workers(
    serve: Serve, office: Open, workers: Workers
) -> None:
    latency_s = {"listen": 0.2, "responses": 0.2, "speak": 0.4}
    double = serve(limits={"speak": ALLOWED}, latency_s=latency_s)
    service = office()
    jobs = [service.send(*LANGUAGES, recording=bursts()) for _ in range(JOBS)]
    for _ in range(2):
        workers.start()
    until(lambda: service.ended(*jobs), within_s=240, log=workers.log)
    for job_id in jobs:
        languages = service.manifest(job_id).languages
        assert {entry.status for entry in languages.values()} == {"complete"}
    assert {call.status for call in double.calls} == {200}
    assert ALLOWED // 2 < double.max_concurrency("speak") <= ALLOWED
    assert len(speech(double)) >= JOBS * len(LANGUAGES) * len(BURSTS)
    assert service.rows("select max(attempts) from ytdubber.language_tasks") == [(1,)]


def test_a_killed_worker_leaves_nothing_that_is_paid_for_again(
    serve: Serve, office: Open, workers: Workers, tmp_path: Path
) -> None:
    settings = {"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": "3", "YTDUBBER_CORES": "1"}
    double = serve(settings, latency_s={"speak": 0.3})
    service = office()
    job_id = service.send(*LANGUAGES, recording=bursts())

    def spoken() -> set[str]:
        """The calls whose speech is stored."""
        return stored(service, tmp_path) & {call.request_id for call in speech(double)}

    killed = workers.start()
    until(lambda: len(spoken()) >= 4, within_s=120, log=workers.log)
    killed.kill()
    killed.wait()
    before, kept = speech(double), stored(service, tmp_path)
    assert 4 <= len(spoken()) < len(BURSTS) * len(LANGUAGES)
    upkeep(service).abandon(None)
    workers.start()
    until(lambda: service.ended(job_id), within_s=120, log=workers.log)
    languages = service.manifest(job_id).languages
    assert {entry.status for entry in languages.values()} == {"complete"}
    paid = {call.fingerprint for call in double.calls if call.request_id in kept}
    later = [call for call in double.calls if call.number > before[-1].number]
    assert not [call for call in later if call.fingerprint in paid]
    assert [call.route for call in double.calls].count("listen") == 1
    lost = {call.fingerprint for call in before if call.request_id not in kept}
    assert {call.fingerprint for call in double.repeated} <= lost


def test_the_ledger_is_the_invoice_after_faults_retries_and_a_killed_worker(
    serve: Serve, office: Open, workers: Workers, tmp_path: Path
) -> None:
    at_once = 3
    settings = {"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": f"{at_once}", "YTDUBBER_CORES": "1"}
    double = serve(settings, latency_s={"speak": 1.0})
    double.script("listen", Wrong.status(503), Wrong.retry_after(0.2), Wrong.truncated_json())
    double.script("responses", Wrong.status(500), Wrong.incomplete(), Wrong.bad_ids())
    double.script("speak", Wrong.retry_after(0.2), Wrong.status(502), Wrong.empty_audio())
    double.script("speak", Wrong.disconnect(after_bytes=60))
    service = office()
    job_id = service.send(*LANGUAGES, recording=bursts())

    def under_way() -> int:
        """Calls to the voices that a worker waits for."""
        return len([call for call in speech(double) if call.billed and not call.delivered])

    killed = workers.start()
    until(lambda: len(stored(service, tmp_path)) >= 8, within_s=120, log=workers.log)
    until(lambda: under_way() == at_once + 1, within_s=60, log=workers.log)  # one broke off
    killed.kill()
    killed.wait()
    kept, before = stored(service, tmp_path), len(double.calls)
    upkeep(service).abandon(None)
    workers.start()
    until(lambda: service.ended(job_id), within_s=120, log=workers.log)
    languages = service.manifest(job_id).languages
    assert {entry.status for entry in languages.values()} == {"complete"}
    upkeep(service).settle_unknown()
    faults = {call.fault for call in double.calls if call.fault}
    assert len(faults) == 7
    unknown = "select count(*) from ytdubber.usage_receipts where outcome = 'unknown'"
    assert service.rows(unknown) >= [(at_once,)]
    assert service.cost_usd() == invoiced_usd(double) > 0
    paid = {call.fingerprint for call in double.calls if call.request_id in kept}
    assert not [call for call in double.calls[before:] if call.fingerprint in paid]


def test_a_jobs_budget_stops_it_before_the_call_that_would_pass_it(
    serve: Serve, office: Open, workers: Workers, set_up: Setting, tmp_path: Path
) -> None:
    double, service = serve(), office()
    service.dub(service.send("es", recording=bursts()))
    whole_usd, calls = service.cost_usd(), len(double.calls)
    limit_usd = whole_usd * Decimal("0.8")
    set_up(YTDUBBER_JOB_BUDGET_USD=f"{limit_usd:f}")
    first = workers.start()
    job_id = service.send("es", recording=brief())
    until(lambda: service.ended(job_id), within_s=60, log=workers.log)
    assert Decimal(0) < service.cost_usd() - whole_usd <= limit_usd
    assert service.cost_usd() == invoiced_usd(double)
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
    letters = QueueDeadLetters(service.shared.engine, Reopen())
    (letter,) = letters.list()
    letters.replay(letter.message_id)
    workers.start()
    until(lambda: service.ended(job_id), within_s=60, log=workers.log)
    assert service.manifest(job_id).languages["es"].status == "complete"
    assert service.cost_usd() == invoiced_usd(double)
    assert not double.repeated
