"""`ytdubber doctor`."""

from typing import Annotated

import typer
from rich.text import Text

from ytdubber.bootstrap.local import examine
from ytdubber.cli.console import out

_MARKS = {True: Text("ok     ", style="green"), False: Text("missing", style="red")}
MORE = "Vendors are asked for what costs nothing; a small file goes into the storage and out again."
"""What its help says besides."""


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    findings = examine()
    if as_json:
        rows = [
            {"what": f.what, "ok": f.ok, "needed": f.needed, "detail": f.detail, "remedy": f.remedy}
            for f in findings
        ]
        out.print_values(rows)
    else:
        for finding in findings:
            out.print(_MARKS[finding.ok], end=" ")
            out.print(f"{finding.what}: {finding.detail}")
            if not finding.ok and finding.remedy:
                out.print(f"        {finding.remedy}")
    if any(finding.needed and not finding.ok for finding in findings):
        raise typer.Exit(1)
