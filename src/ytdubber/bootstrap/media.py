"""Where files are kept: in a folder, or in a storage that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.app.operations.watched_media import WatchedMedia
from ytdubber.bootstrap.remote_storage import remote_store
from ytdubber.log import Outage, get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import MediaStore
from ytdubber.settings import Settings

log = get_logger(__name__)


@contextmanager
def media_store(
    settings: Settings, secret: bytes, public_url: str, clock: Clock
) -> Iterator[MediaStore]:
    """The storage in force; its connections are given back at the end.

    Args:
        settings: They name it.
        secret: Signs links that we serve.
        public_url: Where browsers reach the API, which serves them.
        clock: Tells when links end.
    """
    second = settings.second_secret.encode() if settings.second_secret else None
    with remote_store(settings, clock) as media:
        folder = FolderMediaStore(
            settings.data / "media", secret, public_url, clock, second_secret=second
        )
        yield WatchedMedia(media or folder, Outage(log, "storage"))


def signed_files(media: MediaStore) -> FolderMediaStore | None:
    """What serves the storage's links where the API does, and is told of what arrives; None where
    the storage does both itself.
    """
    inner = media.inner if isinstance(media, WatchedMedia) else media
    return inner if isinstance(inner, FolderMediaStore) else None
