"""Scratch folders: gone after use, or when the next process starts."""

import signal
import subprocess
import sys
from pathlib import Path

from ytdubber.adapters.filesystem.scratch import ScratchFolders

HOLD = """
import sys, time
from pathlib import Path
from ytdubber.adapters.filesystem.scratch import ScratchFolders
with ScratchFolders(Path(sys.argv[1])).folder() as folder:
    (folder / "secret").write_text("x")
    print("ready", flush=True)
    time.sleep(60)
"""


def _left(root: Path) -> list[Path]:
    return sorted(root.rglob("secret"))


def test_it_is_gone_afterwards(tmp_path: Path) -> None:
    folders = ScratchFolders(tmp_path)
    with folders.folder() as folder:
        (folder / "secret").touch()
        assert folder.stat().st_mode & 0o077 == 0
    assert _left(tmp_path) == []
    folders.close()
    assert list(tmp_path.glob("process-*")) == []


def test_what_a_killed_process_left_goes_and_a_live_one_keeps_its_own(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        ScratchFolders(tmp_path).close()
        assert len(_left(tmp_path)) == 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(_left(tmp_path)) == 1
    ScratchFolders(tmp_path).close()
    assert _left(tmp_path) == []
