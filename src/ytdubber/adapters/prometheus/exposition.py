"""The page that Prometheus reads, on a port of its own."""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ytdubber.domain.errors import BadSetting
from ytdubber.version import __version__

from .folder import filled, fold_the_ended


@dataclass(slots=True, eq=False)
class Processes(Collector):
    """What the processes of a role counted, those that have ended, too."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def describe(self) -> Iterator[Metric]:
        """Nothing is known beforehand."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            fold_the_ended(self.folder)
            yield from MultiProcessCollector.merge([str(each) for each in filled(self.folder)])


@dataclass(slots=True, eq=False)
class Here(Collector):
    """What is so in this process and on this machine.

    Attributes:
        role: What the process is.
        folders: Whose disks are looked at, by name.
        expires: When credentials expire that do, by the name of their setting.
        figures: More gauges: by name, what it is and its value.
    """

    role: str
    folders: Mapping[str, Path] = field(default_factory=dict)
    expires: dict[str, datetime] = field(default_factory=dict)
    figures: dict[str, tuple[str, Callable[[], float]]] = field(default_factory=dict)

    def describe(self) -> Iterator[Metric]:
        """Nothing is known beforehand."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily(
            "ytdubber_build_info", "What runs here.", labels=["version", "role"]
        )
        build.add_metric([__version__, self.role], 1)
        yield build
        free = GaugeMetricFamily(
            "ytdubber_disk_free_bytes", "Room on the disk of a folder.", labels=["folder"]
        )
        size = GaugeMetricFamily(
            "ytdubber_disk_size_bytes", "Size of the disk of a folder.", labels=["folder"]
        )
        for name, folder in self.folders.items():
            try:
                usage = shutil.disk_usage(folder)
            except OSError:
                continue  # it is not there yet
            free.add_metric([name], usage.free)
            size.add_metric([name], usage.total)
        yield free
        yield size
        yield self._expiries()
        for name, (words, value) in self.figures.items():
            yield GaugeMetricFamily(f"ytdubber_{name}", f"{words}.", value=value())

    def _expiries(self) -> Metric:
        family = GaugeMetricFamily(
            "ytdubber_credential_expiry_timestamp_seconds",
            "When a credential expires.",
            labels=["credential"],
        )
        for name, at in self.expires.items():
            family.add_metric([name], at.timestamp())
        return family


@dataclass(frozen=True, slots=True)
class Exposition:
    """What one port tells."""

    registry: CollectorRegistry
    here: Here
    port: int

    def add(self, collector: Collector) -> None:
        """Tell more."""
        self.registry.register(collector)

    def show(self, name: str, words: str, value: Callable[[], float]) -> None:
        """Tell a figure of this process."""
        self.here.figures[name] = words, value


@contextmanager
def exposed(
    folder: Path, role: str, host: str, port: int, folders: Mapping[str, Path]
) -> Iterator[Exposition]:
    """A page of metrics, for as long as this is open.

    Raises:
        BadSetting: nothing can listen there.
    """
    registry = CollectorRegistry()
    registry.register(Processes(folder))
    ProcessCollector(registry=registry)
    here = Here(role, folders)
    registry.register(here)
    try:
        server, thread = start_http_server(port, host, registry)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        reason = (
            f"metrics cannot be told at {host}:{port} ({why}). Each role on a machine needs a port"
            " of its own."
        )
        raise BadSetting(variable="YTDUBBER_METRICS_PORT", reason=reason) from None
    try:
        yield Exposition(registry, here, server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
