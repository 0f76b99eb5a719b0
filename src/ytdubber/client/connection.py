"""What both clients do alike with HTTP."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx

from ytdubber.client.effects import Answer, Store, Stretch, Unreached
from ytdubber.version import __version__

PIECE_BYTES = 256 * 1024
MOST_REFUSAL_BYTES = 65_536
"""Of an answer that is no file and no stream of events, where it refuses one."""
CONNECT_S, SILENT_S = 10.0, 120.0
"""For a connection; for the next bytes of a file, either way."""
FILE_TIMEOUT = httpx.Timeout(SILENT_S, connect=CONNECT_S)
AGENT = f"ytdubber-client/{__version__}"


def base_url(url: str) -> str:
    """The service's address without what comes after it.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a service: it begins with https:// or http://.")
    return url.rstrip("/")


def headers(token: str) -> dict[str, str]:
    """What every request to the service has."""
    return {"authorization": f"Bearer {token}", "accept": "application/json"}


def answer_of(response: httpx.Response, body: bytes) -> Answer:
    """A response, as flows know it."""
    return Answer(response.status_code, dict(response.headers.items()), body)


def unreached(error: Exception) -> Unreached:
    """Why there is no answer, without the address: a link's is a secret."""
    return Unreached(str(error) or type(error).__name__)


class Pieces:
    """Bytes of a file, told as they are taken; whoever gets it closes it.

    Args:
        stretch: Which.

    Raises:
        OSError: there is no such file any more.
    """

    def __init__(self, stretch: Stretch) -> None:
        self._stream: IO[bytes] = io.BufferedReader(io.FileIO(stretch.file))
        self._stream.seek(stretch.start)
        self._stretch, self._done = stretch, 0

    def read(self) -> bytes:
        """What comes next; empty at the end."""
        return self._stream.read(min(PIECE_BYTES, self._stretch.bytes - self._done))

    def sent(self, piece: bytes) -> None:
        """A piece went."""
        self._done += len(piece)
        self._stretch.on_bytes(self._done)

    def close(self) -> None:
        """Read no more."""
        self._stream.close()


def store_headers(store: Store) -> dict[str, str]:
    """The headers of a request to a storage, with the length of its body."""
    length = {} if store.body is None else {"content-length": str(store.body.bytes)}
    return {**store.headers, **length}


Token = str | Callable[[], str]
"""A token, or what gives one that is good just now."""


def token_of(token: Token) -> str:
    """The token as it is now."""
    return token if isinstance(token, str) else token()


def tracks(voice: str | Path, background: str | Path | None) -> Mapping[str, Path]:
    """The files of a job, by what the service calls them; the voice first."""
    files = {"voice_track": Path(voice)}
    if background is not None:
        files["background_track"] = Path(background)
    return files


def ignored(_: object) -> None:
    """For whoever wants to be told nothing."""
