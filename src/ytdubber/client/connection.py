"""What both clients do alike with HTTP."""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx

from ytdubber.client.effects import Answer, Put, Unreached
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


def pieces(stream: IO[bytes], on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    """A file's bytes, told as they go."""
    done = 0
    while piece := stream.read(PIECE_BYTES):
        yield piece
        done += len(piece)
        on_bytes(done)


def opened(put: Put) -> IO[bytes]:
    """The file that is sent."""
    return io.BufferedReader(io.FileIO(put.file))


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
