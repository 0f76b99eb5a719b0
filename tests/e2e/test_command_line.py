"""The command line itself: what it lists, and what it loads."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from ytdubber.cli.main import COMMANDS, app

SERVICE_ALONE = ("fastapi", "sqlalchemy", "dramatiq", "alembic", "uvicorn")
HEAVY = (*SERVICE_ALONE, "numpy", "httpx", "pydantic", "av")


def test_help_lists_every_command() -> None:
    listed = CliRunner().invoke(app, ["--help"]).stdout
    for name in COMMANDS:
        assert f" {name} " in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_that_begins_as_the_list_says(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert f"Usage: ytdubber {name}" in shown.stdout
    assert COMMANDS[name] in " ".join(shown.stdout.split())
    assert "completion" not in shown.stdout


def test_an_unknown_command_is_refused() -> None:
    refused = CliRunner().invoke(app, ["dup"])
    assert refused.exit_code == 2
    assert "No such command 'dup'" in refused.output


def test_dubbing_loads_nothing_of_the_service() -> None:
    program = (
        "import sys, ytdubber.cli.main, ytdubber.cli.dub, ytdubber.library.dub_run;"
        f"print([name for name in {SERVICE_ALONE!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("words", ["--help", "--version"])
def test_the_list_of_commands_loads_none_of_them(words: str) -> None:
    program = (
        "import sys; from typer.testing import CliRunner; from ytdubber.cli.main import app;"
        f"shown = CliRunner().invoke(app, [{words!r}]); assert shown.exit_code == 0;"
        "print([name for name in sys.modules if name.startswith('ytdubber.')"
        " and name.split('.')[1] not in ('cli', 'domain', 'version')]);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "[]"]
