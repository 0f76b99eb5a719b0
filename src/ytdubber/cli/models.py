"""`ytdubber models`."""

from functools import partial
from typing import Annotated

import typer
from rich.table import Table

import ytdubber
from ytdubber.bootstrap.local import ProgressReporter, local_runtime
from ytdubber.cli.console import err, out
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
from ytdubber.library.calling_thread import CallingThread

app = typer.Typer(
    add_completion=False, help="Models: list, fetch, verify, remove.", no_args_is_help=True
)

Names = Annotated[list[str] | None, typer.Argument(help="Models by name; all when none is given.")]


@app.command("list", help="List the models, their licences, and whether they are here.")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    with local_runtime() as machine:
        statuses = machine.models.list()
    if as_json:
        rows = [
            {
                "name": s.name,
                "purpose": s.purpose,
                "licence": s.licence,
                "size_bytes": s.size_bytes,
                "present": s.present,
                "path": str(s.path),
            }
            for s in statuses
        ]
        out.print_values(rows)
        return
    table = Table()
    for heading in ("model", "for", "licence", "size", "here"):
        table.add_column(heading, justify="right" if heading == "size" else "left")
    for s in statuses:
        here = "yes" if s.present else "no"
        table.add_row(s.name, s.purpose, s.licence, f"{s.size_bytes / 1e6:.0f} MB", here)
    out.print(table, soft_wrap=False)


@app.command(
    help="Fetch models that are missing or corrupt; any Firefox pair by `firefox-<from>-<to>`."
)
def pull(names: Names = None) -> None:
    thread = CallingThread(ytdubber.CancelToken(grace_s=GRACE_S))
    with interrupted_by_sigterm(), DubDisplay((), quiet=False) as display:

        def fetching(model: str, done_bytes: int, total_bytes: int) -> None:
            download = ytdubber.Download(
                model=model, done_bytes=done_bytes, total_bytes=total_bytes
            )
            thread.report(display.fetching, download)

        reporter = ProgressReporter(
            partial(thread.report, display.say), fetching, thread.raise_if_cancelled
        )
        with local_runtime(reporter) as machine:
            statuses = thread.run(lambda: machine.models.pull(names or ()))
    for status in statuses:
        out.print(f"{status.name}: in {status.path}")


@app.command(
    help="Compare every file's SHA-256 with the pinned one; exit code 1 when one is not right."
)
def verify(names: Names = None) -> None:
    with local_runtime() as machine:
        reports = machine.models.verify(names or ())
    for report in reports:
        found = "" if report.actual in (None, report.expected) else f", is {report.actual}"
        out.print(
            f"{report.model}/{report.file}: {report.state}, expected {report.expected}{found}",
        )
    wrong = [report for report in reports if report.state != "ok"]
    if wrong:
        names_wrong = " ".join(dict.fromkeys(report.model for report in wrong))
        err.print(f"Fetch them again with: ytdubber models pull {names_wrong}")
        raise typer.Exit(1)


@app.command(help="Remove models from this machine.")
def remove(
    names: Annotated[list[str], typer.Argument(help="Models by name.")],
) -> None:
    with local_runtime() as machine:
        machine.models.remove(names)
    for name in names:
        out.print(f"{name}: removed")
