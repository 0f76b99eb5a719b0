"""One job is one trace: from the request that submitted it, through workers that die, to its last
file.

`TRACES=write` draws the trace of the first test in docs/observability.md anew.
"""

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from tests.collector import Collector, Span, collecting, tree
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.whole_job import announced, dubbed, recording, served, signed_in
from tests.plain_http import NO_TLS
from tests.trace_drawing import drawn, in_page, replaced, shape
from tests.waiting import eventually, until

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.testing.vendor_double import Fault as Wrong

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "observability.md"
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # opens nothing but this test's service
FLAC = {"content-type": "audio/flac"}
TITLE = "11 s of speech into two languages, and a vendor that refuses the first call"
STAGES = ["stage.translate", "stage.speak", "stage.fit", "stage.mix", "stage.export"]


@pytest.fixture
def collector(
    database_url: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Collector]:
    """A collector, to which the service sends that is started next."""
    with collecting() as made:
        monkeypatch.setenv("DATABASE_URL", database_url)
        monkeypatch.setenv("YTDUBBER_SECRET", SECRET)
        monkeypatch.setenv("YTDUBBER_LOG_FORMAT", "json")
        for name, value in made.variables().items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def token() -> str:
    return local_session(SECRET, uuid4(), "a@example.org", timedelta(hours=1)).access_token


def sent(http: httpx.Client, *languages: str) -> Any:
    """A job whose files have come."""
    made = announced(http, languages=list(languages))
    for link in made["upload_urls"].values():
        httpx.put(link, content=recording(), headers=FLAC, verify=NO_TLS).raise_for_status()
    return made


def of_job(collector: Collector, job_id: str) -> list[Span]:
    """Its trace."""
    (trace_id,) = {
        span.trace_id
        for span in collector.spans
        if span.facts.get("ytdubber.job_id") == job_id and span.kind == "consumer"
    }
    return [span for span in collector.spans if span.trace_id == trace_id]


def names(spans: Sequence[Span]) -> list[str]:
    return [span.name for span in spans]


def test_one_job_is_one_trace(
    collector: Collector, serve: Serve, token: str, tmp_path: Path
) -> None:
    double, log = serve(), tmp_path / "serve.log"
    double.script("listen", Wrong.status(503))
    with served(log) as url, signed_in(url, token) as http:
        made = sent(http, "es", "de")
        dubbed(http, made, log)
    spans = of_job(collector, made["job_id"])
    _is_whole(spans, made["job_id"])
    _vendors_are_told(spans)
    _lines_have_its_ids(log, spans, made["job_id"])
    page = PAGE.read_text("utf-8")
    if os.environ.get("TRACES") == "write":
        PAGE.write_text(replaced(page, drawn(TITLE, spans)), "utf-8")
    else:
        assert shape(in_page(page)) == shape(drawn(TITLE, spans))


def _is_whole(spans: Sequence[Span], job_id: str) -> None:
    """A tree of all that was done, each in the process that did it."""
    under = tree(spans)
    known = {span.span_id for span in spans}
    assert [span.name for span in spans if span.parent_id not in known] == ["POST /api/jobs"]
    (root,) = under[""]
    first = names(under[root.span_id])
    assert sorted(first) == ["decode", "decode", "job.finish", "job.hear"] + ["language.dub"] * 2
    (hearing,) = (span for span in spans if span.name == "job.hear")
    assert names(under[hearing.span_id]) == ["stage.ingest", "stage.transcribe", "stage.diarize"]
    for dub in (span for span in spans if span.name == "language.dub"):
        assert dub.kind == "consumer"
        assert [name for name in names(under[dub.span_id]) if name != "decode"] == STAGES
    roles = {(span.name.partition(".")[0], span.of["ytdubber.role"]) for span in spans}
    assert roles == {
        ("POST /api/jobs", "api"),
        ("decode", "api"),
        ("job", "worker"),
        ("language", "worker"),
        ("stage", "worker"),
        ("decode", "worker"),
        ("vendor", "vendors"),
    }
    languages = [span.facts["ytdubber.language"] for span in spans if span.name == "language.dub"]
    assert sorted(languages) == ["de", "es"]
    asked = {span.facts.get("ytdubber.job_id") for span in spans if span is not root}
    assert asked <= {job_id, None}
    assert len({span.facts["ytdubber.request_id"] for span in spans}) == 1


