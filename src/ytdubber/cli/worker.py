"""`ytdubber worker`."""

import logging
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID, uuid4

import typer

from ytdubber.audio.decoder_limits import step_back
from ytdubber.bootstrap.lanes import MOST_THREADS, named_lanes
from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.worker import worker_process, worker_processes
from ytdubber.domain.fair_share import Lane
from ytdubber.worker.process import run
from ytdubber.worker.stop_request import StopRequest

MORE = "What is under way is finished or handed to another worker within 30 seconds."
"""What its help says besides."""
NICENESS = 10
"""How far workers stand back, with all they start: an API on the same machine answers first."""


def worker(
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help="Keep so many workers running; without, this process is the worker."
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST_THREADS, help="How many languages each works on at once, in each queue."
        ),
    ] = None,
    queues: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="The work it does: io waits for vendors, cpu computes here. io,cpu when not given;"
            " io:16,cpu:2 gives each threads of its own.",
        ),
    ] = None,
    maintenance: Annotated[
        bool, typer.Option(help="Also do what `ytdubber maintenance` does.")
    ] = True,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more.")] = False,
    worker_id: Annotated[UUID | None, typer.Option("--id", hidden=True)] = None,
    parent_pipe: Annotated[bool, typer.Option("--parent-pipe", hidden=True)] = False,
) -> None:
    lanes = _lanes(queues)
    start_log(logging.DEBUG if verbose else None)
    if processes is not None:
        words = ["--threads", str(threads)] if threads else []
        words += ["--queues", queues] if queues else []
        words += [] if maintenance else ["--no-maintenance"]
        words += ["--verbose"] if verbose else []
        workers = worker_processes(processes, words, threads, lanes, periodic_tasks=maintenance)
        stop = StopRequest()
        with workers:
            stop.wait()
        return
    step_back(NICENESS)
    me = worker_id or uuid4()
    with worker_process(threads, me, periodic_tasks=maintenance, lanes=lanes) as parts:
        run(parts, worker_id=me, parent_pipe=parent_pipe, periodic_tasks=maintenance)


def _lanes(queues: str | None) -> Mapping[Lane, int | None] | None:
    if queues is None:
        return None
    try:
        return named_lanes(queues)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--queues") from error
