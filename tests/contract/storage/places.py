"""Every storage there is, each with what serves its links."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.storage.s3_server import account, server
from tests.integration.storage.serving import ManualClock, storage

from ytdubber.adapters.s3.client import s3_client
from ytdubber.adapters.s3.media import S3MediaStore
from ytdubber.adapters.supabase.connection import StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.ports.media_store import MediaStore
from ytdubber.testing.storage_double import BUCKET, SECRET_KEY, StorageDouble, running


@dataclass(frozen=True)
class Place:
    """A storage and the clock by which its links end.

    Attributes:
        of_s3: Whether it speaks S3: its upload links take a second file in place of the first, and
            its server's clock is not ours to turn.
    """

    store: MediaStore
    clock: ManualClock
    of_s3: bool = False


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


PLACES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "folder": folder,
    "supabase": supabase,
    "supabase-legacy-key": legacy_supabase,
    "s3": s3,
}