def _vendors_are_told(spans: Sequence[Span]) -> None:
    """Each call, each attempt at it, and what it used."""
    under = tree(spans)
    by_id = {span.span_id: span for span in spans}
    for call in (span for span in spans if span.name.startswith("vendor.")):
        if call.name != "vendor.attempt":
            assert by_id[call.parent_id].name.startswith("stage.")
            assert under[call.span_id]
    (hearing,) = (span for span in spans if span.name == "vendor.transcribe")
    refused, taken = under[hearing.span_id]
    assert (refused.wrong, refused.facts["ytdubber.fault"]) == (True, "unavailable")
    assert (taken.wrong, taken.kind, taken.facts["ytdubber.vendor"]) == (
        False,
        "client",
        "deepgram",
    )
    assert taken.facts["ytdubber.audio_seconds"] > 10
    retried = {"vendor": "deepgram", "model": "nova-3", "fault": "unavailable"}
    assert hearing.events == [
        ("vendor.retried", {f"ytdubber.{name}": value for name, value in retried.items()})
    ]
    assert not hearing.wrong


def _lines_have_its_ids(log: Path, spans: Sequence[Span], job_id: str) -> None:
    """What is said of the job from the request on has the request's id, and its span's."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line[:1] == "{"]
    (submitted,) = (line for line in lines if line["event"] == "job.submitted")
    after = lines[lines.index(submitted) :]
    about = [line for line in after if line.get("job_id") == job_id and "route" not in line]
    assert {line["event"] for line in about} >= {"work.started", "stage.completed", "job.finished"}
    assert {line["logger"] for line in about} >= {"ytdubber.bootstrap.vendors"}
    assert {line["request_id"] for line in about} == {submitted["request_id"]}
    ids = {span.span_id for span in spans}
    assert {line["trace_id"] for line in about} == {spans[0].trace_id}
    assert {line["span_id"] for line in about} <= ids


def workers() -> list[psutil.Process]:
    """Those of the service that runs."""
    alive: list[psutil.Process] = []
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            if "worker" in each.cmdline() and each.is_running():
                alive.append(each)
    return alive


def test_what_a_dead_worker_began_goes_on_in_the_same_trace(
    collector: Collector, serve: Serve, token: str, tmp_path: Path
) -> None:
    serve(latency_s={"speak": 1.0})
    log = tmp_path / "serve.log"
    with served(log) as url, signed_in(url, token) as http:
        made = sent(http, "es")
        http.post("/api/jobs", json={"job_id": made["job_id"]}).raise_for_status()
        until(lambda: bool(collector.named("stage.translate")), log)
        (worker,) = workers()
        worker.send_signal(signal.SIGKILL)
        until(lambda: bool(collector.named("job.finish")), log)
    spans = of_job(collector, made["job_id"])
    (finished,) = (span for span in spans if span.name == "job.finish")
    (root,) = tree(spans)[""]
    assert (root.name, finished.parent_id) == ("POST /api/jobs", root.span_id)
    (dub,) = (span for span in spans if span.name == "language.dub")
    assert (dub.parent_id, dub.facts["ytdubber.attempt"]) == (root.span_id, 2)
    assert dub.facts["ytdubber.retries"] == 0  # nothing failed
    known = {span.span_id for span in spans}
    cut = {span.name for span in spans if span.parent_id not in known | {""}}
    assert "stage.translate" in cut  # it ended; the language it was part of did not
    assert cut <= {"stage.translate", "decode", "vendor.speak"}
    assert names(tree(spans)[dub.span_id])[-1] == STAGES[-1]


@pytest.mark.parametrize("status", [503, 401])
def test_a_collector_that_takes_nothing_holds_nothing_up(
    collector: Collector, serve: Serve, token: str, tmp_path: Path, status: int
) -> None:
    serve()
    collector.status, log = status, tmp_path / "serve.log"
    with served(log) as url, signed_in(url, token) as http:
        dubbed(http, sent(http, "es"), log)
        assert eventually(lambda: log.read_text("utf-8").count('"collector.away"') == 3)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line[:1] == "{"]
    away = [line for line in lines if line["event"] == "collector.away"]
    assert [line["level"] for line in away] == ["warning"] * 3  # the API, a worker, its vendors
    assert not [line for line in lines if line["logger"].startswith("opentelemetry")]
