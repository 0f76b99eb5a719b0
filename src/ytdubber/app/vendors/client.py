"""A vendor's client, made when it is first needed."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from ytdubber.domain.errors import PartMissing

Client = TypeVar("Client")
Close = Callable[[], None]


class VendorClient(Generic[Client]):
    """Gives threads one client to share; after `close` the next call makes another.

    Args:
        vendor: What people call the vendor.
        connect: Makes the client, and what gives its connections back.
    """

    def __init__(self, vendor: str, connect: Callable[[], tuple[Client, Close]]) -> None:
        self._vendor = vendor
        self._connect = connect
        self._lock = threading.Lock()
        self._made: tuple[Client, Close] | None = None

    def __call__(self) -> Client:
        """The client.

        Raises:
            PartMissing: the vendor's package is not installed.
        """
        with self._lock:
            if self._made is None:
                self._made = self._connected()
            return self._made[0]

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made[1]()

    def _connected(self) -> tuple[Client, Close]:
        try:
            return self._connect()
        except ModuleNotFoundError as error:
            raise PartMissing(
                part=f"The package {error.name}",
                purpose=self._vendor,
                command="pip install 'ytdubber[vendors]'",
            ) from error
