"""Several processes count together, and none that ends takes anything with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.metrics.scraping import free_port, scrape

from ytdubber.adapters.prometheus.folder import shared_folder

ROOT = Path(__file__).parents[3]
OF = {"route": "/x", "method": "GET"}


@dataclass
class Root:
    """The process that tells."""

    process: "subprocess.Popen[str]"
    port: int
    folder: Path = Path()

    def ask(self, line: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        word, _, folder = self.process.stdout.readline().strip().partition(" ")
        assert word == "done"
        self.folder = Path(folder)

    def count(self) -> float | None:
        return scrape(self.port).value("http_requests_total", **OF, status="200")


@pytest.fixture
def root() -> Iterator[Root]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.metrics.counting", str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "up\n"
            yield Root(process, port)
        finally:
            process.kill()


def test_what_an_ended_process_counted_stays_and_its_files_go(root: Root) -> None:
    assert root.count() == 1
    for number in range(1, 4):
        root.ask("child 10")
        assert root.count() == 1 + 10 * number
    of = {"vendor": "deepgram", "model": "nova-3"}
    page = scrape(root.port)
    assert page.value("http_request_duration_seconds_count", **OF) == 31
    assert page.value("http_request_duration_seconds_bucket", **OF, le="0.25") == 31
    assert page.value("http_request_duration_seconds_sum", **OF) == pytest.approx(6.2)
    assert page.value("vendor_circuit_open", **of) is None  # nobody is left who says so
    pids = {path.stem.rpartition("_")[2] for path in root.folder.glob("*.db")}
    assert pids == {"0", str(root.process.pid)}


def test_a_file_that_was_just_made_is_no_hindrance(root: Root) -> None:
    root.ask("linger 5")
    (root.folder / f"counter_{os.getpid()}.db").touch()  # of a process that lives
    (root.folder / "counter_999999999.db").touch()  # of one that has ended
    assert root.count() == 6
    root.ask("kill")


def test_the_living_are_added_and_a_killed_one_stays_counted(root: Root) -> None:
    of = {"vendor": "deepgram", "model": "nova-3"}
    root.ask("linger 5")
    root.ask("linger 6")
    assert root.count() == 12
    assert scrape(root.port).value("vendor_circuit_open", **of) == 1
    root.ask("kill")
    assert root.count() == 12
    assert scrape(root.port).value("vendor_circuit_open", **of) is None


def test_a_page_tells_of_its_process(root: Root) -> None:
    page = scrape(root.port)
    assert page.value("event_streams") == 3
    assert page.total("build_info", role="api") == 1
    assert (page.value("disk_free_bytes", folder="data") or 0) > 0
    assert "process_resident_memory_bytes" in page.text


def test_nothing_breaks_when_the_folder_goes(root: Root) -> None:
    root.ask("away")
    assert root.process.poll() is None


def test_the_folder_is_its_user_s_and_goes_at_the_end(root: Root) -> None:
    root.ask("child 1")
    assert root.folder.stat().st_mode & 0o077 == 0
    assert root.process.stdin is not None
    root.process.stdin.write("quit\n")
    root.process.stdin.flush()
    assert root.process.wait(30) == 0
    assert not root.folder.exists()


def test_the_folder_of_a_killed_process_goes_with_the_next(root: Root, tmp_path: Path) -> None:
    root.ask("child 1")
    with shared_folder(root.folder.parent):
        assert root.folder.exists()  # it lives
    root.process.kill()
    root.process.wait()
    with shared_folder(root.folder.parent) as mine:
        assert not root.folder.exists()
        assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(mine)
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
