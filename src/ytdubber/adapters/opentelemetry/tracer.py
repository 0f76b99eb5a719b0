"""`Tracer` over OpenTelemetry's SDK."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ytdubber.domain.errors import Cancelled, HandedBack, LeaseLost, PutOff, VendorError
from ytdubber.log import ids
from ytdubber.log.errors import described
from ytdubber.tracing import Fact, SpanKind
from ytdubber.version import __version__

_KINDS = {kind: trace.SpanKind[kind.name] for kind in SpanKind}
_W3C = TraceContextTextMapPropagator()
_HEADER = "traceparent"
_IDS = ("request_id", "job_id", "task_id", "language")
_SEMANTIC = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "error": "error.type",
}
"""Facts that OpenTelemetry's semantic conventions have a name for; all others are ours."""
_NOT_WRONG = (asyncio.CancelledError, Cancelled, HandedBack, LeaseLost, PutOff)
"""What ends work that goes on later or elsewhere, or that nobody wants."""


@dataclass(frozen=True, slots=True)
class OtelSpan:
    """A `Span`. Of an error it tells no more than its code or class: messages may hold what users
    said.
    """

    inner: trace.Span

    def rename(self, name: str) -> None:
        self.inner.update_name(name)

    def tell(self, **facts: Fact) -> None:
        self.inner.set_attributes(_attributes(facts))
        if facts.get("error") is not None:
            self.inner.set_status(StatusCode.ERROR)

    def failed(self, error: BaseException) -> None:
        code, _ = described(error)
        if isinstance(error, VendorError):
            self.tell(fault=error.fault.value)
        self.tell(**{"ended_by" if isinstance(error, _NOT_WRONG) else "error": code})


class OtelTracer:
    """A `Tracer`. The span in force is in a context variable, as the ids of lines are, and goes to
    other threads with them.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("ytdubber", __version__)

    @contextmanager
    def span(
        self, name: str, kind: SpanKind, parent: str | None, facts: Mapping[str, Fact]
    ) -> Iterator[OtelSpan]:
        context = None if parent is None else _W3C.extract({_HEADER: parent})
        with self._tracer.start_as_current_span(
            name,
            context,
            _KINDS[kind],
            _attributes(facts),
            record_exception=False,
            set_status_on_exception=False,
        ) as inner:
            made = OtelSpan(inner)
            try:
                yield made
            except BaseException as error:
                made.failed(error)
                raise
            finally:
                known = ids()  # as they are at its end: most become known on the way
                made.tell(**{name: known.get(name) for name in _IDS})

    def event(self, name: str, facts: Mapping[str, Fact]) -> None:
        trace.get_current_span().add_event(name, _attributes(facts))

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get(_HEADER)

    def line_ids(self) -> Mapping[str, str]:
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return {}
        return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


def _attributes(facts: Mapping[str, Fact]) -> dict[str, str | int | float | bool]:
    return {
        _SEMANTIC.get(name, f"ytdubber.{name}"): value
        for name, value in facts.items()
        if value is not None
    }
