"""The dashboard: each of its queries returns data from a real Prometheus that scrapes us."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from tests.integration.metrics.asked import found, scraped
from tests.integration.metrics.test_rules import FOLDER, RULES, metrics_in
from tests.unit.adapters.test_metrics import STATE, everything
from tests.unit.test_observability import told

from ytdubber.adapters.prometheus.exposition import Here
from ytdubber.adapters.prometheus.recorder import Recorder
from ytdubber.adapters.prometheus.state import StateCollector

BOARD: dict[str, Any] = json.loads((FOLDER / "grafana" / "dashboard.json").read_text("utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUERIES = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in PANELS
    for target in panel["targets"]
}
ROWS = {panel["title"] for panel in BOARD["panels"] if panel["type"] == "row"}


@dataclass(eq=False)
class Busy(Collector):
    """A service in which one of everything happens between two scrapes."""

    recorder: Recorder

    def describe(self) -> Iterator[Metric]:
        yield from ()

    def collect(self) -> Iterator[Metric]:
        everything(self.recorder, "word")
        yield from ()


@pytest.fixture(scope="module")
def page() -> Iterator[int]:
    """The port of a page that tells all there is."""
    registry = CollectorRegistry()
    registry.register(Busy(Recorder(registry)))
    registry.register(StateCollector(lambda: STATE, (("day", Decimal(5)),)))
    here = Here("api", {"data": Path.cwd()})
    here.expires["SUPABASE_SERVICE_KEY"] = datetime(2030, 1, 1, tzinfo=UTC)
    here.figures["event_streams"] = "Streams", lambda: 1
    registry.register(here)
    ProcessCollector(registry=registry)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def asked(page: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A Prometheus that scrapes it."""
    with scraped(tmp_path_factory.mktemp("prometheus"), [page]) as client:
        yield client


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_returns_data(asked: httpx.Client, name: str) -> None:
    query = QUERIES[name].replace("$__rate_interval", "30s")
    series = found(asked, query)
    assert series, query
    assert all(each["value"][1] != "NaN" for each in series), series


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_can_be_asked(asked: httpx.Client, rule: dict[str, Any]) -> None:
    found(asked, rule["expr"])


def test_every_metric_is_drawn_or_watched() -> None:
    asked = [*QUERIES.values(), *(rule["expr"] for rule in RULES)]
    named = set[str]().union(*(metrics_in(each) for each in asked))
    assert named <= set(told())
    assert set(told()) - named == {"ytdubber_build_info", "ytdubber_outbox_waiting"}


def test_the_board_has_a_row_for_everything_an_operator_asks() -> None:
    assert ROWS >= {
        "Throughput",
        "Failures",
        "Stages",
        "Queue and fairness",
        "Vendors",
        "Money",
        "Retention and storage",
        "Quality",
    }
    places = [tuple(panel["gridPos"].values()) for panel in BOARD["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_what_grafana_is_given_belongs_together() -> None:
    folder = FOLDER / "grafana" / "provisioning"
    (source,) = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text("utf-8"))[
        "datasources"
    ]
    (provider,) = yaml.safe_load((folder / "dashboards" / "ytdubber.yml").read_text("utf-8"))[
        "providers"
    ]
    targets = [target for panel in PANELS for target in panel["targets"]]
    assert {target["datasource"]["uid"] for target in targets} == {source["uid"]}
    compose = yaml.safe_load((FOLDER.parent / "docker-compose.yml").read_text("utf-8"))["services"]
    mounted = [each.split(":") for each in compose["grafana"]["volumes"]]
    for host, inside, *_ in mounted[:2]:
        assert (FOLDER.parent / host).exists()
        assert inside.startswith("/etc/grafana/")
    assert mounted[1][1].startswith(provider["options"]["path"] + "/")
    assert source["url"] == "http://prometheus:9090"
    scrapes = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    (names,) = scrapes[0]["dns_sd_configs"]
    for role in names["names"]:
        assert compose[role]["environment"]["YTDUBBER_METRICS_PORT"] == str(names["port"])
