"""What a worker tells of a job at the vendors' double."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.metrics.promtool import complaints
from tests.integration.metrics.scraping import free_port, scrape
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import ROOT, billed, brief
from tests.waiting import until

from ytdubber.testing.vendor_double import Fault as Wrong

LANGUAGES = ("es", "de")


def test_a_job_is_told_with_its_calls_and_what_they_cost(
    serve: Serve, harness: Open, tmp_path: Path
) -> None:
    double = serve()
    double.script("listen", Wrong.status(503))
    double.script("responses", Wrong.retry_after(0.2))
    double.script("speak", Wrong.retry_after(0.2), Wrong.status(503))
    service, port, log = harness(), free_port(), tmp_path / "worker.log"
    job_id = service.send(*LANGUAGES, recording=brief())
    words = [sys.executable, "-m", "ytdubber", "worker", "--threads", "4"]
    with log.open("wb") as errors, pytest.MonkeyPatch.context() as patch:
        patch.setenv("YTDUBBER_METRICS_PORT", str(port))
        patch.setenv("YTDUBBER_DAY_BUDGET_USD", "100")
        worker = subprocess.Popen(words, cwd=ROOT, stderr=errors)
    try:
        until(lambda: service.ended(job_id) or worker.poll() is not None, log)
        assert worker.poll() is None, log.read_text()
        page = scrape(port)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
    assert page.value("jobs_finished_total", outcome="complete") == 1
    assert page.value("languages_finished_total", outcome="complete") == len(LANGUAGES)
    calls = [call for call in double.calls if call.route in ("listen", "responses", "speak")]
    assert page.total("vendor_calls_total") == len(calls)
    assert page.total("vendor_calls_total", outcome="succeeded") == len(calls) - 4
    assert page.total("vendor_retries_total", fault="unavailable") == 2
    assert page.total("vendor_retries_total", fault="rate_limited") == 2
    usd = page.total("vendor_cost_usd_total")
    assert usd == pytest.approx(float(service.cost_usd()))
    assert service.cost_usd() == billed(double)
    assert page.total("spent_today_usd") == pytest.approx(usd)
    assert page.value("budget_left_usd", scope="day") == pytest.approx(100 - usd)
    for name in ("tokens", "characters", "audio_seconds"):
        assert page.total(f"vendor_{name}_total") > 0, name
    for stage in ("ingest", "transcribe"):
        assert page.value("stage_duration_seconds_count", stage=stage) == 1
    for stage in ("translate", "speak", "mix", "export"):
        assert page.value("stage_real_time_ratio_count", stage=stage) == len(LANGUAGES)
    for language in LANGUAGES:
        assert page.value("dubbed_seconds_total", language=language) == pytest.approx(11.4, abs=0.1)
    assert page.value("work_attempts_total", kind="job", outcome="done") == 1
    assert complaints(page.text) == ""
