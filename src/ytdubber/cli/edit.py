"""`ytdubber edit`."""

from pathlib import Path
from typing import Annotated, cast

import typer
from rich.table import Table

import ytdubber
from ytdubber.cli.console import err, out, plain
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
from ytdubber.domain.errors import BadField
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import printable

app = typer.Typer(
    add_completion=False,
    help="Lines of a finished dub: list, set, render.",
    no_args_is_help=True,
)

Folder = Annotated[Path, typer.Argument(help="The folder of a finished dub.")]
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
        dubbed = f"{line.spoken} → {line.text}" if line.text != line.spoken else line.spoken
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
    line: Annotated[str, typer.Argument(help="The line: its number, as `edit list` shows it.")],
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
) -> None:
    given: dict[str, str | int | float | None] = {
        "text": text,
        "voice": voice,
        "shift_ms": start,
        "gain_db": gain,
        "speed": speed,
    }
    change: dict[str, str | int | float | None] = {
        name: value for name, value in given.items() if value is not None
    }
    if not change:
        raise BadField(field="edit set", reason="give --text, --voice, --start, --gain or --speed")
    if voice == "":
        change["voice"] = None
    lines = ytdubber.edit(folder, lang, {line: cast(ytdubber.LineChange, change)})
    changed = next(each for each in lines if line in (str(each.number), each.id))
    out.print(f"Line {changed.number}: {printable(changed.text)}{_otherwise(changed)}")
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
        edit.voice is not None and f"voice {edit.voice}",
        edit.shift_ms and f"{edit.shift_ms:+d} ms",
        edit.gain_db and f"{edit.gain_db:+g} dB",
        edit.speed != 1.0 and f"{edit.speed:g} times as fast",
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
        "edit": line.edit.to_json(),
        "rate": line.rate,
        "review": list(line.review),
    }
