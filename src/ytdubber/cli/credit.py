"""`ytdubber credit`: users' prepaid credit."""

from typing import Annotated
from uuid import UUID

import typer

from ytdubber.app.money.credits import shown
from ytdubber.bootstrap.costs import credit
from ytdubber.cli.console import out

app = typer.Typer(add_completion=False, help="Users' prepaid credit.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Users' prepaid credit."""


@app.command(help="Give a user credit.")
def grant(
    user_id: Annotated[UUID, typer.Argument(help="The user's id.")],
    cents: Annotated[int, typer.Argument(help="How much, in US cents; below 0 takes back.")],
    why: Annotated[str, typer.Option(help="What the user is told.")] = "Credit",
) -> None:
    with credit() as billing:
        balance_cents = billing.grant(user_id, cents, why)
    out.print(f"They have {shown(balance_cents)} now.")
