"""Every storage there is, each with what serves its links."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.storage.serving import ManualClock, storage

from ytdubber.adapters.supabase.connection import StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.ports.media_store import MediaStore
from ytdubber.testing.storage_double import BUCKET, SECRET_KEY, StorageDouble, running


@dataclass(frozen=True)
class Place:
    """A storage and the clock by which its links end.

    Attributes:
        replaces: Whether an upload link takes a second file in place of the first.
    """

    store: MediaStore
    clock: ManualClock
    replaces: bool = False


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


PLACES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "folder": folder,
    "supabase": supabase,
    "supabase-legacy-key": legacy_supabase,
}
