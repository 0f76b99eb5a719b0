"""`ytdubber token`: sign in by hand."""

from typing import Annotated
from uuid import UUID

import typer

from ytdubber.bootstrap.tokens import local_token
from ytdubber.cli.console import out
from ytdubber.domain.errors import BadSetting


def token(
    user: Annotated[str | None, typer.Option(help="The user's id, a UUID.")] = None,
    email: Annotated[str, typer.Option(help="Their address.")] = "you@localhost",
    admin: Annotated[bool, typer.Option("--admin", help="With an administrator's rights.")] = False,
) -> None:
    try:
        user_id = UUID(user) if user else None
    except ValueError:
        raise BadSetting(variable="--user", reason=f"'{user}' is not a UUID.") from None
    out.print(local_token(user_id, email, admin=admin))
