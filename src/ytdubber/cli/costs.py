"""`ytdubber costs`: what vendors charged."""

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from ytdubber.app.money.costs import CostReport
from ytdubber.bootstrap.costs import costs
from ytdubber.cli.console import err, out
from ytdubber.domain.printable import printable_message
from ytdubber.ports.costs import By

app = typer.Typer(add_completion=False, help="What vendors charged.", no_args_is_help=True)

MOST_ROWS = 1_000
"""Of a report in a table."""


@app.callback()
def main() -> None:
    """What vendors charged."""


@app.command(help="Add up what was spent on vendors, in US dollars; days are those of UTC.")
def report(
    by: Annotated[By, typer.Option(help="What to add up by.")] = By.DAY,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day."),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV with exact amounts instead of a table.")
    ] = False,
) -> None:
    with costs() as reports:
        days = (first.date() if first else None, last.date() if last else None)
        made = reports(by, *days, limit=None if as_csv else MOST_ROWS)
    if as_csv:
        sys.stdout.write(printable_message(made.csv()))
    elif made.rows:
        out.print(_table(made), soft_wrap=False)
    else:
        out.print("Nothing was spent.")
    if made.following is not None:
        err.print(f"{made.count - len(made.rows)} rows more are in the total: --csv prints all.")
    if made.unpriced:
        err.print(
            f"Entries without a price in the book, which are in no amount: {made.unpriced}. Add"
            " their prices to the book for the entries to come."
        )


def _table(report: CostReport) -> Table:
    table = Table()
    table.add_column(report.by.value, overflow="fold")
    for heading in ("calls", "US dollars", "of it estimated"):
        table.add_column(heading, justify="right")
    for row in report.rows:
        amounts = (f"{row.amount_usd:.4f}", f"{row.unknown_usd:.4f}")
        table.add_row(report.name(row), str(row.calls), *amounts)
    table.add_section()
    table.add_row("total", "", f"{report.total_usd:.4f}", "")
    return table
