"""What a client does to the world, as values: what is decided about it knows neither threads nor
asyncio. A flow is a generator that yields these and is given what came of them.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Flow = Generator["Effect", Any, T]
"""What leads to a `T`, one effect after the other."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def good(self) -> bool:
        """Whether it was met."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Send:
    """A request for JSON; `path` is below the service's address. Gives its `Answer`."""

    method: str
    path: str
    json: object = None
    query: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 60.0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a file that are sent; told how many went so far."""

    file: Path
    start: int
    bytes: int
    on_bytes: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Store:
    """A request to a storage by a link, without the token, with bytes of a file or none. Gives its
    `Answer`.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: Stretch | None = None


class Sink(Protocol):
    """Where a file goes, from its first byte on."""

    def begin(self) -> None:
        """Forget what came."""

    def write(self, piece: bytes) -> None:
        """Take what comes next."""

    def close(self) -> None:
        """Nothing comes any more."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """A file from a link, without the token. Gives its `Answer`."""

    url: str
    sink: Sink


@dataclass(frozen=True, slots=True)
class Listen:
    """A stream of lines; each is `heard`, until that says that it is over. Gives its `Answer`, also
    where the stream ended before; it is broken after `silent_s` without a byte.
    """

    path: str
    headers: Mapping[str, str]
    heard: Callable[[str], bool]
    silent_s: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """So many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Blocking:
    """What takes a while and is no request: files are read. Gives what the function does."""

    function: Callable[[], object]


Effect = Send | Store | Fetch | Listen | Sleep | Blocking


class Unreached(Exception):  # it is none that a caller sees
    """Thrown into a flow where a request had no answer, or none that was whole."""
