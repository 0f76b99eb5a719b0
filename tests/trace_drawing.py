"""A trace as a page shows it: a Gantt chart in Mermaid's words."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tests.collector import Span, tree

_BLOCK = re.compile(r"^```mermaid\ngantt\n.*?^```$", re.MULTILINE | re.DOTALL)
_SECTIONS = {"job.hear": "hearing", "job.finish": "end"}
_INDENT = "\u2003"
"""Wide enough to be seen; Mermaid takes other spaces away."""


def drawn(title: str, spans: Sequence[Span]) -> str:
    """The chart of one trace."""
    under = tree(spans)
    (root,) = under[""]
    lines = ["```mermaid", "gantt", f"    title {title}", "    dateFormat x"]
    lines += ["    axisFormat %S.%L s", "    section request"]
    for depth, span in _in_order(root, under):
        if depth == 1 and span.name != "decode":
            lines.append(f"    section {_section(span)}")
        begin_ms, end_ms = ((at - root.start_ns) // 10**6 for at in (span.start_ns, span.end_ns))
        name = _INDENT * depth + span.name
        lines.append(f"    {name} :{_state(span)}{begin_ms}, {max(end_ms, begin_ms + 1)}")
    return "\n".join((*lines, "```"))


def in_page(page: str) -> str:
    """The chart that a page has."""
    (found,) = _BLOCK.findall(page)
    return str(found)


def replaced(page: str, chart: str) -> str:
    """The page with this one in its place."""
    return _BLOCK.sub(lambda _: chart, page)


def shape(chart: str) -> Sequence[str]:
    """What it says but for times: a section's names once each, sorted, since stems are decoded
    beside what comes first of a language.
    """
    rows: list[str] = []
    for line in chart.splitlines():
        row = re.sub(r" :.*", "", line)
        if row.startswith("    section"):
            section = row
        elif row.startswith("    ") and " " not in row.strip():
            row = f"{section}: {row.strip()}"
        if row not in rows:
            rows.append(row)
    return sorted(rows)


def _in_order(
    span: Span, under: Mapping[str, Sequence[Span]], depth: int = 0
) -> Iterator[tuple[int, Span]]:
    """A span and those below it, as they began; languages by their name, since they race."""
    yield depth, span
    for each in sorted(under.get(span.span_id, ()), key=_place):
        yield from _in_order(each, under, depth + 1)


def _place(span: Span) -> tuple[str, int]:
    dubs = span.name == "language.dub"
    place = "language" if dubs else "zz" if span.name == "job.finish" else ""
    return place + (_section(span) if dubs else ""), span.start_ns


def _section(span: Span) -> str:
    return _SECTIONS.get(span.name) or f"language {span.facts['ytdubber.language']}"


def _state(span: Span) -> str:
    return "crit, " if span.wrong else ""
