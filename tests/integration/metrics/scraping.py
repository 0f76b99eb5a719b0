"""Pages of metrics, as Prometheus reads them."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families
from tests.plain_http import NO_TLS


@dataclass(frozen=True)
class Scrape:
    """A page: values by name and labels, in its order."""

    text: str

    def value(self, name: str, **labels: str) -> float | None:
        """A sample's value, by all of its labels and the name without its prefix."""
        return self.values.get((f"ytdubber_{name}", frozenset(labels.items())))

    @property
    def values(self) -> Mapping[tuple[str, frozenset[tuple[str, str]]], float]:
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(self.text)
            for sample in family.samples
        }

    def total(self, name: str, **labels: str) -> float:
        """The sum of all samples of a name that have these labels."""
        wanted = labels.items()
        return sum(
            value
            for (found, given), value in self.values.items()
            if found == f"ytdubber_{name}" and wanted <= dict(given).items()
        )


def scrape(port: int) -> Scrape:
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", verify=NO_TLS, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return Scrape(answer.text)


def told(port: int) -> bool:
    """Whether anybody tells metrics there."""
    try:
        scrape(port)
    except httpx.TransportError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
