"""Lists that are cut, and the way on: a `Link` header with `rel="next"`."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator

from ytdubber.domain.errors import BadField
from ytdubber.ports.paging import Place

from .requests import as_written

COUNT = BeforeValidator(as_written(r"[1-9]\d{0,3}"))
"""A number as people write it."""
Limit = Annotated[int, COUNT, Query(ge=1, le=100)]
"""How many jobs a page is to hold."""
RowLimit = Annotated[int, COUNT, Query(ge=1, le=500)]
"""How many small rows a page is to hold."""
Cursor = Annotated[str | None, Query(max_length=200)]
"""Where a page begins: part of the link to it."""

LINKED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {
                "schema": {"type": "string"},
                "description": 'Where there is more: the address of the rest, `rel="next"`.',
            }
        }
    }
}
"""What a route says of its answer."""


def cursor_of(text: str) -> str:
    """A place, which is ASCII, as one word."""
    return base64.urlsafe_b64encode(text.encode("ascii")).decode().rstrip("=")


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


def place(cursor: str | None) -> Place | None:
    """The row after which a page begins; None for the first page.

    Raises:
        BadField: the cursor names none.
    """
    if not cursor:
        return None
    at, _, row_id = place_of(cursor).partition(" ")
    try:
        found = Place(datetime.fromisoformat(at), UUID(row_id))
    except ValueError:
        raise no_cursor() from None
    if found.at.tzinfo is None or not 2000 <= found.at.year < 3000:
        raise no_cursor()
    return found


def next_link(address: str, limit: int, last: Place, also: str = "") -> dict[str, str]:
    """The header that leads to what comes after the last row of a page; `also` is what else the
    list was asked for.
    """
    cursor = cursor_of(f"{last.at.isoformat()} {last.id}")
    return link_to(f"{address}?{also}limit={limit}&cursor={cursor}")


def link_to(address: str) -> dict[str, str]:
    """The header of a list that goes on there."""
    return {"Link": f'<{address}>; rel="next"'}
