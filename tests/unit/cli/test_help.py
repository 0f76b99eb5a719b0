"""Every command says what it does, also where Python leaves docstrings out."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from ytdubber.cli import main

def helps(name, command):
    said = {name: command.help}
    for inner, each in getattr(command, "commands", {}).items():
        said |= helps(f"{name} {inner}", each)
    return said

said = {}
for name in main.COMMANDS:
    said |= helps(name, main._loaded(name))
json.dump(said, sys.stdout)
"""


@pytest.mark.slow
def test_every_command_says_what_it_does() -> None:
    words = [[sys.executable, *options, "-c", PROGRAM] for options in ([], ["-OO"])]
    usual, without = (json.loads(subprocess.check_output(each)) for each in words)
    assert usual == without
    assert {"dub", "dlq replay", "models pull"} <= usual.keys()
    assert all(said and said[0].isupper() for said in usual.values()), usual
