"""Where a page of a list ends, as a URL tells it."""

import base64
import binascii

from ytdubber.domain.errors import BadField


def cursor_of(place: str) -> str:
    """A place, which is ASCII, as one word."""
    return base64.urlsafe_b64encode(place.encode("ascii")).decode().rstrip("=")


def place_of(cursor: str) -> str:
    """The place that a cursor stands for, or whatever somebody wrote into it.

    Raises:
        BadField: it stands for nothing.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.urlsafe_b64decode(padded).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        raise no_cursor() from None


def no_cursor() -> BadField:
    """What is said of a cursor that no list gave."""
    return BadField(field="cursor", reason="it is not one this list gave")
