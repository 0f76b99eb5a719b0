"""Every request is a span, told by its route, and a job goes on under the one that submitted it."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.collector import Collector, Span, collecting
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ORIGIN, ApiHarness, api
from tests.log_lines import written
from tests.plain_http import NO_TLS
from tests.waiting import eventually

from ytdubber.adapters.opentelemetry.start import exported
from ytdubber.tracing import traced

TRACE, SPAN = "a" * 32, "b" * 16
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as made, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")  # the framework's own stays silent
        for name, value in made.variables().items():
            patch.setenv(name, value)
        yield made


@pytest.fixture(scope="module")
def harness(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    """The API, traced."""
    assert os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] == collector.url
    with exported("api") as tracer, traced(tracer), api(tmp_path_factory.mktemp("harness")) as made:
        yield made


def _asked(collector: Collector, reply: httpx.Response) -> Span:
    """The span of the request that had this answer."""
    request_id = reply.headers["x-request-id"]

    def those() -> list[Span]:
        return [each for each in collector.spans if _request(each) == request_id]

    assert eventually(lambda: bool(those()))
    (span,) = those()
    return span


def _request(span: Span) -> object:
    return span.facts.get("ytdubber.request_id") if span.kind == "server" else None


def test_a_request_is_told_with_its_route_and_its_ids(collector: Collector, ann: ApiUser) -> None:
    job_id = ann.announce("pt")["job_id"]
    with written() as lines:
        reply = ann.http.get(f"/api/jobs/{job_id}?secret=1")
        assert eventually(lambda: bool(lines.of("http.request")))
    span = _asked(collector, reply)
    assert (span.name, span.kind, span.parent_id) == ("GET /api/jobs/{job_id}", "server", "")
    assert span.facts == {
        "http.request.method": "GET",
        "http.route": "/api/jobs/{job_id}",
        "http.response.status_code": 200,
        "ytdubber.request_id": reply.headers["x-request-id"],
        "ytdubber.job_id": job_id,
    }
    (line,) = lines.of("http.request")
    assert (line["trace_id"], line["span_id"]) == (span.trace_id, span.span_id)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/api/downloads/{job}SECRET", "GET /api/downloads/{token}"),
        ("GET", "/SECRET", "GET"),
        ("PURGE", "/api/jobs?token=SECRET", "other /api/jobs"),
        ("PUT", "/storage/upload/{job}/{job}?token=SECRET", None),
        ("OPTIONS", "/api/jobs", None),
    ],
)
def test_no_address_is_told(
    collector: Collector, ann: ApiUser, method: str, path: str, name: str | None
) -> None:
    job_id = str(uuid4())
    headers = {"Origin": ORIGIN, "User-Agent": "SECRET", "Access-Control-Request-Method": "GET"}
    reply = ann.http.request(method, path.replace("{job}", job_id), headers=headers)
    span = _asked(collector, reply)
    assert span.facts["http.response.status_code"] == reply.status_code
    assert not span.wrong
    if name:
        assert span.name == name
    assert b"SECRET" not in collector.raw
    assert f"{job_id}/".encode() not in collector.raw


def test_what_broke_went_wrong(collector: Collector, harness: ApiHarness, ann: ApiUser) -> None:
    harness.reads.broken = True
    try:
        reply = ann.http.get("/api/users/me/stats")
    finally:
        harness.reads.broken = False
    span = _asked(collector, reply)
    assert span.wrong
    assert span.facts["error.type"] == "500"
    assert b"hunter2" not in collector.raw


@pytest.mark.parametrize(
    ("given", "continued"), [([PARENT], True), ([PARENT, PARENT], False), (["SECRET-x"], False)]
)
def test_a_callers_trace_goes_on(
    collector: Collector, harness: ApiHarness, given: list[str], continued: bool
) -> None:
    headers = [("traceparent", each) for each in given]
    reply = httpx.get(f"{harness.url}/api/languages", headers=headers, verify=NO_TLS)
    span = _asked(collector, reply)
    assert (span.parent_id == SPAN) is (span.trace_id == TRACE) is continued
    assert b"SECRET-x" not in collector.raw


def test_probes_are_not_traced(collector: Collector, harness: ApiHarness) -> None:
    for path in ("/health", "/ready"):
        httpx.get(harness.url + path, verify=NO_TLS)
    last = httpx.get(f"{harness.url}/api/languages", verify=NO_TLS)
    _asked(collector, last)
    assert not [each for each in collector.spans if "health" in each.name or "ready" in each.name]


def test_a_jobs_row_has_the_span_that_submitted_it(collector: Collector, ann: ApiUser) -> None:
    made = ann.uploaded("pt")
    reply = ann.submit(made)
    span = _asked(collector, reply)
    query = "select traceparent, request_id from ytdubber.dubbing_jobs where id = :id"
    ((traceparent, request_id),) = ann.harness.rows(query, id=made["job_id"])
    assert str(traceparent).split("-")[1:3] == [span.trace_id, span.span_id]
    assert request_id == reply.headers["x-request-id"]
    (lengths,) = {each.name for each in collector.under(span)}
    assert lengths == "decode"


def test_whatever_works_on_a_job_goes_on_in_its_trace(
    collector: Collector, ann: ApiUser, tmp_path: Path
) -> None:
    del tmp_path
    job_id = ann.dubbed("pt")
    query = "select traceparent from ytdubber.dubbing_jobs where id = :id"
    ((traceparent,),) = ann.harness.rows(query, id=job_id)
    _, trace_id, span_id, _ = str(traceparent).split("-")
    assert eventually(
        lambda: any(each.trace_id == trace_id for each in collector.named("job.finish"))
    )
    (ended,) = [each for each in collector.named("job.finish") if each.trace_id == trace_id]
    assert ended.parent_id == span_id
