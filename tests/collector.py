"""A collector of traces on this machine: takes OTLP over HTTP, and looks at every request."""

import gzip
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Encoded
from opentelemetry.proto.trace.v1.trace_pb2 import Status

PATH = "/v1/traces"


@dataclass(frozen=True)
class Span:
    """A span as it was sent.

    Attributes:
        name: What went on.
        kind: Where it stood.
        trace_id: The trace it is in, in hexadecimal.
        span_id: Its own.
        parent_id: The span it belongs to; empty where it is the first.
        start_ns: When it began.
        end_ns: When it ended.
        wrong: Whether it is said to have gone wrong.
        facts: Its attributes.
        events: The names and attributes of what happened in it.
        of: What is said of the process that sent it.
    """

    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    start_ns: int
    end_ns: int
    wrong: bool
    facts: Mapping[str, Any]
    events: Sequence[tuple[str, Mapping[str, Any]]]
    of: Mapping[str, Any]


@dataclass
class Collector:
    """What came.

    Attributes:
        url: The address, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it.
        requests: How many requests there were.
        complaints: What was wrong with them.
        raw: All that came, as bytes.
        status: What requests are answered with.
    """

    url: str
    requests: int = 0
    complaints: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    status: int = 200
    _spans: list[Span] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def spans(self) -> list[Span]:
        """All of them, as they began."""
        with self._lock:
            return sorted(self._spans, key=lambda span: span.start_ns)

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def under(self, parent: Span) -> list[Span]:
        """Those that belong to a span, as they began."""
        return [span for span in self.spans if span.parent_id == parent.span_id]

    def variables(self) -> dict[str, str]:
        """What has a process send its spans here, soon."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """A request."""
        with self._lock:
            self.requests += 1
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            self.raw += body
            if (path, headers.get("content-type")) != (PATH, "application/x-protobuf"):
                self.complaints.append(f"{path} {headers}")
            for spans in ExportTraceServiceRequest.FromString(body).resource_spans:
                of = _facts(spans.resource.attributes)
                for scope in spans.scope_spans:
                    for encoded in scope.spans:
                        self.complaints += _complaints(encoded, of)
                        self._spans.append(_span(encoded, of))


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens; at the end nothing may have been wrong with any request."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if made.status == 200:
                made.take(self.path, headers, body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(made.status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert made.complaints == []


def _span(encoded: Encoded, of: Mapping[str, Any]) -> Span:
    return Span(
        name=encoded.name,
        kind=Encoded.SpanKind.Name(encoded.kind).removeprefix("SPAN_KIND_").lower(),
        trace_id=encoded.trace_id.hex(),
        span_id=encoded.span_id.hex(),
        parent_id=encoded.parent_span_id.hex(),
        start_ns=encoded.start_time_unix_nano,
        end_ns=encoded.end_time_unix_nano,
        wrong=encoded.status.code == Status.STATUS_CODE_ERROR,
        facts=_facts(encoded.attributes),
        events=[(event.name, _facts(event.attributes)) for event in encoded.events],
        of=of,
    )


def _complaints(span: Encoded, of: Mapping[str, Any]) -> list[str]:
    """What the specification has it not be."""
    wrong = {
        "a trace's id has 16 bytes": len(span.trace_id) != 16 or not any(span.trace_id),
        "a span's id has 8 bytes": len(span.span_id) != 8 or not any(span.span_id),
        "a parent's id has 8 bytes or none": len(span.parent_span_id) not in (0, 8),
        "a span ends after it began": not 0 < span.start_time_unix_nano <= span.end_time_unix_nano,
        "a span has a name": not span.name,
        "a process says what it is": not {"service.name", "ytdubber.role"} <= of.keys(),
        "something was dropped": bool(span.dropped_attributes_count or span.dropped_events_count),
        "a name comes once": len({each.key for each in span.attributes}) != len(span.attributes),
    }
    return [f"{span.name}: {complaint}" for complaint, is_so in wrong.items() if is_so]


def _facts(attributes: Any) -> dict[str, Any]:
    return {each.key: _value(each) for each in attributes}


def _value(fact: KeyValue) -> Any:
    kind = fact.value.WhichOneof("value")
    return None if kind is None else getattr(fact.value, kind)


def tree(spans: Sequence[Span]) -> Mapping[str, list[Span]]:
    """Spans by their parent's id."""
    found: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        found[span.parent_id].append(span)
    return found
