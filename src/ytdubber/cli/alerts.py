"""`ytdubber alerts`: whether they reach anybody."""

from datetime import UTC, datetime

import typer

from ytdubber.bootstrap.alerts import send_test
from ytdubber.cli.console import out

app = typer.Typer(
    add_completion=False,
    help="Whom alerts reach without a Prometheus: test.",
    no_args_is_help=True,
)


@app.callback()
def alerts() -> None:
    """One command among others to come, so that it is asked for by its name."""


@app.command(
    help="Send a test to the webhook and the addresses in force; exit code 1 when one does not"
    " arrive."
)
def test() -> None:
    told = send_test(datetime.now(UTC))
    for name, why_not in told.items():
        out.print(f"{name}: {why_not or 'it arrived'}")
    if any(told.values()):
        raise typer.Exit(1)
