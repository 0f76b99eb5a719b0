"""`ytdubber`: dub recordings on this machine.

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.
"""

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ytdubber.cli.console import err
from ytdubber.cli.hints import told
from ytdubber.cli.remarks import Remarks
from ytdubber.domain.errors import BadInput, MachineError, NotOnWindows, YtDubberError
from ytdubber.domain.printable import printable
from ytdubber.version import __version__

COMMANDS = {
    "dub": "Dub VOICE into other languages, over the BACKGROUND.",
    "show": "Show what a dub consists of: every line with its slot and spoken time, what a person"
    " should listen to, and every file.",
    "evaluate": "Score a dub: how well it fits its original, measured on its files.",
    "detect": "Show what files say of where they are from: whether AI made them, and whether they"
    " are as they were made.",
    "mcp": "Tools for an assistant, over the Model Context Protocol: dub, lines, edit_line, render,"
    " evaluate.",
    "edit": "Lines of a finished dub: list, set, split, merge, insert, delete, render.",
    "languages": "Show what can be dubbed from what into what, with the engines at hand.",
    "doctor": "Show what is installed, what is missing and what to do; exit code 1 when a dub is"
    " not possible, or the service that the settings name cannot work.",
    "serve": "Serve the API, with its database and workers, until it is stopped.",
    "worker": "Work on jobs until stopped: Ctrl-C or SIGTERM; again to stop at once.",
    "maintenance": "Look after jobs and files until stopped; workers do so too, unless they are"
    " told not to.",
    "database": "Keep the embedded database up until stopped, also while nothing else uses it.",
    "migrate": "Bring the database to this version's tables, and end; the other roles do so as they"
    " start.",
    "status": "Show what waits, runs and failed, who is away, what was spent and what needs a"
    " person; exit code 1 when something does.",
    "token": "Print a bearer token for a user of this machine's service.",
    "vendor-double": "Stand in for the vendors and for Stripe, to try their settings for nothing.",
    "purge": "Remove files and texts that may not be kept any longer; workers do so every minute.",
    "dlq": "Work that failed for good: list, show, replay, discard.",
    "alerts": "Whom alerts reach without a Prometheus: test.",
    "costs": "What vendors charged.",
    "credit": "Users' prepaid credit.",
    "models": "Models: list, fetch, verify, remove.",
}
"""Each with what the list of commands says of it, word for word as its own help begins. A module of
each name holds the command: a function of that name, or `app` with several.
"""

SERVICE = frozenset(
    "serve worker maintenance database migrate status token purge dlq alerts costs credit".split()
)
"""Those of the service, which wants a Unix."""

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class _Commands(TyperGroup):
    """The commands, each loaded when it is run or asked for its own help: dubbing needs no web
    server, and the list of commands needs none of them.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in COMMANDS if name not in SERVICE or hasattr(os, "fork")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What stands in the list for a command."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that was asked for, itself."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and _loaded(listed.name or ""), rest


def _loaded(name: str) -> Any:
    """The command of this name.

    Raises:
        NotOnWindows: it wants a Unix.
    """
    if name in SERVICE and not hasattr(os, "fork"):
        raise NotOnWindows(command=name)
    module_name = name.replace("-", "_")
    module = importlib.import_module(f"ytdubber.cli.{module_name}")
    several = getattr(module, "app", None)
    if several is None:
        several = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
        text = "\n\n".join(filter(None, (COMMANDS[name], getattr(module, "MORE", ""))))
        several.command(help=text)(getattr(module, module_name))
    command = typer.main.get_command(several)
    command.name = name
    return command


app = typer.Typer(
    name="ytdubber",
    cls=_Commands,
    help="Dub spoken recordings into other languages, on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ytdubber {__version__}")
        raise typer.Exit


@app.callback(
    help="Dub spoken recordings into other languages, on this machine."
    "\n\nExit codes: 0 done, 1 failed, 2 bad input, 130 interrupted."
)
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Dub spoken recordings into other languages, on this machine.

    Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.
    """


def run() -> None:
    """Run the command line and end the process at once, whatever still loads or computes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what it cannot write is written out, never lost
            stream.reconfigure(errors="backslashreplace")
    _show_warnings()
    code = _guarded()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _show_warnings() -> None:
    """Print warnings, ours and the libraries', until a command starts a log."""
    remarks = logging.lastResort = Remarks()
    remarks.addFilter(lambda _: not logging.getLogger().handlers)
    logging.getLogger("ytdubber").addHandler(remarks)


def _with_files_as_such(words: Sequence[str]) -> list[str]:
    """The words of a command; a file `-dash.wav`, which looks like an option, as `./-dash.wav`."""
    return [
        f"./{word}" if word.startswith("-") and Path(word).suffix and Path(word).is_file() else word
        for word in words
    ]


def _guarded() -> int:
    try:
        app(_with_files_as_such(sys.argv[1:]), standalone_mode=True)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # what typer makes of a KeyboardInterrupt
            err.print("Stopped. What is whole was kept; the same command goes on from there.")
        return end.code if isinstance(end.code, int) else FAILED
    except (BadInput, MachineError) as error:
        return _report(error, BAD_INPUT)
    except YtDubberError as error:
        return _report(error, FAILED)
    except Exception as error:  # a defect of ours: a person gets one line, and the rest on request
        if os.environ.get("YTDUBBER_DEBUG"):
            traceback.print_exc()
        err.print(
            f"Unexpected error: {type(error).__name__}: {printable(str(error))}\n"
            "Run the command again with YTDUBBER_DEBUG=1 to see where, and report it.",
        )
        return FAILED
    return 0


def _report(error: YtDubberError, code: int) -> int:
    err.print(f"Error: {told(error)}")
    return code
