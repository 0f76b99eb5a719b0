"""Documents hold together: what they link to is there, and the site has every page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from ytdubber.cli.main import COMMANDS
from ytdubber.settings import variables

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NAVIGATION: dict[str, Any] = yaml.safe_load((DOCS / ".nav.yml").read_text("utf-8"))
FOLDERS = (".", ".github", "docs", "benchmarks", "examples")
PAGES = sorted(
    {
        path
        for folder in FOLDERS
        for path in (ROOT / folder).glob("**/*.md" if folder != "." else "*.md")
    }
)

_FENCE = re.compile(r"^( *)(```+|~~~+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_ELSEWHERE = ("http://", "https://", "mailto:")


def prose(path: Path) -> str:
    """A page without what it shows as code."""
    text = _FENCE.sub("", path.read_text("utf-8"))
    lines = ["" if line.startswith("    ") else line for line in text.splitlines()]
    return _CODE.sub(lambda found: "`" * len(found[0]), "\n".join(lines))


def links(path: Path) -> Iterator[str]:
    yield from _LINK.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """Where a page can be linked to: the names that GitHub and the site both give."""
    text = _FENCE.sub("", path.read_text("utf-8"))
    plain = [
        re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each).replace("`", "")
        for each in _HEADING.findall(text)
    ]
    github = {re.sub(r"[^\w\- ]", "", each).lower().replace(" ", "-") for each in plain}
    site = {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", each).strip().lower()) for each in plain}
    return github & site


def broken(path: Path) -> Iterator[str]:
    for link in links(path):
        if link.startswith(_ELSEWHERE):
            continue
        name, _, anchor = unquote(link).partition("#")
        to = (path.parent / name).resolve() if name else path
        if not to.exists():
            yield f"{link}: no such file"
        elif anchor and anchor not in anchors(to):
            yield f"{link}: no such heading"
        elif path.is_relative_to(DOCS) and not to.is_relative_to(DOCS):
            yield f"{link}: not a part of the site; name its path instead"


def in_navigation(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for name, value in entry.items() if isinstance(entry, dict) else (("", entry),):
            if name != "glob" and isinstance(value, str):
                yield value
            elif name != "glob":
                yield from in_navigation(value)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_links_to_is_there(path: Path) -> None:
    assert list(broken(path)) == []


def test_the_navigation_names_pages_that_are_there_and_leaves_none_out() -> None:
    named = list(in_navigation(NAVIGATION["nav"]))
    assert [name for name in named if not (DOCS / name).is_file()] == []
    assert len(named) == len(set(named))
    assert NAVIGATION["append_unmatched"]


TEXT = {path: path.read_text("utf-8") for path in PAGES if path.name != "CHANGELOG.md"}
HERE = {path: text for path, text in TEXT.items() if "adr" not in path.parts}
"""What is said of the program as it is; decisions tell of their own time."""


def named(pattern: str) -> set[str]:
    return {name for text in HERE.values() for name in re.findall(pattern, text)}


def test_tests_that_are_named_are_there() -> None:
    paths = named(r"\btests/[\w/]+(?:\.\w+)?")
    assert len(paths) > 20
    assert [each for each in paths if not (ROOT / each).exists()] == []
    alone = named(r"`(test_\w+\.py)`")
    assert alone <= {path.name for path in (ROOT / "tests").rglob("test_*.py")}


def test_what_contributors_are_led_to_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    led_to = {
        name.replace("NAME", "openai") for name in re.findall(r"`((?:src|tests)/[^`]+)`", text)
    }
    assert len(led_to) > 30
    assert [each for each in sorted(led_to) if not (ROOT / each).exists()] == []


def test_targets_of_make_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    asked = named(r"(?:`|^ {4})make (\w+)")
    assert len(asked) > 8
    assert asked <= targets


def test_settings_are_settings() -> None:
    names = named(r"\bYTDUBBER_[A-Z0-9_]*[A-Z0-9]\b")
    assert len(names) > 40
    assert names <= {*variables(), "YTDUBBER_DEBUG"}


def test_commands_are_commands() -> None:
    names = named(r"(?:`|\$ |\()ytdubber ([a-z][a-z-]+)\b")
    assert len(names) > 10
    assert names <= COMMANDS.keys()
