"""`ytdubber doctor`."""

import json
from typing import Annotated

import typer

from ytdubber.bootstrap.local import examine
from ytdubber.cli.console import out

_MARKS = {True: "[green]ok[/green]     ", False: "[red]missing[/red]"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is installed, what is missing and what to do; exit code 1 when a dub is not
    possible."""
    findings = examine()
    if as_json:
        rows = [
            {"what": f.what, "ok": f.ok, "needed": f.needed, "detail": f.detail, "remedy": f.remedy}
            for f in findings
        ]
        out.print_json(json.dumps(rows))
    else:
        for finding in findings:
            out.print(_MARKS[finding.ok], end=" ")
            out.print(f"{finding.what}: {finding.detail}", markup=False)
            if not finding.ok and finding.remedy:
                out.print(f"        {finding.remedy}", markup=False)
    if any(finding.needed and not finding.ok for finding in findings):
        raise typer.Exit(1)
