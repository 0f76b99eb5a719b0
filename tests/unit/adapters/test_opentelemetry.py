"""Spans, as a collector gets them."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.collector import Collector, collecting
from tests.log_lines import written
from tests.waiting import FOR_EVER_S, until

from ytdubber.adapters.opentelemetry.start import exported
from ytdubber.bootstrap.tracing import tracing, wanted
from ytdubber.domain.errors import BadSetting, Cancelled, ErrorKind, LeaseLost, VendorError
from ytdubber.log import ContextPool, bind, bound, carried, get_logger
from ytdubber.tracing import SpanKind, event, in_force, line_ids, span, traced, traceparent

SECRET = "Zyxquonk"  # noqa: S105  # a word that is nowhere else
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as made:
        for name, value in made.variables().items():
            monkeypatch.setenv(name, value)
        yield made


@contextmanager
def tracing_here() -> Iterator[None]:
    with exported("worker") as tracer, traced(tracer):
        yield


def test_a_span_has_its_facts_its_kind_and_what_happened_in_it(collector: Collector) -> None:
    with tracing_here(), span("job.hear", SpanKind.CONSUMER, attempt=2, nothing=None) as ours:
        event("vendor.retried", fault="timeout")
        ours.tell(method="GET", done=True)
        ours.rename("language.dub")
    (sent,) = collector.spans
    assert (sent.name, sent.kind, sent.parent_id) == ("language.dub", "consumer", "")
    assert sent.facts == {
        "ytdubber.attempt": 2,
        "http.request.method": "GET",
        "ytdubber.done": True,
    }
    assert sent.events == [("vendor.retried", {"ytdubber.fault": "timeout"})]
    assert (sent.of["service.name"], sent.of["ytdubber.role"]) == ("ytdubber", "worker")


def test_spans_stand_under_the_one_in_force_also_in_other_threads(collector: Collector) -> None:
    def make(name: str) -> None:
        with span(name):
            pass

    with tracing_here(), span("a") as _, ContextPool(1) as pool:
        make("b")
        pool.submit(make, "c").result()
        thread = threading.Thread(target=carried(make), args=("d",))
        thread.start()
        thread.join()
    first, *others = collector.spans
    assert [each.name for each in others] == ["b", "c", "d"]
    assert {each.parent_id for each in others} == {first.span_id}


def test_what_is_carried_elsewhere_goes_on_there(collector: Collector) -> None:
    with tracing_here():
        with span("here"):
            away = traceparent()
        assert traceparent() is None
        with span("elsewhere"), span("there", parent=away):
            pass
    here, elsewhere, there = collector.spans
    assert (there.trace_id, there.parent_id) == (here.trace_id, here.span_id)
    assert elsewhere.trace_id != here.trace_id


@pytest.mark.parametrize("parent", ["", "nonsense", "00-" + "0" * 32 + "-" + "1" * 16 + "-01"])
def test_a_parent_that_is_none_makes_a_trace_of_its_own(collector: Collector, parent: str) -> None:
    with tracing_here(), span("a", parent=parent):
        pass
    assert [each.parent_id for each in collector.spans] == [""]


def test_a_parent_that_is_not_kept_is_not_kept_here_either(collector: Collector) -> None:
    with tracing_here():
        with span("a", parent=f"00-{'a' * 32}-{'b' * 16}-00"):
            assert (traceparent() or "").endswith("-00")
        with span("b", parent=f"00-{'a' * 32}-{'b' * 16}-01"):
            pass
    assert [each.name for each in collector.spans] == ["b"]


def test_ids_are_those_of_lines_but_the_users(collector: Collector) -> None:
    with tracing_here(), bound(request_id="r1", user_id="u1"), span("a"):
        bind(job_id="j1", language="pt")
    (sent,) = collector.spans
    assert sent.facts == {
        "ytdubber.request_id": "r1",
        "ytdubber.job_id": "j1",
        "ytdubber.language": "pt",
    }


def test_lines_carry_the_span_that_they_are_said_in(collector: Collector) -> None:
    log = get_logger("ytdubber.tests")
    with written(apart=True) as lines, tracing_here():
        log.info("before.it")
        with span("a"):
            log.info("in.it")
            ids = dict(line_ids())
    before, inside = lines.all
    (sent,) = collector.spans
    assert not {"trace_id", "span_id"} & before.keys()
    assert (inside["trace_id"], inside["span_id"]) == (sent.trace_id, sent.span_id)
    assert ids == {"trace_id": sent.trace_id, "span_id": sent.span_id}


ERRORS = [
    (VendorError("acme", ErrorKind.TIMEOUT, SECRET), "vendor_error"),
    (ValueError(f"{SECRET} is no number"), "ValueError"),
    (FileNotFoundError(2, "No such file", f"/{SECRET}.flac"), "FileNotFoundError"),
]


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda each: type(each).__name__)
def test_of_an_error_no_word_is_sent(collector: Collector, error: Exception, code: str) -> None:
    with tracing_here(), pytest.raises(type(error)), span("a"), span("b"):
        raise error
    for sent in collector.spans:
        assert sent.wrong
        assert code in sent.facts["error.type"]
        assert not sent.events
        assert sent.facts.get("ytdubber.fault") == getattr(error, "fault", None)
    assert SECRET.encode() not in collector.raw


@pytest.mark.parametrize("error", [Cancelled(), LeaseLost(), asyncio.CancelledError()])
def test_what_nobody_wants_any_more_did_not_go_wrong(
    collector: Collector, error: BaseException
) -> None:
    with tracing_here(), pytest.raises(type(error)), span("a"):
        raise error
    (sent,) = collector.spans
    assert not sent.wrong
    assert sent.facts.keys() == {"ytdubber.ended_by"}


def test_the_variables_say_who_tells(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "dubs")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=trial")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    with tracing_here(), span("a"):
        pass
    (sent,) = collector.spans
    assert sent.of["service.name"] == "dubs"
    assert sent.of["deployment.environment.name"] == "trial"
    assert sent.of["ytdubber.role"] == "worker"


def test_the_variables_say_how_many_are_kept(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with tracing_here(), span("a"):
        pass
    assert collector.spans == []


def test_a_collector_that_is_away_is_told_once_and_again_when_it_is_back(
    collector: Collector,
) -> None:
    collector.status = 400
    with written(apart=True) as lines, tracing_here():
        for _ in range(3):
            with span("lost"):
                pass
            until(lambda: "collector.away" in lines.events)
        collector.status = 200

        def taken() -> bool:
            with span("taken"):
                pass
            return bool(collector.named("taken"))

        until(taken)
        until(lambda: "collector.back" in lines.events)
    away, back = lines.all
    assert (away["event"], away["level"]) == ("collector.away", "warning")
    assert "400" in away["reason"]
    assert (back["event"], back["level"]) == ("collector.back", "warning")


def test_nobody_waits_for_a_collector_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", str(FOR_EVER_S))
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    with socket.create_server(("127.0.0.1", 0)) as deaf, written(apart=True) as lines:
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        with tracing_here():
            for _ in range(10_000):  # several times what the queue holds
                with span("a"):
                    pass
    assert len(lines.all) <= 1


def test_a_process_ends_although_its_collector_never_answers() -> None:
    program = (
        "from ytdubber.bootstrap.tracing import tracing\n"
        "from ytdubber.tracing import span\n"
        "with tracing('worker'), span('a'):\n    pass\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        variables = {
            ENDPOINT: f"http://127.0.0.1:{deaf.getsockname()[1]}",
            "OTEL_EXPORTER_OTLP_TIMEOUT": str(FOR_EVER_S),
        }
        words = [sys.executable, "-c", program]
        done = subprocess.run(words, env=os.environ | variables, check=False)
    assert done.returncode == 0


OFF = [
    {},
    {"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://collector:4318"},
    {"OTEL_SDK_DISABLED": "TRUE", ENDPOINT: "http://collector:4318"},
    {ENDPOINT: " ", "OTEL_TRACES_EXPORTER": ""},
    {"OTEL_SERVICE_NAME": "dubs", "OTEL_TRACES_SAMPLER": "always_on"},
    {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://collector:4318"},
]
ON = [
    {ENDPOINT: "http://collector:4318"},
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://collector/v1/traces"},
    {"OTEL_TRACES_EXPORTER": "otlp"},
    {ENDPOINT: "HTTP://collector:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
    {ENDPOINT: "http://collector:4318", "OTEL_SDK_DISABLED": "false"},
]
WRONG = [
    ("OTEL_TRACES_EXPORTER", {"OTEL_TRACES_EXPORTER": "jaeger"}),
    (ENDPOINT, {ENDPOINT: "collector:4318"}),
    ("OTEL_EXPORTER_OTLP_PROTOCOL", {ENDPOINT: "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}),
    (
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        {ENDPOINT: "http://c", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"},
    ),
]


@pytest.mark.parametrize("environment", OFF, ids=str)
def test_nothing_is_traced_unless_it_is_asked_for(environment: dict[str, str]) -> None:
    assert wanted(environment) is None


@pytest.mark.parametrize("environment", ON, ids=str)
def test_an_exporter_or_its_address_asks_for_it(environment: dict[str, str]) -> None:
    assert wanted(environment) in environment


@pytest.mark.parametrize(("variable", "environment"), WRONG, ids=str)
def test_what_is_not_to_be_had_is_refused(variable: str, environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=re.escape(variable)):
        wanted(environment)


def test_where_nothing_is_traced_the_sdk_is_not_loaded() -> None:
    program = (
        "import sys, ytdubber.cli.serve, ytdubber.cli.worker\n"
        "import ytdubber.bootstrap.service_vendor_process\n"
        "from ytdubber.bootstrap.tracing import tracing\n"
        "with tracing('api'):\n"
        "    loaded = [name for name in sys.modules if name.startswith('opentelemetry.')]\n"
        "    assert not [name for name in loaded if 'sdk' in name or 'exporter' in name], loaded\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_where_nothing_is_traced_a_span_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    with tracing("worker"):
        assert not in_force()
        assert span("a", attempt=1) is span("b")
        with span("a") as ours:
            ours.tell(done=True)
            ours.rename("b")
            ours.failed(ValueError())
            event("c")
            assert (traceparent(), dict(line_ids())) == (None, {})
