"""A Prometheus of Debian's that scrapes, and what it answers."""

import json
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.integration.metrics.promtool import prometheus
from tests.integration.metrics.scraping import free_port
from tests.plain_http import NO_TLS
from tests.waiting import eventually

SCRAPE_S = 1
_CONFIGURATION = """
global: {{scrape_interval: {every}s, evaluation_interval: {every}s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: ytdubber
    static_configs: [{{targets: [{targets}]}}]
"""


@contextmanager
def scraped(
    folder: Path, ports: Sequence[int], rules: Sequence[Path] = ()
) -> Iterator[httpx.Client]:
    """One that scrapes these ports each second and judges by these rules, once it has several
    scrapes of each.
    """
    port = free_port()
    (folder / "prometheus.yml").write_text(
        _CONFIGURATION.format(
            every=SCRAPE_S,
            rules=", ".join(map(str, rules)),
            targets=", ".join(f'"127.0.0.1:{each}"' for each in ports),
        )
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                str(prometheus()),
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", verify=NO_TLS) as client:

            def several() -> bool:
                seen = found(client, "sum_over_time(up[1m]) >= 6")
                return len(seen) == len(ports)

            assert eventually(several), (folder / "log").read_text()
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def found(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    """What a query gives now; nothing while nobody answers."""
    return _asked(client, "query", {"query": query})


def drawn(client: httpx.Client, query: str, since_s: float, until_s: float) -> list[float]:
    """All values of all series that a query gives between two times, as a graph would show."""
    times = {"start": since_s, "end": until_s, "step": SCRAPE_S}
    series = _asked(client, "query_range", {"query": query} | times)
    return [float(value) for each in series for _, value in each["values"] if value != "NaN"]


def _asked(client: httpx.Client, what: str, words: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        answer = client.get(f"/api/v1/{what}", params=words).json()
    except (httpx.TransportError, json.JSONDecodeError):
        return []
    assert answer["status"] == "success", answer
    result: list[dict[str, Any]] = answer["data"]["result"]
    return result
