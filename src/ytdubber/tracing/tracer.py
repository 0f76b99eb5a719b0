"""The tracer in force, and what may be asked of it."""

import enum
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Fact = str | int | float | bool | None
"""None is left out."""


class SpanKind(enum.Enum):
    """Where a span stands between processes."""

    INTERNAL = "internal"
    SERVER = "server"
    CONSUMER = "consumer"
    CLIENT = "client"


class Span(Protocol):
    """Something that goes on."""

    def rename(self, name: str) -> None:
        """Have another name."""
        ...

    def tell(self, **facts: Fact) -> None:
        """Have these facts, too; one called `error`, a code, says that it went wrong."""
        ...

    def failed(self, error: BaseException) -> None:
        """It ends by this error, also where nobody outside hears of it."""
        ...


class Tracer(Protocol):
    """Keeps spans."""

    def span(
        self, name: str, kind: SpanKind, parent: str | None, facts: Mapping[str, Fact]
    ) -> AbstractContextManager[Span]:
        """See `span`."""
        ...

    def event(self, name: str, facts: Mapping[str, Fact]) -> None:
        """See `event`."""
        ...

    def traceparent(self) -> str | None:
        """See `traceparent`."""
        ...

    def line_ids(self) -> Mapping[str, str]:
        """See `line_ids`."""
        ...


class _Nothing:
    """A span that nobody keeps."""

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def rename(self, name: str) -> None:
        """Nothing."""

    def tell(self, **facts: Fact) -> None:
        """Nothing."""

    def failed(self, error: BaseException) -> None:
        """Nothing."""


_NOTHING = _Nothing()
_NO_IDS: Mapping[str, str] = {}
_tracer: Tracer | None = None


def in_force() -> bool:
    """Whether anybody keeps spans."""
    return _tracer is not None


@contextmanager
def traced(tracer: Tracer) -> Iterator[None]:
    """Have it keep the spans of this process while the block runs."""
    global _tracer  # noqa: PLW0603  # one for a process, as its log is
    before, _tracer = _tracer, tracer
    try:
        yield
    finally:
        _tracer = before


def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, parent: str | None = None, **facts: Fact
) -> AbstractContextManager[Span]:
    """A span around a block; an error that leaves the block is its end.

    Args:
        name: What goes on, the same each time.
        kind: Where it stands between processes.
        parent: The span it belongs to, as `traceparent` gave it, in place of the one in force here.
        facts: What differs from one time to another.
    """
    if _tracer is None:
        return _NOTHING
    return _tracer.span(name, kind, parent, facts)


def event(name: str, **facts: Fact) -> None:
    """Something that happened in the span in force."""
    if _tracer is not None:
        _tracer.event(name, facts)


def traceparent() -> str | None:
    """The span in force, as W3C's Trace Context writes it, for work elsewhere; None without one."""
    return None if _tracer is None else _tracer.traceparent()


def line_ids() -> Mapping[str, str]:
    """What lines carry of the span in force: `trace_id` and `span_id`."""
    return _NO_IDS if _tracer is None else _tracer.line_ids()
