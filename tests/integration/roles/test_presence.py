"""Who is there, as others can see it."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ytdubber.adapters.filesystem.presence import gone, present
from ytdubber.adapters.postgres.account import nobody

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the service is Unix's")
DYING = """
import os, sys
from pathlib import Path
from ytdubber.adapters.filesystem.presence import present
with present(Path(sys.argv[1]), "dying"):
    os._exit(9)
"""


def test_one_is_it_and_others_read_who(tmp_path: Path) -> None:
    file = tmp_path / "running" / "service"
    with present(file, "process 1 of ann") as other:
        assert other is None
        with present(file, "process 2") as mine:
            assert mine == "process 1 of ann"
        assert list(gone(file.parent)) == []
    assert not file.exists()
    with present(file, "process 3") as again:
        assert again is None


def test_another_user_reads_who_it_is() -> None:
    if os.geteuid():
        pytest.skip("only root can be another user for a moment")
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder, "running", "service")
        with present(file, "process 1 of root"):
            os.seteuid(nobody().uid)
            try:
                with present(file, "process 2 of nobody") as other:
                    assert other == "process 1 of root"
            finally:
                os.seteuid(0)


def test_the_dead_are_told_once_and_the_living_never(tmp_path: Path) -> None:
    for name in ("a", "b"):
        died = subprocess.run([sys.executable, "-c", DYING, str(tmp_path / name)], check=False)
        assert died.returncode == 9
    with present(tmp_path / "c", "living"):
        assert list(gone(tmp_path)) == ["a", "b"]
        assert list(gone(tmp_path)) == []
        assert [path.name for path in tmp_path.iterdir()] == ["c"]
