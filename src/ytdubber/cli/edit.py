"""`ytdubber edit`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.table import Table

import ytdubber
from ytdubber.cli.console import err, out, plain
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
from ytdubber.cli.say import said_for_terms
from ytdubber.domain.errors import BadField
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import printable

app = typer.Typer(
    add_completion=False,
    help="Lines of a finished dub: list, set, split, merge, insert, delete, render.",
    no_args_is_help=True,
)

Folder = Annotated[Path, typer.Argument(help="The folder of a finished dub.")]
Line = Annotated[str, typer.Argument(help="The line: its number, as `edit list` shows it.")]
_SETS = ("--text", "--voice", "--start", "--gain", "--speed", "--say", "--keep-original")
Language = Annotated[str, typer.Option("--lang", help="Which of its languages.")]


@app.command("list", help="Show every line: what was said, what the dub says, what was changed.")
def list_lines(
    folder: Folder,
    lang: Language,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    lines = ytdubber.lines(folder, lang)
    if as_json:
        out.print_values([_values(line) for line in lines])
        return
    table = Table()
    for heading in ("line", "start", "rate"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("said", ratio=1)
    table.add_column("dubbed", ratio=1)
    for line in lines:
        changed = line.spoken and line.text != line.spoken
        dubbed = f"{line.spoken} → {line.text}" if changed else line.text
        dubbed += _otherwise(line)
        marks = " (to review)" if line.review else ""
        table.add_row(
            f"{line.number}",
            f"{line.start_ms / 1000:.2f} s",
            f"{line.rate:.2f}",
            plain(line.source),
            plain(dubbed + marks),
        )
    out.print(table, soft_wrap=False)


@app.command("set", help="Have a line be otherwise; `edit render` speaks it.")
def set_line(
    folder: Folder,
    line: Line,
    lang: Language,
    text: Annotated[str | None, typer.Option("--text", help="What it is to say.")] = None,
    voice: Annotated[
        str | None,
        typer.Option("--voice", help="The id of the voice that says it; '' for its person's."),
    ] = None,
    start: Annotated[
        int | None,
        typer.Option(
            "--start",
            metavar="MS",
            help="How many milliseconds after its original it is to begin, such as +120 or -80.",
        ),
    ] = None,
    gain: Annotated[
        float | None, typer.Option("--gain", metavar="DB", help="How much louder it is to be.")
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option("--speed", help="How much faster than its voice's own pace, at least."),
    ] = None,
    say: Annotated[
        list[str] | None,
        typer.Option("--say", help="What its voice says for a term: LUFS=loofs; '' for none."),
    ] = None,
    keep_original: Annotated[
        bool | None,
        typer.Option(
            "--keep-original/--dub-it", help="Have the original heard there as it is, or the dub."
        ),
    ] = None,
) -> None:
    spoken_as = None if say is None else said_for_terms([each for each in say if each])
    given: dict[str, object] = {
        "text": text,
        "voice": voice,
        "shift_ms": start,
        "gain_db": gain,
        "speed": speed,
        "spoken_as": spoken_as,
        "keep_original": keep_original,
    }
    change = {name: value for name, value in given.items() if value is not None}
    if not change:
        raise BadField(field="edit set", reason=f"give {', '.join(_SETS)}")
    if voice == "":
        change["voice"] = None
    lines = ytdubber.edit(folder, lang, {line: cast(ytdubber.LineChange, change)})
    _tell(folder, lines, next(each.id for each in lines if line in (str(each.number), each.id)))


@app.command("split", help="Have a line be two; the original is cut at the nearest pause.")
def split_line(
    folder: Folder,
    line: Line,
    lang: Language,
    after: Annotated[
        str, typer.Option("--after", help="The words of its text that the first one ends with.")
    ],
) -> None:
    _tell(folder, ytdubber.split_line(folder, lang, line, after), line)


@app.command("merge", help="Have a line and the next one be one.")
def merge_lines(folder: Folder, line: Line, lang: Language) -> None:
    _tell(folder, ytdubber.merge_lines(folder, lang, line), line)


@app.command("insert", help="Have something said where nobody heard a line.")
def insert_line(
    folder: Folder,
    lang: Language,
    text: Annotated[str, typer.Option("--text", help="What it is to say.")],
    start: Annotated[float, typer.Option("--at", metavar="S", help="When it begins, in seconds.")],
    end: Annotated[float, typer.Option("--until", metavar="S", help="Until when there is room.")],
) -> None:
    start_ms, end_ms = round(1000 * start), round(1000 * end)
    known = {each.id for each in ytdubber.lines(folder, lang)}
    lines = ytdubber.insert_line(folder, lang, text, start_ms, end_ms)
    _tell(folder, lines, next(each.id for each in lines if each.id not in known))


@app.command("delete", help="Have a line not said, or said again.")
def delete_line(
    folder: Folder,
    line: Line,
    lang: Language,
    undo: Annotated[bool, typer.Option("--undo", help="Have it said again.")] = False,
) -> None:
    _tell(folder, ytdubber.edit(folder, lang, {line: {"removed": not undo}}), line)


def _tell(folder: Path, lines: Sequence[ytdubber.EditLine], name: str) -> None:
    """A line as it is to be, and how many are to be made anew."""
    for each in lines:
        if name in (str(each.number), each.id):
            out.print(f"Line {each.number}: {printable(each.text)}{_otherwise(each)}")
            break
    count = sum(each.edited for each in lines)
    shown = printable(str(folder))
    err.print(f"{count} to be made anew. `ytdubber edit render {shown}` speaks what was changed.")


@app.command(help="Speak the lines that were changed, and make their languages' files anew.")
def render(folder: Folder) -> None:
    languages = ytdubber.edited(folder)
    with interrupted_by_sigterm(), DubDisplay(languages, quiet=False) as display:
        results = ytdubber.render(
            folder,
            on_progress=display.update,
            on_download=display.fetching,
            on_message=display.say,
            cancel=ytdubber.CancelToken(grace_s=GRACE_S),
        )
    for language, result in results.items():
        if failed := result.unmade.get(language):
            err.print(f"{failed.name}: {failed.status}. {failed.message}")
        else:
            out.print(f"{NAMES[language]}: made anew.")
    if not all(result.complete for result in results.values()):
        raise typer.Exit(1)


def _otherwise(line: ytdubber.EditLine) -> str:
    """What else of a line is not as it would be made."""
    edit = line.edit
    said = (
        edit.removed and "not said",
        edit.keep_original and "the original is kept",
        edit.placed and "cut otherwise",
        edit.voice is not None and f"voice {edit.voice}",
        edit.shift_ms and f"{edit.shift_ms:+d} ms",
        edit.gain_db and f"{edit.gain_db:+g} dB",
        edit.speed != 1.0 and f"{edit.speed:g} times as fast",
        *(f"{term} is said {spoken}" for term, spoken in edit.spoken_as.items()),
    )
    named = ", ".join(part for part in said if part)
    return f" ({named})" if named else ""


def _values(line: ytdubber.EditLine) -> dict[str, object]:
    return {
        "number": line.number,
        "id": line.id,
        "start_ms": line.start_ms,
        "source": line.source,
        "spoken": line.spoken,
        "text": line.text,
        "edited": line.edited,
        "in_dub": line.in_dub,
        "source_start_ms": line.source_start_ms,
        "source_end_ms": line.source_end_ms,
        "edit": line.edit.to_json(),
        "rate": line.rate,
        "review": list(line.review),
    }
