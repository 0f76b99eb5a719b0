"""`ytdubber dlq`: what was given up."""

import json
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from ytdubber.bootstrap.worker import dead_letters
from ytdubber.cli.console import out
from ytdubber.domain.errors import BadInput
from ytdubber.ports.dead_letters import DeadLetter, DeadLetters

app = typer.Typer(
    add_completion=False,
    help="Work that failed for good: list, show, replay, discard.",
    no_args_is_help=True,
)

Ids = Annotated[list[UUID] | None, typer.Argument(help="Dead letters by id.")]
All = Annotated[bool, typer.Option("--all", help="All there are.")]


@app.command("list")
def list_letters(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what failed for good, newest first."""
    with dead_letters() as letters:
        found = letters.list()
    if as_json:
        out.print_json(json.dumps([asdict(letter) for letter in found], default=str))
        return
    if not found:
        out.print("There are no dead letters.")
        return
    table = Table()
    for heading in ("id", "what", "row", "failed at", "tries", "error"):
        table.add_column(heading, overflow="fold")
    for letter in found:
        table.add_row(
            str(letter.message_id),
            letter.actor,
            str(letter.row_id),
            f"{letter.failed_at:%Y-%m-%d %H:%M:%S}",
            str(letter.attempts),
            letter.error,
        )
    out.print(table, soft_wrap=False)


@app.command()
def show(message_id: Annotated[UUID, typer.Argument(help="A dead letter's id.")]) -> None:
    """Show one with its traceback."""
    with dead_letters() as letters:
        letter = letters.get(message_id)
    for name, value in asdict(letter).items():
        if name != "traceback":
            out.print(f"{name}: {value}", markup=False)
    out.print(letter.traceback, markup=False)


@app.command()
def replay(ids: Ids = None, everything: All = False) -> None:
    """Do it again from the start; what engines made before is not made twice."""
    with dead_letters() as letters:
        refused = 0
        for letter in _chosen(letters, ids, everything):
            try:
                letters.replay(letter.message_id)
            except BadInput as error:
                if not everything:
                    raise
                refused += 1
                out.print(f"{letter.message_id}: {error}", markup=False)
            else:
                out.print(f"{letter.message_id}: waits for a worker", markup=False)
    if refused:
        raise typer.Exit(1)


@app.command()
def discard(ids: Ids = None, everything: All = False) -> None:
    """Forget it; its job or language stays failed."""
    with dead_letters() as letters:
        for letter in _chosen(letters, ids, everything):
            letters.discard(letter.message_id)
            out.print(f"{letter.message_id}: discarded", markup=False)


def _chosen(letters: DeadLetters, ids: list[UUID] | None, everything: bool) -> list[DeadLetter]:
    if everything == bool(ids):
        raise BadInput(detail="name dead letters by id, or give --all.")
    return [letters.get(each) for each in ids] if ids else list(letters.list())
