"""Two processes that want the same model, and one that is interrupted."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.models.factories import sha256
from tests.unit.models.loopback import Hub, Page, serving
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.enable_socket  # A server on the loopback address is what is asked.

BODY = b"the weights" * 50_000
PROGRAM = Path(__file__).with_name("open_model.py")


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as server:
        yield server


def start(root: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(root), url, str(len(BODY)), sha256(BODY)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_the_second_process_waits_and_the_file_is_fetched_once(hub: Hub, tmp_path: Path) -> None:
    gate = threading.Event()
    url = hub.put("model", Page(BODY, gate=gate))
    with start(tmp_path, url) as first:
        assert hub.seen.wait(PATIENCE_S)
        with start(tmp_path, url) as second:
            assert second.stdout
            assert second.stdout.readline().startswith("waiting for another ytdubber")
            gate.set()
            assert second.communicate()[0] == f"opened {tmp_path / 'small'}\n"
        assert first.communicate()[0] == f"opened {tmp_path / 'small'}\n"

    assert (first.returncode, second.returncode) == (0, 0)
    assert hub.hits() == {"model": 1}
    assert (tmp_path / "small" / "model.bin").read_bytes() == BODY


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
def test_an_interrupted_process_leaves_a_part_that_the_next_one_resumes(
    hub: Hub, tmp_path: Path
) -> None:
    gate = threading.Event()
    url = hub.put("model", Page(BODY, gate=gate))
    part = tmp_path / "small" / "model.bin.part"
    with start(tmp_path, url) as process:
        while not (part.exists() and part.stat().st_size):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.communicate()[0] == "interrupted\n"
    gate.set()

    kept = part.stat().st_size
    assert process.returncode == 130
    assert 0 < kept < len(BODY)
    assert not (tmp_path / "small" / "model.bin").exists()
    hub.put("model", Page(BODY))
    with start(tmp_path, url) as again:
        again.communicate()
    assert hub.requests[-1].range == f"bytes={kept}-"
    assert (tmp_path / "small" / "model.bin").read_bytes() == BODY
    assert not part.exists()
