"""`ytdubber maintenance`."""

import logging
from typing import Annotated

import typer

from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.worker import worker_process
from ytdubber.worker.process import maintain

MORE = (
    "It wakes what was lost, ends what is overdue, removes what may not be kept, and tells "
    "Stripe what was used. Several may run: one at a time does each of these."
)
"""What its help says besides."""


def maintenance(
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more.")] = False,
) -> None:
    start_log(logging.DEBUG if verbose else None)
    with worker_process(1, works=False) as parts:
        maintain(parts)
