"""`ytdubber`: dub recordings on this machine.

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.
"""

import os
import sys
import traceback
from typing import Annotated

import typer

from ytdubber import __version__
from ytdubber.cli import (
    costs,
    credit,
    dlq,
    doctor,
    dub,
    evaluate,
    languages,
    models,
    purge,
    serve,
    show,
    token,
    vendor_double,
    worker,
)
from ytdubber.cli.console import err
from ytdubber.cli.hints import told
from ytdubber.domain.errors import BadInput, YtDubberError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="ytdubber",
    help="Dub spoken recordings into other languages, on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("dub")(dub.dub)
app.command("show")(show.show)
app.command("evaluate")(evaluate.evaluate)
app.command("languages")(languages.languages)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("token")(token.token)
app.command("vendor-double")(vendor_double.vendor_double)
app.command("purge")(purge.purge)
app.add_typer(dlq.app, name="dlq")
app.add_typer(costs.app, name="costs")
app.add_typer(credit.app, name="credit")
app.add_typer(models.app, name="models")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ytdubber {__version__}")
        raise typer.Exit


@app.callback()
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
    code = _guarded()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _guarded() -> int:
    try:
        app(standalone_mode=True)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # what typer makes of a KeyboardInterrupt
            err.print("Stopped. What is whole was kept; the same command goes on from there.")
        return end.code if isinstance(end.code, int) else FAILED
    except BadInput as error:
        return _report(error, BAD_INPUT)
    except YtDubberError as error:
        return _report(error, FAILED)
    except Exception as error:  # a defect of ours: a person gets one line, and the rest on request
        if os.environ.get("YTDUBBER_DEBUG"):
            traceback.print_exc()
        err.print(
            f"Unexpected error: {type(error).__name__}: {error}\n"
            "Run the command again with YTDUBBER_DEBUG=1 to see where, and report it.",
            markup=False,
        )
        return FAILED
    return 0


def _report(error: YtDubberError, code: int) -> int:
    err.print(f"Error: {told(error)}", markup=False)
    return code
