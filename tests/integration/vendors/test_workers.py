"""Worker processes at the vendors' double: limits that hold across them, and kill -9."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.booking import booked
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.office import BURSTS, Office, Workers, bursts, until

from ytdubber.adapters.db.upkeep import SqlUpkeep
from ytdubber.adapters.queue.messages import enqueue, waiting
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
    SqlUpkeep(service.shared.engine, enqueue, waiting, booked).abandon(None)
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
