"""What TUS 1.0 says in headers (https://tus.io/protocols/resumable-upload)."""

import base64
import binascii
import re
from collections.abc import Mapping
from email.utils import format_datetime

from starlette.datastructures import Headers

from ytdubber.domain.errors import InvalidRequest, TusVersionUnknown, WrongContentType
from ytdubber.ports.resumable_uploads import UploadCreation, UploadState

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
OFFSET_STREAM = "application/offset+octet-stream"
SIGNATURE = "x-signature"
"""The header with the right to send a file, as Supabase Storage calls it."""

ASKED = (
    SIGNATURE,
    "tus-resumable",
    "upload-length",
    "upload-metadata",
    "upload-offset",
    "x-http-method-override",
)
"""Headers of requests that a page of another origin may send."""
TOLD = (
    "Tus-Extension",
    "Tus-Max-Size",
    "Tus-Resumable",
    "Tus-Version",
    "Upload-Expires",
    "Upload-Length",
    "Upload-Metadata",
    "Upload-Offset",
)
"""Headers of answers that a page of another origin may read."""

MOST_METADATA = 4_096
"""Characters of `Upload-Metadata`: room for the longest name of a file, twice over."""

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_NAME = re.compile(r"[!-+\--~]{1,64}", re.ASCII)


def expect_version(headers: Headers) -> None:
    """Return when the client speaks the version we do.

    Raises:
        TusVersionUnknown: it speaks another one, or does not say.
    """
    if headers.get("tus-resumable") != VERSION:
        raise TusVersionUnknown(version=VERSION)


def expect_offset_stream(headers: Headers) -> None:
    """Return when the body holds bytes of an upload.

    Raises:
        WrongContentType: it holds something else.
    """
    given = headers.get("content-type", "")
    if given != OFFSET_STREAM:
        what = given[:80] or "A body of unknown type"
        raise WrongContentType(content_type=what, expected=OFFSET_STREAM)


def number(headers: Headers, name: str) -> int:
    """A header that counts bytes.

    Raises:
        InvalidRequest: it is missing, or counts nothing.
    """
    given = headers.get(name)
    if given is None:
        raise InvalidRequest(problem=f"The header {name} is missing")
    if not _NUMBER.fullmatch(given):
        raise InvalidRequest(problem=f"The header {name} is not a number of bytes")
    return int(given)


def creation_of(headers: Headers) -> tuple[str, UploadCreation]:
    """The key that a creation names, and what it says of the file.

    Raises:
        InvalidRequest: it says too little, or what nobody can read.
    """
    if "upload-defer-length" in headers:
        raise InvalidRequest(
            problem="Upload-Defer-Length is not taken here: say in Upload-Length how many bytes "
            "will come"
        )
    length = number(headers, "Upload-Length")
    given = headers.get("upload-metadata", "")
    metadata = _decoded(given)
    if not metadata.get("objectName"):
        raise InvalidRequest(problem="Upload-Metadata names no objectName")
    return metadata["objectName"], UploadCreation(length, metadata.get("contentType"), given)


def told(state: UploadState) -> dict[str, str]:
    """What an answer says of where an upload stands."""
    headers = {"Upload-Offset": str(state.offset), "Upload-Length": str(state.length)}
    if state.metadata:
        headers["Upload-Metadata"] = state.metadata
    if state.expires_at:
        headers["Upload-Expires"] = format_datetime(state.expires_at, usegmt=True)
    return headers


def _decoded(text: str) -> Mapping[str, str]:
    if len(text) > MOST_METADATA:
        raise InvalidRequest(problem=f"Upload-Metadata is longer than {MOST_METADATA:,} characters")
    metadata: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        name, _, value = pair.strip(" ").partition(" ")
        if not _NAME.fullmatch(name) or name in metadata:
            raise InvalidRequest(problem="Upload-Metadata is not a list of names, each once")
        try:
            metadata[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise InvalidRequest(
                problem="Upload-Metadata holds a value that is not text in Base64"
            ) from None
    return metadata
