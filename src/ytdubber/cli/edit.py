"""`ytdubber edit`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import ytdubber
from ytdubber.cli.console import err, out, plain
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
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
        dubbed = f"{line.spoken} → {line.text}" if line.edited else line.spoken
        marks = " (to review)" if line.review else ""
        table.add_row(
            f"{line.number}",
            f"{line.start_ms / 1000:.2f} s",
            f"{line.rate:.2f}",
            plain(line.source),
            plain(dubbed + marks),
        )
    out.print(table, soft_wrap=False)


@app.command("set", help="Have a line say something else; `edit render` speaks it.")
def set_line(
    folder: Folder,
    line: Annotated[str, typer.Argument(help="The line: its number, as `edit list` shows it.")],
    lang: Language,
    text: Annotated[str, typer.Option("--text", help="What it is to say.")],
) -> None:
    lines = ytdubber.edit(folder, lang, {line: text})
    changed = next(each for each in lines if line in (str(each.number), each.id))
    out.print(f"Line {changed.number}: {printable(changed.text)}")
    count = sum(each.edited for each in lines)
    shown = printable(str(folder))
    err.print(f"{count} to be spoken. `ytdubber edit render {shown}` speaks what was changed.")


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


def _values(line: ytdubber.EditLine) -> dict[str, object]:
    return {
        "number": line.number,
        "id": line.id,
        "start_ms": line.start_ms,
        "source": line.source,
        "spoken": line.spoken,
        "text": line.text,
        "edited": line.edited,
        "rate": line.rate,
        "review": list(line.review),
    }
