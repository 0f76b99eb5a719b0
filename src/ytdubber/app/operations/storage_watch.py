"""Nothing is begun, and so nothing is paid for, while what is made could not be kept."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.domain.errors import StorageNotWorking
from ytdubber.ports.media_store import MediaStore


class StorageWatch:
    """Around each piece of work of a process. Once the storage was away, it is tried before another
    piece is begun: reading may work where writing does not.

    Args:
        media: The storage.
    """

    def __init__(self, media: MediaStore) -> None:
        self._media = media
        self._away = threading.Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Around one piece of work.

        Raises:
            StorageNotWorking: the storage is still away.
        """
        if self._away.is_set():
            self._media.check()
            self._away.clear()
        try:
            yield
        except StorageNotWorking as error:
            if error.away:
                self._away.set()
            raise
