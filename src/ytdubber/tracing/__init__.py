"""Spans: what took how long, in one trace from a request to the last file of its job.

They are begun where lines are said and things are counted, and cost next to nothing until a tracer
is in force, which `bootstrap.tracing` decides. A span has a static name of dotted words; its facts
are numbers, codes and names of ours, never what users said, sent or are called. It has the ids that
lines have, but for the user's.
"""

from .tracer import (
    Fact,
    Span,
    SpanKind,
    Tracer,
    event,
    in_force,
    line_ids,
    span,
    traced,
    traceparent,
)

__all__ = [
    "Fact",
    "Span",
    "SpanKind",
    "Tracer",
    "event",
    "in_force",
    "line_ids",
    "span",
    "traced",
    "traceparent",
]
