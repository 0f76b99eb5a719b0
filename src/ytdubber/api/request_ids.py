"""What a request is called: in the log, in its answer's head and in the body of an error."""

import re
from uuid import uuid4

from starlette.types import Scope

from ytdubber.log import ids

HEADER = "x-request-id"
_NAME = HEADER.encode()
_WELL_FORMED = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""Room for a UUID and for what proxies give; none for a line's end, an address or a token."""


def request_id_of(scope: Scope) -> str:
    """The client's own, where it sent one that is well formed; a new one else."""
    given = [value for name, value in scope["headers"] if name == _NAME]
    if len(given) == 1 and _WELL_FORMED.fullmatch(given[0]):
        return str(given[0].decode())
    return uuid4().hex


def current_request_id() -> str:
    """That of the request that is being answered."""
    return ids().get("request_id") or uuid4().hex
