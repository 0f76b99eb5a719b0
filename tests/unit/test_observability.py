"""What is written about metrics is what there is."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # it ships no types
from prometheus_client import CollectorRegistry
from tests.unit.adapters.test_metrics import STATE, everything

from ytdubber.adapters.prometheus.exposition import Here
from ytdubber.adapters.prometheus.recorder import Recorder
from ytdubber.adapters.prometheus.state import StateCollector

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "observability.md"
_ROW = re.compile(r"^\| `(ytdubber_\w+)` \| (\w+) \|([\w, ]*)\| (.+) \|$", re.MULTILINE)


def written() -> dict[str, tuple[str, set[str]]]:
    """Metrics of the page: their types and labels."""
    rows = _ROW.findall(PAGE.read_text("utf-8"))
    found = {
        name: (kind, {*filter(None, map(str.strip, labels.split(",")))})
        for name, kind, labels, _ in rows
    }
    assert len(found) == len(rows), "a metric is there twice"
    return found


def told() -> dict[str, tuple[str, set[str]]]:
    """Metrics there are."""
    registry = CollectorRegistry()
    everything(Recorder(registry), "word")
    registry.register(StateCollector(lambda: STATE, (("day", Decimal(5)),)))
    here = Here("api", {"data": Path.cwd()})
    here.expires["SUPABASE_SERVICE_KEY"] = datetime(2030, 1, 1, tzinfo=UTC)
    here.figures["event_streams"] = "Streams", lambda: 1
    registry.register(here)
    found: dict[str, tuple[str, set[str]]] = {}
    for family in registry.collect():
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        found[name] = family.type, labels
    return found


def test_every_metric_is_on_the_page_as_it_is() -> None:
    assert written() == told()


def test_every_alert_is_on_the_page_with_its_runbook() -> None:
    rows = re.findall(
        r"^\| `([A-Z]\w+)` \| .+ \| (\w+) \| \[.+\]\((.+)\) \|$",
        PAGE.read_text("utf-8"),
        re.MULTILINE,
    )
    rules = yaml.safe_load((ROOT / "deploy" / "observability" / "rules.yml").read_text("utf-8"))
    assert rows == [
        (
            rule["alert"],
            rule["labels"]["severity"],
            rule["annotations"]["runbook_url"].removeprefix("docs/"),
        )
        for group in rules["groups"]
        for rule in group["rules"]
    ]
