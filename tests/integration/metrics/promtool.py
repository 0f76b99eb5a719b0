"""Prometheus' own tool, from Debian's package."""

import subprocess
from pathlib import Path

import pytest
from tests.debian import MISSING, program


def promtool(*words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    """What it says; the test is skipped where it is not here."""
    tool = program("promtool")
    if tool is None:
        pytest.skip(MISSING.format("promtool"))
    return subprocess.run(
        [str(tool), *words], input=given, capture_output=True, text=True, check=False, timeout=60
    )


def complaints(page: str) -> str:
    """What it finds wrong with a page of metrics."""
    found = promtool("check", "metrics", given=page)
    assert found.returncode in (0, 3), found.stderr
    return found.stdout + found.stderr


def prometheus() -> Path:
    """The server; the test is skipped where it is not here."""
    tool = program("prometheus")
    if tool is None:
        pytest.skip(MISSING.format("prometheus"))
    return tool
