"""What holds for every file that is shipped."""

from pathlib import Path

import pytest
from tests.attacks import SUITE

SOURCES = Path(__file__).parents[2] / "src"
WRITTEN = frozenset({".css", ".html", ".js", ".py", ".sql"})
"""What people write. The models' manifest is data, and what is compiled is not looked at."""
MOST_LINES = 400

FILES = sorted(path for path in SOURCES.rglob("*") if path.suffix in WRITTEN)


def test_every_kind_of_file_is_looked_at() -> None:
    assert {path.suffix for path in FILES} == WRITTEN


@pytest.mark.parametrize("kind", sorted(WRITTEN))
def test_no_file_holds_two_things(kind: str) -> None:
    lines = {
        str(path.relative_to(SOURCES)): len(path.read_text(encoding="utf-8").splitlines())
        for path in FILES
        if path.suffix == kind
    }
    too_long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert too_long == {}, f"more than {MOST_LINES} lines: part each where it holds two things"


def test_every_module_of_the_attack_suite_is_there() -> None:
    assert [name for name in SUITE if not (SOURCES.parent / name).is_file()] == []
