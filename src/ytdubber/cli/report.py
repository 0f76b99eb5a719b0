"""The scoreboard as one HTML page with plots; nothing in it comes from elsewhere."""

from collections.abc import Mapping, Sequence
from html import escape

from ytdubber import LanguageScore, ScoredLine
from ytdubber.cli.review import sentences
from ytdubber.domain.languages import NAMES

_WIDTH, _HEIGHT = 1_100, 130
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #20304a; max-width: 1140px; margin: 2em auto;
  padding: 0 1em }
table { border-collapse: collapse } td, th { padding: .2em .9em .2em 0; text-align: left }
td:nth-child(2) { text-align: right } .met { color: #1b7f4b } .missed { color: #c2410c }
svg { display: block; width: 100%; height: auto; margin: .3em 0 1.2em }
.slot { fill: #e7edf7 } .line { fill: #d9734e; opacity: .55 } .wave { fill: #20304a }
.curve { fill: none; stroke: #20304a; stroke-width: 1.2 } .bar { fill: #4a6fa5 }
.lost { fill: #f3c27a }
.limit { stroke: #d9734e; stroke-dasharray: 5 4 } text { font-size: 11px; fill: #5b6b85 }
"""


def html_report(
    scores: Sequence[LanguageScore], tables: Mapping[str, Sequence[tuple[str, str, str, bool]]]
) -> str:
    """The page: for every language its figures, waves over slots, rates and loudness."""
    parts = [_language(found, tables[found.language]) for found in scores]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Dub scoreboard</title>"
        f"<style>{_STYLE}</style><h1>Dub scoreboard</h1>{''.join(parts)}</html>\n"
    )


def _language(found: LanguageScore, table: Sequence[tuple[str, str, str, bool]]) -> str:
    total_ms = max(1, found.duration_ms)
    rows = "".join(
        f"<tr><td>{escape(name)}<td>{escape(value)}<td>{escape(target)}"
        f"<td class={'met' if met else 'missed'}>{'met' if met else 'missed'}"
        for name, value, target, met in table
    )
    waves = "".join(
        f"<h3>{title}</h3>{_wave(found, key, total_ms)}"
        for key, title in (("source", "Original"), ("dub", "Dub over the slots of its lines"))
        if key in found.waves
    )
    loudness = "".join(
        f"<h3>Loudness over time: {escape(file.path)}</h3>{_curve(file.over_time_lufs)}"
        for file in found.files
    )
    levels = ""
    if found.levels_apart_lu:
        levels = f"<h3>Level of each line against its original</h3>{_levels(found.levels_apart_lu)}"
    name = escape(NAMES.get(found.language, found.language))
    return (
        f"<h2>{name}</h2><table><tr><th>figure<th>measured<th>target<th></tr>{rows}</table>"
        f"{_review(found)}{waves}<h3>Rate of each line</h3>{_rates(found.lines)}{levels}{loudness}"
    )


def _svg(body: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{body}</svg>'


def _review(found: LanguageScore) -> str:
    """What a person should listen to."""
    items = "".join(f"<li>{escape(sentence)}" for sentence in sentences(found.review))
    return f"<h3>To review</h3><ul>{items}</ul>" if items else ""


def _wave(found: LanguageScore, key: str, total_ms: int) -> str:
    """Original or dub over the slots of its lines, and what has no line though somebody speaks."""
    peaks, dub = found.waves[key], key == "dub"

    def x(ms: float) -> float:
        return ms / total_ms * _WIDTH

    boxes = [
        f"<rect class=lost x={x(each.start_ms):.1f} y=0 width={x(each.duration_ms):.1f}"
        f" height={_HEIGHT - 14} />"
        for each in found.uncovered
    ]
    for line in found.lines:
        width = x(line.room_ms)
        boxes.append(
            f"<rect class=slot x={x(line.source_start_ms):.1f} y=0 width={width:.1f}"
            f" height={_HEIGHT - 14} />"
        )
        start, end = line.source_start_ms, line.source_end_ms
        if dub:
            start, end = line.dub_start_ms, line.dub_end_ms
        boxes.append(
            f"<rect class=line x={x(start):.1f} y={_HEIGHT - 12} width={x(end - start):.1f}"
            " height=8 />"
        )
    middle, top = (_HEIGHT - 14) / 2, max(peaks, default=0.0) or 1.0
    step = _WIDTH / max(1, len(peaks))
    upper = [f"{i * step:.1f},{middle - p / top * middle:.1f}" for i, p in enumerate(peaks)]
    lower = [f"{i * step:.1f},{middle + p / top * middle:.1f}" for i, p in enumerate(peaks)]
    outline = " ".join(upper + lower[::-1])
    return _svg("".join(boxes) + f'<polygon class=wave points="{outline}" />')


def _rates(lines: Sequence[ScoredLine]) -> str:
    """A bar for each line from 0.8 to 1.6, with the comfortable and the highest rate."""

    def y(rate: float) -> float:
        return (_HEIGHT - 4) * (1 - (min(1.6, max(0.8, rate)) - 0.8) / 0.8)

    step = _WIDTH / max(1, len(lines))
    bars = "".join(
        f"<rect class=bar x={i * step + 1:.1f} y={y(line.rate):.1f} width={max(1.0, step - 2):.1f}"
        f" height={_HEIGHT - y(line.rate):.1f}><title>{line.rate:.2f}</title></rect>"
        for i, line in enumerate(lines)
    )
    limits = "".join(
        f"<line class=limit x1=0 x2={_WIDTH} y1={y(rate):.1f} y2={y(rate):.1f} />"
        f"<text x=4 y={y(rate) - 3:.1f}>{rate}</text>"
        for rate in (1.15, 1.25)
    )
    return _svg(bars + limits)


def _levels(apart: Sequence[float]) -> str:
    """A bar for each line from -6 to 6 LU."""
    middle, step = _HEIGHT / 2, _WIDTH / max(1, len(apart))
    bars = ""
    for i, value in enumerate(apart):
        height = min(6.0, abs(value)) / 6 * middle
        top = middle - height if value > 0 else middle
        bars += (
            f"<rect class=bar x={i * step + 1:.1f} y={top:.1f} width={max(1.0, step - 2):.1f}"
            f" height={max(1.0, height):.1f}><title>{value:+.1f} LU</title></rect>"
        )
    limits = "".join(
        f"<line class=limit x1=0 x2={_WIDTH} y1={y:.1f} y2={y:.1f} />"
        f"<text x=4 y={y - 3:.1f}>{limit:+} LU</text>"
        for limit in (2, -2)
        for y in (middle - limit / 6 * middle,)
    )
    return _svg(bars + limits)


def _curve(values: Sequence[float]) -> str:
    """Loudness from -60 to 0 LUFS."""
    step = _WIDTH / max(1, len(values))
    points = " ".join(
        f"{i * step:.1f},{(_HEIGHT - 4) * min(1.0, max(0.0, -value / 60)):.1f}"
        for i, value in enumerate(values)
    )
    marks = "".join(
        f"<line class=limit x1=0 x2={_WIDTH} y1={y:.1f} y2={y:.1f} />"
        f"<text x=4 y={y - 3:.1f}>{mark} LUFS</text>"
        for mark in (-14, -23, -40)
        for y in ((_HEIGHT - 4) * -mark / 60,)
    )
    return _svg(marks + f'<polyline class=curve points="{points}" />')
