"""A request's body, and what the storage reads in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from starlette.requests import ClientDisconnect, Request

from .refusals import bad_request


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: its bytes, its media type, and how long it may be kept in caches."""

    data: bytes
    media_type: str
    cache_control: str


def announced_type(headers: Mapping[str, str]) -> str:
    """The media type that a body's headers tell; of a form, whatever it will hold."""
    return headers.get("content-type", "")


def is_form(headers: Mapping[str, str]) -> bool:
    return announced_type(headers).startswith("multipart/form-data")


def sent(headers: Mapping[str, str], body: bytes) -> Sent:
    """The file in a body: all of it, or the file of a form. An empty one, and one without a type,
    are taken.
    """
    if not is_form(headers):
        kept = headers.get("cache-control", "no-cache")
        return Sent(body, announced_type(headers) or "application/octet-stream", kept)
    head = f"Content-Type: {announced_type(headers)}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    found, kept = None, "no-cache"
    for part in form.iter_parts():
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        if part.get_filename() is not None:
            found = Sent(data, part.get_content_type(), kept)
        elif part.get_param("name", header="content-disposition") == "cacheControl":
            kept = f"max-age={data.decode()}"
    if found is None:
        raise bad_request("there is no file in the form")
    return Sent(found.data, found.media_type, kept)


async def read(request: Request, most: int | None = None) -> tuple[bytes, bool]:
    """What came of a body, up to `most`, and whether it came to its end."""
    pieces: list[bytes] = []
    size = 0
    try:
        async for piece in request.stream():
            pieces.append(piece)
            size += len(piece)
            if most is not None and size >= most:
                return b"".join(pieces)[:most], size == most
    except ClientDisconnect:
        return b"".join(pieces), False
    return b"".join(pieces), True
