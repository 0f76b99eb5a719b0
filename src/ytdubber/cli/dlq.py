"""`ytdubber dlq`: what was given up."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from ytdubber.bootstrap.worker import dead_letters
from ytdubber.cli.console import out
from ytdubber.cli.purge import age
from ytdubber.domain.errors import BadInput, BadRequest
from ytdubber.domain.printable import printable
from ytdubber.ports.dead_letters import DeadLetter, DeadLetters

app = typer.Typer(
    add_completion=False,
    help="Work that failed for good: list, show, replay, discard.",
    no_args_is_help=True,
)

Ids = Annotated[list[UUID] | None, typer.Argument(help="Dead letters by id.")]
All = Annotated[bool, typer.Option("--all", help="All there are.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="Those that failed since then: 45m, 12h or 2d ago, or a time such as"
        " 2026-11-28T12:00 (UTC where it names no zone).",
    ),
]


@app.command(
    "list",
    help="List what failed for good, newest first; into a pipe a line each, with tabs between.",
)
def list_letters(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    with dead_letters() as letters:
        found = letters.list()
    if as_json:
        out.print_values([asdict(letter) for letter in found])
        return
    if not found:
        out.print("There are no dead letters.")
        return
    if not out.is_terminal:
        for letter in found:
            typer.echo("\t".join(_fields(letter)))
        return
    table = Table()
    for heading in ("id", "what", "row", "failed at", "tries", "error"):
        table.add_column(heading, overflow="fold")
    for letter in found:
        table.add_row(*_fields(letter))
    out.print(table, soft_wrap=False)


@app.command(help="Show one with its traceback.")
def show(message_id: Annotated[UUID, typer.Argument(help="A dead letter's id.")]) -> None:
    with dead_letters() as letters:
        letter = letters.get(message_id)
    for name, value in asdict(letter).items():
        if name != "traceback":
            out.print(f"{name}: {value}")
    out.print(letter.traceback)


@app.command(help="Do it again from the start; what engines made before is not made twice.")
def replay(ids: Ids = None, everything: All = False, since: Since = None) -> None:
    with dead_letters() as letters:
        refused = 0
        for letter in _chosen(letters, ids, everything, since):
            try:
                letters.replay(letter.message_id)
            except BadInput as error:
                if ids:
                    raise
                refused += 1
                out.print(f"{letter.message_id}: {error}")
            else:
                out.print(f"{letter.message_id}: waits for a worker")
    if refused:
        raise typer.Exit(1)


@app.command(help="Forget it; its job or language stays failed.")
def discard(ids: Ids = None, everything: All = False, since: Since = None) -> None:
    with dead_letters() as letters:
        for letter in _chosen(letters, ids, everything, since):
            letters.discard(letter.message_id)
            out.print(f"{letter.message_id}: discarded")


def _fields(letter: DeadLetter) -> tuple[str, ...]:
    return (
        str(letter.message_id),
        letter.actor,
        str(letter.row_id),
        f"{letter.failed_at:%Y-%m-%d %H:%M:%S}",
        str(letter.attempts),
        printable(" ".join(letter.error.split())),
    )


def _chosen(
    letters: DeadLetters, ids: list[UUID] | None, everything: bool, since: str | None
) -> list[DeadLetter]:
    if sum((bool(ids), everything, since is not None)) != 1:
        raise BadRequest(detail="name dead letters by id, or give --since, or --all.")
    if ids:
        return [letters.get(each) for each in ids]
    begin = datetime.min.replace(tzinfo=UTC) if since is None else _time(since, datetime.now(UTC))
    return [letter for letter in letters.list() if letter.failed_at >= begin]


def _time(text: str, now: datetime) -> datetime:
    """A time that is given as one, or as so long ago."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return now - age(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
