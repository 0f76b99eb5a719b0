"""What lies on the way of `ytdubber dub` can be loaded where there is no Unix."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.without_unix import MODULES, OS, SIGNALS

SOURCES = Path(__file__).parents[2] / "src"
BEGINNINGS = (
    "ytdubber.__main__",
    "ytdubber.cli.main",
    "ytdubber.cli.dub",
    "ytdubber.cli.show",
    "ytdubber.cli.evaluate",
    "ytdubber.cli.languages",
    "ytdubber.cli.doctor",
    "ytdubber.cli.models",
    "ytdubber.audio.decoder",
    "ytdubber.bootstrap.local_vendor_process",
)
"""Commands for files on one's own machine, and the programs that they start."""


def file_of(module: str) -> Path | None:
    path = SOURCES.joinpath(*module.split("."))
    found = (path.with_suffix(".py"), path / "__init__.py")
    return next((each for each in found if each.exists()), None)


def imported(module: str, path: Path) -> Iterator[str]:
    """What a module imports, at any time."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) + 1 - node.level]) if node.level else ""
            name = ".".join(filter(None, (base, node.module)))
            yield name
            yield from (f"{name}.{each.name}" for each in node.names)


def reached() -> dict[str, Path]:
    """Every module of ours on the way, with its file."""
    found: dict[str, Path] = {}
    waiting = list(BEGINNINGS)
    while waiting:
        module = waiting.pop()
        path = file_of(module)
        if path is None or module in found:
            continue
        found[module] = path
        parents = module.split(".")
        waiting += [".".join(parts) for parts in (parents[:n] for n in range(1, len(parents)))]
        waiting += [name for name in imported(module, path) if name.startswith("ytdubber")]
    return found


WAY = reached()


def unguarded(tree: ast.AST) -> Iterator[str]:
    """What of Unix alone is imported outside a `try`, or asked of `os` or `signal` without one
    having been looked for in the same file by `hasattr` or `getattr`.
    """
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and node.handlers
        for statement in node.body
        for inner in ast.walk(statement)
    }
    looked_for = {
        node.args[1].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("hasattr", "getattr")
        and isinstance(node.args[1], ast.Constant)
    }
    hidden = {"os": OS, "signal": SIGNALS}
    for node in ast.walk(tree):
        match node:
            case ast.Import() if node not in guarded:
                yield from (each.name for each in node.names if each.name in MODULES)
            case ast.ImportFrom(module=str(name)) if node not in guarded:
                if name in MODULES:
                    yield name
                yield from (
                    f"{name}.{each.name}"
                    for each in node.names
                    if each.name in hidden.get(name, ()) and each.name not in looked_for
                )
            case ast.Attribute(value=ast.Name(id="os" | "signal" as name), attr=attr):
                if attr in hidden[name] and attr not in looked_for:
                    yield f"{name}.{attr}"


def test_the_way_is_long() -> None:
    assert len(WAY) > 150
    assert "ytdubber.adapters.local.whisper" in WAY
    assert "ytdubber.audio.decoder_limits" in WAY


@pytest.mark.parametrize("module", sorted(WAY))
def test_nothing_of_unix_alone_is_taken_for_granted(module: str) -> None:
    assert list(unguarded(ast.parse(WAY[module].read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import fcntl", ["fcntl"]),
        ("def f():\n    import resource", ["resource"]),
        ("from pwd import getpwnam", ["pwd"]),
        ("import os\nos.fork()", ["os.fork"]),
        ("from signal import SIGKILL", ["signal.SIGKILL"]),
        ("try:\n    import fcntl\nexcept ImportError:\n    pass", []),
        ("import os\nif hasattr(os, 'fork'):\n    os.fork()", []),
        ("import os\nos.open('a', os.O_RDONLY)", []),
    ],
)
def test_what_is_taken_for_granted_is_seen(code: str, told: list[str]) -> None:
    assert list(unguarded(ast.parse(code))) == told
