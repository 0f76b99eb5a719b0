"""Every storage there is, each with what serves its links."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests import debian
from tests.integration.storage.s3_server import account, server, signed_server
from tests.integration.storage.serving import ManualClock, storage

from ytdubber.adapters.s3.client import s3_client
from ytdubber.adapters.s3.media import S3MediaStore
from ytdubber.adapters.supabase.connection import StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.ports.media_store import MediaStore
from ytdubber.testing.storage_double import BUCKET, SECRET_KEY, StorageDouble, running


class Turns(Protocol):
    """What can be turned on by so many seconds."""

    def turn(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Place:
    """A storage and the clock by which its links end.

    Attributes:
        of_s3: Whether it speaks S3: a link is for one method, and one to upload takes a second file
            in place of the first.
        names_files: Whether links say under which name and type a file is served.
        its_clock: The server's own clock, where it has another than the store; None where it goes
            with the machine's.
    """

    store: MediaStore
    clock: ManualClock
    of_s3: bool = False
    names_files: bool = True
    its_clock: Turns | None = None

    def turn(self, seconds: float) -> None:
        """Let time pass for links that were given."""
        (self.its_clock or self.clock).turn(seconds)


class FakeTime:
    """The clock of a program under libfaketime, which reads how far it is ahead from a file."""

    LIBRARY = "faketime/libfaketimeMT.so.1"

    def __init__(self, file: Path) -> None:
        self._file, self._ahead_s = file, 0.0
        self.turn(0)

    @property
    def environment(self) -> dict[str, str]:
        """Of the program; without libfaketime its clock goes with the machine's."""
        library = debian.library(self.LIBRARY)
        if library is None:
            return {}
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def turn(self, seconds: float) -> None:
        """Turn it on, or back."""
        self._ahead_s += seconds
        new = self._file.with_suffix(".new")
        new.write_text(f"{self._ahead_s:+}s")
        os.replace(new, self._file)


@contextmanager
def folder(root: Path) -> Iterator[Place]:
    clock = ManualClock()
    with storage(root / "media", clock) as store:
        yield Place(store, clock)


@contextmanager
def supabase(root: Path, *, legacy: bool = False) -> Iterator[Place]:
    clock = ManualClock()
    double = StorageDouble(now_s=lambda: clock.now().timestamp())
    with running(double) as url:
        key = double.service_role if legacy else SECRET_KEY
        connection = StorageConnection(url, key)
        try:
            yield Place(SupabaseMediaStore(connection, BUCKET, clock), clock)
        finally:
            connection.close()


def legacy_supabase(root: Path) -> AbstractContextManager[Place]:
    return supabase(root, legacy=True)


@contextmanager
def s3(root: Path) -> Iterator[Place]:
    clock = ManualClock()
    with server(root) as url, closing(s3_client(account(url))) as client:
        yield Place(S3MediaStore(client, BUCKET, clock), clock, of_s3=True)


@contextmanager
def signed_s3(root: Path) -> Iterator[Place]:
    """A server that holds what it is asked to its signature."""
    clock, its_clock = ManualClock(), FakeTime(root / "clock")
    with (
        signed_server(root, its_clock.environment) as url,
        closing(s3_client(account(url))) as client,
    ):
        store = S3MediaStore(client, BUCKET, clock)
        turned = its_clock if its_clock.environment else None
        yield Place(store, clock, of_s3=True, names_files=False, its_clock=turned)


PLACES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "folder": folder,
    "supabase": supabase,
    "supabase-legacy-key": legacy_supabase,
    "s3": s3,
    "s3-signed": signed_s3,
}
UNSIGNED = "s3"
"""s3rver looks at no signature of version 4."""
