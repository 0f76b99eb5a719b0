"""`ytdubber worker`."""

import logging
from typing import Annotated
from uuid import UUID, uuid4

import typer

from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.worker import worker_process, worker_processes
from ytdubber.cli.stopping import until_stopped
from ytdubber.worker.process import run


def worker(
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help="Keep so many workers running; without, this process is the worker."
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="How many languages each works on at once."),
    ] = None,
    maintenance: Annotated[
        bool, typer.Option(help="Also do what `ytdubber maintenance` does.")
    ] = True,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more.")] = False,
    worker_id: Annotated[UUID | None, typer.Option("--id", hidden=True)] = None,
    parent_pipe: Annotated[bool, typer.Option("--parent-pipe", hidden=True)] = False,
) -> None:
    """Work on jobs until stopped: Ctrl-C or SIGTERM; again to stop at once.

    What is under way is finished or handed to another worker within 30 seconds.
    """
    start_log(logging.INFO if verbose else logging.WARNING)
    if processes is not None:
        words = ["--threads", str(threads)] if threads else []
        words += [] if maintenance else ["--no-maintenance"]
        words += ["--verbose"] if verbose else []
        with until_stopped() as stopped, worker_processes(processes, words):
            stopped.wait()
        return
    me = worker_id or uuid4()
    with worker_process(threads, me) as parts:
        run(parts, worker_id=me, parent_pipe=parent_pipe, chores=maintenance)
