"""What the diagrams of the documents name is there."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "architecture.md").read_text("utf-8")
DIAGRAMS = re.findall(r"^```mermaid\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SOURCES = "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "ytdubber").rglob("*.py"))
OUTSIDE = {"client", "API", "database"}


def test_participants_are_classes_of_ours() -> None:
    found = re.findall(r"participant \w+ as (.+)", "\n".join(DIAGRAMS))
    named = {name.strip() for name in found} - OUTSIDE
    assert len(named) > 9
    assert [name for name in named if f"\nclass {name}" not in SOURCES] == []


def test_who_speaks_takes_part() -> None:
    for diagram in DIAGRAMS:
        if diagram.startswith("sequenceDiagram"):
            known = set(re.findall(r"participant (\w+) as", diagram))
            spoken = re.findall(r"^ +(\w+)-{1,2}>>(\w+):", diagram, re.MULTILINE)
            assert {name for pair in spoken for name in pair} == known


def test_requests_are_routes() -> None:
    paths = json.loads((DOCS / "openapi.json").read_text("utf-8"))["paths"]
    routes = {(verb.upper(), path.rstrip("/")) for path, each in paths.items() for verb in each}
    asked = re.findall(r"(GET|POST|DELETE) (/\S+)", "\n".join(DIAGRAMS))
    assert len(asked) >= 4
    known = {(verb, re.sub(r"\{\w+\}", "{}", path)) for verb, path in routes}
    assert [
        each for each in asked if (each[0], re.sub(r"\{\w+\}", "{}", each[1])) not in known
    ] == []


def test_stages_are_the_pipeline_s() -> None:
    stages = ROOT / "src" / "ytdubber" / "app" / "pipeline" / "stages"
    for line in ("ingest, transcribe", "translate, synthesize, fit, mix, caption, publish"):
        assert line in PAGE
        assert [name for name in line.split(", ") if not (stages / f"{name}.py").is_file()] == []


def test_the_walks_meet_what_is_there() -> None:
    page = (DOCS / "walks.md").read_text("utf-8")
    walked = [name for name in re.findall(r"`([^`\n]+)`", page) if " " not in name]
    files = [name for name in walked if name.endswith(".py")]
    classes = [name for name in walked if re.fullmatch(r"(?:[A-Z][a-z]+)+", name)]
    assert len(files) > 25
    assert len(classes) > 25
    there = ROOT / "src" / "ytdubber"
    assert [name for name in files if not (there / name).is_file()] == [
        "tests/unit/test_diagrams.py"
    ]
    assert [name for name in classes if f"\nclass {name}" not in SOURCES] == []
