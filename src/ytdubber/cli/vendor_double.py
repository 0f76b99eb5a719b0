"""`ytdubber vendor-double`."""

from typing import Annotated

import typer

from ytdubber.bootstrap.vendor_double import (
    Address,
    serve_storage_double,
    serve_vendor_double,
)
from ytdubber.cli.console import err, out

MORE = (
    "The engines of this machine hear, translate and speak for them; for what these cannot "
    "translate stand sentences of ours. What it would have charged is at /_double/books, what "
    "it was asked at /_double/calls; faults are sent to /_double/script."
)
"""What its help says besides."""


def vendor_double(
    host: Annotated[str, typer.Option(help="Listen on this address.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Listen on this port; any free one when 0.")
    ] = 8765,
    latency: Annotated[
        float, typer.Option(min=0, max=600, help="Answer no sooner than after so many seconds.")
    ] = 0.0,
    canned: Annotated[
        bool, typer.Option("--canned", help="Answer by rule and in tones: no models are needed.")
    ] = False,
    storage: Annotated[
        bool, typer.Option("--storage", help="Stand in for Supabase Storage instead.")
    ] = False,
) -> None:
    try:
        if storage:
            return serve_storage_double(host, port, _ready)
        serve_vendor_double(host, port, latency, canned, _ready)
    except KeyboardInterrupt:  # how it is told to end
        err.print("Stopped.")


def _ready(address: Address) -> None:
    """The settings go to standard output, so that they can be read into a shell or a file."""
    err.print(f"Listening at {address.base_url}. Stop it with Ctrl-C. Point ytdubber at it with:")
    for name, value in address.variables.items():
        out.print(f"{name}={value}")
    out.file.flush()
