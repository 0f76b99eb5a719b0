"""What Schemathesis cannot know: how files are sent, and links that carry a signature."""

import json
import os
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import schemathesis

from ytdubber.api.tus import OFFSET_STREAM
from ytdubber.ports.media_store import VIDEO_TYPES

_LINKS: dict[str, list[str]] = json.loads(os.environ["YTDUBBER_TEST_LINKS"])
"""Signed links by method."""


@schemathesis.serializer("audio/*", OFFSET_STREAM, *VIDEO_TYPES)
def as_it_is(context: Any, value: Any) -> Any:
    del context
    return {"data": value.data if hasattr(value, "data") else value}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Every other good request of a link is one of a link that was made."""
    del context, kwargs
    links = _LINKS.get("PUT" if case.method == "PUT" else "GET", [])
    good = case.meta is None or case.meta.generation.mode.is_positive
    if case.path != "/storage/{folder}/{name}" or not good or not links:
        return
    chosen = sum(map(len, map(str, case.path_parameters.values())))
    if chosen % 2:
        return
    link = urlsplit(links.pop() if case.method == "PUT" else links[chosen % len(links)])
    _, _, folder, name = link.path.split("/")
    case.path_parameters = {"folder": folder, "name": name}
    case.query = dict(parse_qsl(link.query))
