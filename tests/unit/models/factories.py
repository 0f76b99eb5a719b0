"""Small models and sources that need no network."""

import hashlib
import json
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from ytdubber.adapters.models.model import Model, ModelFile, Source
from ytdubber.adapters.models.packages import Client
from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import SourceFailed, Tell


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class Gives:
    """A source that has these bytes."""

    body: bytes
    label: str = "giver"
    asked: list[str] = field(default_factory=list, hash=False, compare=False)
    before: Callable[[], None] = lambda: None

    def fetch(self, file: ModelFile, part: Path, supplies: Supplies, tell: Tell) -> Path:
        self.asked.append(file.name)
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(self.body[: len(self.body) // 2])
        tell(len(self.body) // 2)
        self.before()
        part.write_bytes(self.body)
        return part


@dataclass(frozen=True)
class Refuses:
    """A source that has nothing."""

    reason: str = "gone fishing"
    label: str = "refuser"
    asked: list[str] = field(default_factory=list, hash=False, compare=False)

    def fetch(self, file: ModelFile, part: Path, supplies: Supplies, tell: Tell) -> Path:
        self.asked.append(file.name)
        raise SourceFailed(self.reason)


def file_of(name: str, body: bytes, *sources: Source) -> ModelFile:
    return ModelFile(name, len(body), sha256(body), sources)


def model_of(name: str, *files: ModelFile) -> Model:
    return Model(name, "testing", "MIT", "https://example.org/licence", files)


def write_wheel(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as wheel:
        for name, body in members.items():
            wheel.writestr(name, body)


def write_tgz(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as package:
        for name, body in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            package.addfile(entry, BytesIO(body))


def zstd(body: bytes) -> bytes:
    """A zstd frame that stores the bytes uncompressed (RFC 8878, raw blocks)."""
    header = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(body))
    block = (len(body) << 3) | 1
    return header + struct.pack("<I", block)[:3] + body


_COPIES = """
import json, pathlib, shutil, sys
spec = json.loads(sys.argv[1])
with open(spec["journal"], "a") as journal:
    print(*spec["packages"], file=journal)
for at, name in enumerate(spec["archives"]):
    print(f"Progress {at} of {len(spec['archives'])}", flush=True)
    shutil.copy(pathlib.Path(spec["shop"]) / name, spec["folder"])
print(spec["words"])
sys.exit(spec["code"])
"""


@dataclass
class Shop:
    """Stands in for a package client: copies prepared archives and keeps a journal."""

    folder: Path
    code: int = 0
    words: str = "Successfully downloaded"

    @property
    def runs(self) -> list[str]:
        journal = self.folder / "journal"
        return journal.read_text().splitlines() if journal.exists() else []

    def commands(self, client: Client, packages: list[str], folder: Path) -> list[list[str]]:
        names = [package.split("==")[0].split("@")[0].replace("-", "_") for package in packages]
        found = [path.name for path in self.folder.iterdir() if path.name.startswith(tuple(names))]
        spec = {
            "packages": packages,
            "archives": found,
            "shop": str(self.folder),
            "folder": str(folder),
            "journal": str(self.folder / "journal"),
            "words": self.words,
            "code": self.code,
        }
        return [[sys.executable, "-c", _COPIES, json.dumps(spec)]]
