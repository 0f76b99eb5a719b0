"""What an upload may be: as it is announced, and as it came. The same words for every storage."""

import re

from ytdubber.domain.errors import (
    UploadMismatch,
    UploadRefused,
    UploadTooLarge,
    WrongContentType,
)
from ytdubber.domain.upload import Upload
from ytdubber.ports.media_store import ACCEPTED_TYPES, Stored, accepted_type

_SHA256 = re.compile("[0-9a-f]{64}", re.ASCII)


def uploadable(content_type: str) -> str:
    """The media type without parameters, in lower case.

    Raises:
        WrongContentType: it may not be uploaded.
    """
    accepted = accepted_type(content_type)
    if accepted is None:
        what = "A file of unknown type" if not content_type else content_type[:80]
        raise WrongContentType(content_type=what, expected=ACCEPTED_TYPES)
    return accepted


def judge_announcement(
    content_type: str | None, max_bytes: int, announced_bytes: int | None, sha256: str | None
) -> tuple[str | None, str | None]:
    """The type and the hash of an announced file as they are compared: without parameters, in lower
    case.

    Raises:
        WrongContentType: the type may not be uploaded.
        UploadRefused: the size or the hash cannot be one.
        UploadTooLarge: the size is over the cap.
    """
    essence = uploadable(content_type) if content_type else None
    digest = sha256.lower() if sha256 else None
    if announced_bytes is not None and announced_bytes < 1:
        raise UploadRefused(reason="a file of no bytes was announced")
    if announced_bytes is not None and announced_bytes > max_bytes:
        raise UploadTooLarge(limit_bytes=max_bytes)
    if digest and not _SHA256.fullmatch(digest):
        raise UploadRefused(reason="the announced SHA-256 is not 64 hexadecimal digits")
    return essence, digest


def judge_length(actual: int, limit_bytes: int, announced: int | None) -> None:
    """Whether so many bytes may be what was announced.

    Raises:
        UploadRefused: there are none.
        UploadTooLarge: there are more than the limit.
        UploadMismatch: there are others than announced.
    """
    if actual == 0:
        raise UploadRefused(reason="it holds no bytes; choose the file again")
    if actual > limit_bytes:
        raise UploadTooLarge(limit_bytes=limit_bytes)
    if announced is not None and actual != announced:
        raise UploadMismatch(what="size in bytes", expected=announced, actual=actual)


def judge_hash(actual: str, announced: str | None) -> None:
    """Whether bytes with this SHA-256 are those that were announced.

    Raises:
        UploadMismatch: they are not.
    """
    if announced and actual != announced.lower():
        raise UploadMismatch(what="SHA-256", expected=announced.lower(), actual=actual)


def judge_arrival(upload: Upload, stored: Stored, limit_bytes: int) -> None:
    """Whether what lies in storage is what was announced, as far as the storage can tell.

    Raises:
        UploadRefused, UploadTooLarge, UploadMismatch: see `judge_length` and `judge_hash`.
        WrongContentType: it is of another type.
    """
    judge_length(stored.bytes, limit_bytes, upload.declared_bytes)
    essence = uploadable(stored.content_type)
    expected = accepted_type(upload.content_type or "")
    if expected is not None and essence != expected:
        raise WrongContentType(content_type=essence, expected=expected)
    if stored.sha256:
        judge_hash(stored.sha256, upload.declared_sha256)
