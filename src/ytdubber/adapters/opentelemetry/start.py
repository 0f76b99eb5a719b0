"""Spans of one process, on their way to a collector, by the settings of OpenTelemetry's SDK."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import (
    SERVICE_NAME,
    SERVICE_VERSION,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from ytdubber.log import Outage, get_logger
from ytdubber.version import __version__

from .tracer import OtelTracer

LAST_S = 2.0
"""How long a process that ends may still send spans."""
_TALKERS = ("opentelemetry.exporter", "opentelemetry.sdk._shared_internal")
"""The library's loggers that tell of every batch that was not taken, and of every span after."""

log = get_logger(__name__)


@contextmanager
def exported(role: str) -> Iterator[OtelTracer]:
    """A tracer whose spans are sent to the collector, at the latest when this is left.

    Nothing waits for the collector: spans stand in a queue of bounded length, and what it does not
    take is lost.

    Args:
        role: What this process is.
    """
    _tell_once()
    exporter = WatchedExporter(OTLPSpanExporter(), Outage(log, "collector"))
    # Not the global one, by which libraries would tell whole addresses; and ended by us: at the
    # exit of the process it would wait for half a minute.
    provider = TracerProvider(resource=_resource(role), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield OtelTracer(provider)
    finally:
        ending = threading.Thread(target=provider.shutdown, name="traces-end", daemon=True)
        ending.start()
        ending.join(LAST_S)
        exporter.shutdown()


class WatchedExporter(SpanExporter):
    """Says once that the collector is away, and once that it is back.

    Args:
        inner: Sends spans.
        outage: Says it.
    """

    def __init__(self, inner: SpanExporter, outage: Outage) -> None:
        self._inner = inner
        self._outage = outage
        self._lock = threading.Lock()
        self._ended = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """As the inner one."""
        result = self._inner.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._outage.over()
        else:
            self._outage.begun(reason=_last_word.text)
        return result

    def shutdown(self) -> None:
        """Send nothing more, and wait no longer for what is being sent."""
        with self._lock:
            ended, self._ended = self._ended, True
        if not ended:
            self._inner.shutdown()


class _LastWord(logging.Handler):
    """Remembers the latest of what it is told."""

    text: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.text = record.getMessage()


_last_word = _LastWord(logging.WARNING)


def _tell_once() -> None:
    """Have the library's lines about batches end here, from now on: threads of its own still say
    some when all is over. The reason in our line is the latest of them.
    """
    for name in _TALKERS:
        logging.getLogger(name).addHandler(_last_word)
        logging.getLogger(name).propagate = False


def _resource(role: str) -> Resource:
    """Who tells; what the variables say of it comes before."""
    ours = Resource({SERVICE_NAME: "ytdubber", SERVICE_VERSION: __version__, "ytdubber.role": role})
    return ours.merge(OTELResourceDetector().detect())
