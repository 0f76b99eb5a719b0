"""`ytdubber detect`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import ytdubber
from ytdubber.cli.console import out
from ytdubber.domain.printable import encodable, printable

MORE = (
    "Reads signed metadata (C2PA) and fields of text, listens for the watermark in the voice, and "
    "compares with the manifest beside it. "
    "Exit code 1 when a file says nothing of AI, or is not as it was made."
)
"""What its help says besides."""
_WHOLE = {
    True: "It is as it was made.",
    False: "It was CHANGED since it was made.",
    None: "Nothing tells whether it is as it was made.",
}


def detect(
    files: Annotated[list[Path], typer.Argument(help="Sound, videos or captions.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON result.")] = False,
) -> None:
    found = [ytdubber.detect(file) for file in files]
    if as_json:
        out.print_values([_values(each) for each in found])
    else:
        for each in found:
            _print(each)
    if not all(each.by_ai and each.whole is not False for each in found):
        raise typer.Exit(1)


def _values(marks: ytdubber.Marks) -> dict[str, object]:
    return asdict(marks) | {
        "file": encodable(str(marks.file)),
        "by_ai": marks.by_ai,
        "whole": marks.whole,
    }


def _print(marks: ytdubber.Marks) -> None:
    said = "made by AI" if marks.by_ai else "says nothing of AI"
    out.print(f"{printable(str(marks.file))}: {said}. {_WHOLE[marks.whole]}")
    if credentials := marks.credentials:
        known = "" if credentials.trusted else ", whom no list of trust names"
        signer = printable(credentials.signer) or "somebody"
        out.print(f"  signed by {signer}{known}; made with {printable(credentials.generator)}")
        for problem in credentials.problems:
            out.print(f"  {printable(problem)}")
    if marks.comment:
        out.print(f"  {printable(marks.comment)}")
    if heard := marks.watermark:
        out.print(
            f"  watermark: {heard.presence} (score {heard.score:.1f}; from {heard.needed:.1f} on it"
            " is there)"
        )
    if marks.as_manifest is not None:
        agrees = "has" if marks.as_manifest else "does NOT have"
        out.print(f"  It {agrees} the bytes that the manifest of its dub names.")
