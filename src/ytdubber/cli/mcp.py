"""`ytdubber mcp`."""

from pathlib import Path
from typing import Annotated

import typer

from ytdubber.domain.errors import PartMissing

MORE = (
    "An assistant's program starts it and speaks with it over standard input and output. Its tools "
    "dub recordings of this machine, show the lines of a dub, change and render them, and score "
    "it. It needs the extra `mcp`."
)
"""What its help says besides."""


def mcp(
    folders: Annotated[
        list[Path] | None,
        typer.Option(
            "--folder",
            help="Where files may be read and written; again for more. Anywhere when not given.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    try:
        from ytdubber.cli.assistant_tools import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise PartMissing(
            part="mcp", purpose="`ytdubber mcp`", command="pip install 'ytdubber[mcp]'"
        ) from None
    serve(folders or ())
