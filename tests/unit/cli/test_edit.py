"""Lines of a finished dub, changed by `ytdubber edit`."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.app.conftest import FakeDubbing
from typer.testing import CliRunner, Result

from ytdubber.cli.main import app
from ytdubber.domain.errors import BadInput, BadSetting


@pytest.fixture
def dub(fakes: FakeDubbing) -> Path:
    fakes.dub(fakes.request())
    return fakes.out


def edit(dub: Path, command: str, *arguments: str) -> Result:
    words = ["edit", command, str(dub), *arguments, "--lang", "pt"]
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


def done(dub: Path, command: str, *arguments: str) -> str:
    result = edit(dub, command, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def lines(dub: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done(dub, "list", "--json"))
    return found


def test_a_line_is_split_and_joined_again(dub: Path) -> None:
    before = [line["text"] for line in lines(dub)]
    said = done(dub, "split", "1", "--after", "pt:word00 word01")
    assert "Line 1: pt:word00 word01" in said
    assert "2 to be made anew." in said
    assert [line["text"] for line in lines(dub)] == [
        "pt:word00 word01", "word02 word03.", *before[1:]
    ]  # fmt: skip
    done(dub, "merge", "1")
    assert [line["text"] for line in lines(dub)] == before


def test_a_line_is_added_left_out_and_had_back(dub: Path) -> None:
    said = done(dub, "insert", "--text", "E mais.", "--at", "5.2", "--until", "5.9")
    assert "Line 3: E mais." in said
    assert [line["number"] for line in lines(dub) if line["edited"]] == [3]
    assert "(not said)" in done(dub, "delete", "1")
    assert "(not said)" in done(dub, "list")
    assert "(not said)" not in done(dub, "delete", "1", "--undo")


def test_a_term_of_a_line_is_said_otherwise_than_it_is_written(dub: Path) -> None:
    told = done(dub, "set", "1", "--say", "word01=one", "--say", "word02=[two]")
    assert "(word01 is said one, word02 is said [two])" in told
    assert lines(dub)[0]["edit"] == {"spoken_as": {"word01": "one", "word02": "[two]"}}
    done(dub, "set", "1", "--say", "")
    assert lines(dub)[0]["edit"] == {}


def test_the_original_is_kept_in_place_of_a_line(dub: Path) -> None:
    assert "(the original is kept)" in done(dub, "set", "2", "--keep-original")
    assert lines(dub)[1]["edit"] == {"keep_original": True}
    done(dub, "set", "2", "--dub-it")
    assert not any(line["edited"] for line in lines(dub))


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("split", ("1", "--after", "nowhere"), "line 1 does not have 'nowhere'"),
        ("split", ("9", "--after", "word"), "9: there is no such line in pt"),
        ("merge", ("3",), "there is none after it"),
        ("insert", ("--text", "E.", "--at", "5.2", "--until", "5.21"), "at least 100 ms"),
        ("insert", ("--text", "", "--at", "5.2", "--until", "5.9"), "text: give 1 to 2000 letters"),
        ("delete", ("9",), "Its lines are 1 to 3"),
        ("set", ("1",), "give --text, --voice"),
        ("set", ("1", "--say", "word01"), "does not tell what is spoken"),
    ],
)
def test_what_no_line_can_be_is_refused_and_nothing_changes(
    dub: Path, command: str, arguments: tuple[str, ...], told: str
) -> None:
    before = lines(dub)
    refused = edit(dub, command, *arguments).exception
    assert isinstance(refused, BadInput | BadSetting), "which the program shows as one sentence"
    assert told in str(refused)
    assert lines(dub) == before
