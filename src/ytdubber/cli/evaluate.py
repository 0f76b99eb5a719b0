"""`ytdubber evaluate`."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

import ytdubber
from ytdubber.cli.console import out, plain
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
from ytdubber.cli.report import html_report
from ytdubber.cli.review import sentences
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import printable

_MARKS = {True: Text("met", style="green"), False: Text("missed", style="red")}

Row = tuple[str, str, str, bool]
"""A figure: its name, its value, its target, and whether it meets that."""


def evaluate(
    folder: Annotated[
        Path, typer.Argument(help="A finished dub, or sound files with a segments.json.")
    ],
    voice: Annotated[
        Path | None, typer.Option("--voice", help="The original voice, to compare levels with.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a report with plots to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    cancel = ytdubber.CancelToken(grace_s=GRACE_S)
    with interrupted_by_sigterm():
        evaluation = ytdubber.evaluate(folder, voice=voice, cancel=cancel)
    scores = list(evaluation.languages.values())
    if as_json:
        out.print_values([_plain(each) for each in scores])
    else:
        for each in scores:
            _print(each)
    if html is not None:
        html.write_text(html_report(scores, {s.language: rows(s) for s in scores}), "utf-8")
        out.print(f"The report is in {printable(str(html))}")


def rows(found: ytdubber.LanguageScore) -> list[Row]:
    """The scoreboard: every figure beside its target."""
    timing = found.timing
    table: list[Row] = [
        _at_least("speech overlap", timing.speech_overlap, 0.92, "{:.3f}"),
        _at_most("double-talk", timing.double_talk_s, 0.0, "{:.2f} s"),
        _at_most("lost speech", timing.lost_speech_s, 0.0, "{:.2f} s"),
        _at_most("holes over 0.4 s", timing.holes_share, 0.06, "{:.1%}"),
        _at_most("rate, 95th percentile", timing.rate_p95, 1.15, "{:.2f}"),
        _at_most("rate, highest", timing.rate_max, 1.25, "{:.2f}"),
        _at_most("lines faster than 1.2", timing.rate_over_1_2_share, 0.02, "{:.0%}"),
        _at_most("rate step, 95th percentile", timing.rate_step_p95, 0.10, "{:.1%}"),
        _at_most("onset drift, 95th percentile", timing.onset_drift_p95_s, 0.10, "{:.2f} s"),
        _at_most("onset drift, largest", timing.onset_drift_max_s, 0.40, "{:.2f} s"),
        _at_least("duration fit", timing.duration_fit_share, 0.90, "{:.0%}"),
        _at_most("places to review", len(found.review), 0, "{:.0f}"),
        *_sound(found.files),
    ]
    if found.cues:
        table.append(_at_least("captions", found.captions_passing_share, 0.99, "{:.0%}"))
    if found.voice_level_p95_lu is not None:
        level = found.voice_level_p95_lu
        table.append(_at_most("voice level, 95th percentile", level, 2.0, "{:.1f} LU"))
    return table


def _sound(files: Sequence[ytdubber.FileScore]) -> list[Row]:
    if not files:
        return []
    length = max(abs(file.length_samples) for file in files)
    loudness = max(file.loudness_error_lu for file in files)
    over = max(file.over_ceiling_db for file in files)
    return [
        _at_most("length, furthest file", length, 0, "{:.0f} samples"),
        _at_most("loudness, furthest file", loudness, 0.5, "{:.2f} LU"),
        _at_most("true peak over the ceiling", over, 0.0, "{:.2f} dB"),
    ]


def _at_most(name: str, value: float, target: float, form: str) -> Row:
    return (name, form.format(value), "at most " + form.format(target), value <= target + 5e-3)


def _at_least(name: str, value: float, target: float, form: str) -> Row:
    return (name, form.format(value), "at least " + form.format(target), value >= target - 5e-3)


def _print(found: ytdubber.LanguageScore) -> None:
    name = NAMES.get(found.language, found.language)
    table = Table(title=plain(f"{name}: {found.timing.lines} lines"), title_justify="left")
    for heading in ("figure", "measured", "target", ""):
        table.add_column(heading, justify="right" if heading == "measured" else "left")
    for figure, value, target, met in rows(found):
        table.add_row(figure, value, target, _MARKS[met])
    out.print(table, soft_wrap=False)
    for sentence in sentences(found.review):
        out.print(f"  {sentence}")
    for broken in found.caption_violations:
        out.print(f"  cue {broken.cue}: {broken.rule}: {broken.detail}")


def _plain(found: ytdubber.LanguageScore) -> dict[str, object]:
    """A score for programs, without the curves."""
    plain = asdict(found)
    del plain["waves"]
    plain["voice_level_p95_lu"] = found.voice_level_p95_lu
    for file in plain["files"]:
        del file["over_time_lufs"]
    return plain
