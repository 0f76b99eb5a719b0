"""What a link to upload says of its file, and what may come under it."""

from collections.abc import Mapping

from ytdubber.app.uploads.checks import judge_announcement, judge_length, uploadable
from ytdubber.domain.errors import WrongContentType


def announced(
    content_type: str | None, max_bytes: int, size_bytes: int | None, sha256: str | None
) -> Mapping[str, str | None]:
    """The fields of a link that takes a file announced so.

    Raises:
        WrongContentType: the type may not be uploaded.
        UploadTooLarge: the announced size is over the cap.
        UploadRefused: the announced size or hash cannot be one.
    """
    essence, digest = judge_announcement(content_type, max_bytes, size_bytes, sha256)
    return {
        "type": essence,
        "max": str(max_bytes),
        "size": None if size_bytes is None else str(size_bytes),
        "sha256": digest,
    }


def judge(link: Mapping[str, str], content_type: str | None, size_bytes: int | None) -> str:
    """The media type of a file that is about to come under a link with these fields.

    Args:
        link: The fields, as `announced` made them.
        content_type: What the file is said to be.
        size_bytes: How large it is said to be; None where that is not said.

    Raises:
        UploadRefused: it holds nothing.
        UploadTooLarge: it is larger than the link allows.
        UploadMismatch: its size is not the link's.
        WrongContentType: its type is not the link's, or may not be uploaded.
    """
    if size_bytes is not None:
        judge_length(size_bytes, int(link["max"]), size_of(link))
    accepted = uploadable(content_type or "")
    if accepted != link.get("type", accepted):
        raise WrongContentType(content_type=accepted, expected=link["type"])
    return accepted


def size_of(link: Mapping[str, str]) -> int | None:
    """The size that was announced, if any was."""
    return int(link["size"]) if "size" in link else None
