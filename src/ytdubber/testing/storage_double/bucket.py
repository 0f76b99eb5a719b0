"""A bucket, in memory."""

import hashlib
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from .refusals import bad_key, exists, no_such_key, too_large, wrong_type

_KEY = re.compile(r"[\w/!.*'() &$@=;:+,?-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Object:
    """What lies under a key."""

    data: bytes
    media_type: str
    cache_control: str = "no-cache"
    id: str = field(default_factory=lambda: str(uuid4()))
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.data, usedforsecurity=False).hexdigest()}"'


class Bucket:
    """Objects by key. Safe to use from several threads.

    Args:
        name: What it is called.
        size_limit: The most one object may have, or None.
        media_types: Those it takes, or None for all.
    """

    def __init__(
        self,
        name: str,
        size_limit: int | None = None,
        media_types: Sequence[str] | None = None,
    ) -> None:
        self.name, self.size_limit, self.media_types = name, size_limit, media_types
        self._objects: dict[str, Object] = {}
        self._lock = threading.Lock()

    def expect_welcome(self, name: str, media_type: str, length: int | None, upsert: bool) -> None:
        """Refuse what can be refused before its bytes are read: a body in chunks has no length."""
        if not _KEY.fullmatch(name):
            raise bad_key(name)
        self.expect_free(name, upsert)
        if self.media_types is not None and media_type not in self.media_types:
            raise wrong_type(media_type)
        if self.size_limit is not None and length is not None and length > self.size_limit:
            raise too_large()

    def expect_free(self, name: str, upsert: bool) -> None:
        """Refuse a name that is taken; whether it can be one at all is not asked here."""
        if not upsert and name in self._objects:
            raise exists()

    def put(self, name: str, new: Object, upsert: bool) -> None:
        with self._lock:
            if not upsert and name in self._objects:
                raise exists()
            self._objects[name] = new

    def get(self, name: str) -> Object:
        with self._lock:
            if name not in self._objects:
                raise no_such_key()
            return self._objects[name]

    def remove(self, names: Sequence[str]) -> list[tuple[str, Object]]:
        """Remove what is there of these; returns it."""
        with self._lock:
            return [(n, self._objects.pop(n)) for n in dict.fromkeys(names) if n in self._objects]

    def names(self) -> list[str]:
        with self._lock:
            return sorted(self._objects)

    def level(self, folder: str) -> list[tuple[str, Object | None]]:
        """What a folder shows: objects, and folders with None, by name."""
        begin = f"{folder.strip('/')}/" if folder.strip("/") else ""
        with self._lock:
            found: dict[str, Object | None] = {}
            for name in sorted(self._objects):
                if name.startswith(begin):
                    part, slash, _ = name[len(begin) :].partition("/")
                    found.setdefault(part, None if slash else self._objects[name])
        return list(found.items())
