"""What others wrote is shown as it is, and does nothing to a terminal."""

import ast
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from ytdubber import cli
from ytdubber.cli.console import err, out
from ytdubber.cli.remarks import Remarks
from ytdubber.domain.printable import printable_message

FOREIGN = "[laughter] [/x] [red]hi[/red] :smile: \x1b[2J\x9b1m\u202eabc"
SHOWN = printable_message(FOREIGN)


@pytest.mark.parametrize("console", [out, err])
def test_text_of_others_is_printed_as_it_is(console: Console) -> None:
    with console.capture() as printed:
        console.print(FOREIGN)
    assert printed.get() == f"{SHOWN}\n"
    assert "[laughter] [/x] [red]hi[/red] :smile: " in SHOWN
    assert "\x1b" not in SHOWN


def test_so_it_is_in_tables_and_their_titles() -> None:
    table = Table(FOREIGN, title=FOREIGN)
    table.add_row(FOREIGN)
    with out.capture() as printed:
        out.print(table, width=200)
    assert printed.get().count(SHOWN) == 3


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_that_acts_is_printed(text: str) -> None:
    with out.capture() as printed:
        out.print(text)
        out.print_values({text: text})
    shown = printed.get()
    assert printable_message(shown) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text: str) -> None:
    with out.capture() as printed:
        out.print_values([text])
    assert json.loads(printed.get()) == [text]


@given(st.text(st.characters(exclude_categories=[])))
def test_warnings_of_a_command_show_nothing_that_acts(text: str) -> None:
    with err.capture() as printed:
        for name, args, more in (
            ("library", ("%s", text), {}),
            ("ytdubber", ("engine.passed_over",), {"fields": {"reason": text}}),
        ):
            record = logging.LogRecord(name, logging.WARNING, "", 0, args[0], args[1:], None)
            record.__dict__.update(more)
            Remarks().handle(record)
    shown = printed.get()
    assert printable_message(shown) == shown
    assert "Warning: engine passed over: reason " in shown


def test_every_command_prints_by_these_consoles() -> None:
    """`print`, `typer.echo` and consoles of a command's own show text as it comes."""
    own = {"print", "Console"}
    found = []
    for path in Path(cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found += [(path.name, node.func.id)] if node.func.id in own else []
    assert found == []
