"""How long a connection may keep others waiting, and how many there may be.

A layer over uvicorn's HTTP protocol, which has a limit for idle connections between requests and
none for those that never finish a request's head or never read what they asked for.
"""

import asyncio
import json
import struct
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from ytdubber.domain.limits import ConnectionLimits

RETRY_AFTER_S = 5


def public_address(address: str) -> str | None:
    """What a client is counted by; None for those of this machine and of private networks, where
    proxies are, which bring everybody's connections.

    Args:
        address: Of a version 6, the network of 64 bits, of which one customer has all (RFC 6177).
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if not found.is_global:
        return None
    return str(found) if found.version == 4 else f"{found.packed[:8].hex()}::"


def guarded(
    limits: ConnectionLimits,
    *,
    base: type[asyncio.Protocol] = AutoHTTPProtocol,
    address_of: Callable[[str], str | None] = public_address,
) -> "type[Guarded]":
    """uvicorn's protocol within the limits, which all its connections share.

    Args:
        limits: The limits.
        base: The protocol.
        address_of: What a client's address is counted by, or None where it is not.
    """
    members = {"guard": ConnectionGuard(limits, address_of), "lax": hasattr(base, "on_body")}
    return type("Guarded", (Guarded, base), members)


class ConnectionGuard:
    """All connections of a server."""

    def __init__(self, limits: ConnectionLimits, address_of: Callable[[str], str | None]) -> None:
        self.limits = limits
        self._address_of = address_of
        self._every_s = min(1.0, limits.head_s / 8, limits.slow_s / 8)
        self._all: dict[Guarded, str | None] = {}
        self._waiting: dict[Guarded, float] = {}  # since when, the longest first
        self._addresses: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._all)

    @property
    def waiting(self) -> int:
        """How many of them have a head to send."""
        return len(self._waiting)

    def admit(self, new: "Guarded", peer: object) -> bytes | None:
        """Count a connection; what it is told instead of an answer, where it is one too many."""
        address = self._address_of(str(peer[0])) if isinstance(peer, tuple) else None
        self._all[new] = address
        self.wait_for(new)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every_s, self._look)
        if address is not None:
            self._addresses[address] += 1
            if 0 < self.limits.per_address < self._addresses[address]:
                return TOO_MANY
        if len(self._all) <= self.limits.in_all:
            return None
        longest = next(iter(self._waiting))
        if longest is new:
            return FULL
        del self._waiting[longest]
        longest.transport.abort()
        return None

    @property
    def overrun(self) -> bool:
        """Whether there is no room even for those that are told so."""
        return len(self._all) > self.limits.in_all + max(8, self.limits.in_all // 8)

    def leave(self, gone: "Guarded") -> None:
        """Forget a connection."""
        self._waiting.pop(gone, None)
        address = self._all.pop(gone, None)
        if address is not None:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def wait_for(self, connection: "Guarded") -> None:
        """A head begins to come, or is to begin."""
        self._waiting.setdefault(connection, asyncio.get_running_loop().time())

    def heard(self, connection: "Guarded") -> None:
        """The head has come."""
        self._waiting.pop(connection, None)

    def _look(self) -> None:
        """End what has taken too long."""
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        for each, since_s in list(self._waiting.items()):
            if now_s - since_s < self.limits.head_s:
                break
            del self._waiting[each]
            each.end(LATE)
        for each in list(self._all):
            if each.unread(now_s):
                each.transport.abort()
        self._timer = loop.call_later(self._every_s, self._look) if self._all else None


class Guarded(asyncio.Protocol):
    """One connection. The base is uvicorn's protocol.

    Attributes:
        guard: Of all connections.
        lax: Whether the base's parser takes heads of any size.
    """

    guard: ConnectionGuard
    lax: bool
    transport: asyncio.Transport
    flow: Any
    cycle: Any

    _told: bytes | None = None
    _loose_bytes = 0
    _came = False
    _began = False
    _queued: tuple[float, int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        super().connection_made(transport)
        self._told = self.guard.admit(self, transport.get_extra_info("peername"))
        if self._told and self.guard.overrun:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self.guard.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass it on, and see whether a head is whole with it."""
        self._began = True
        if self._told:  # after its request was read: an answer before it would be lost
            self.end(self._told)
            return
        cycle, self._came = self.cycle, False
        if cycle is None or cycle.response_complete:
            self.guard.wait_for(self)
        super().data_received(data)
        if self.cycle is not cycle:
            self.guard.heard(self)
        self._loose_bytes = 0 if self._came else self._loose_bytes + len(data)
        if self.lax and self._loose_bytes > self.guard.limits.head_bytes:
            self.end(TOO_LONG)

    def on_headers_complete(self) -> None:
        """httptools has a whole head."""
        self._came = True
        super().on_headers_complete()  # type: ignore[misc]  # the base has it where it is called

    def on_body(self, body: bytes) -> None:
        """httptools has a piece of a body."""
        self._came = True
        super().on_body(body)  # type: ignore[misc]  # likewise

    def resume_writing(self) -> None:
        """What was written is taken."""
        self._queued = None
        super().resume_writing()

    def end(self, answer: bytes) -> None:
        """Give the connection up; whoever began a request that nothing answers yet is told why."""
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
            return
        if self._began:
            self.transport.write(answer)
        self.transport.close()

    def unread(self, now_s: float) -> bool:
        """Whether what was answered is not read, or hardly."""
        if not (self.flow.write_paused or self.transport.is_closing()):
            self._queued = None
            return False
        left = self.transport.get_write_buffer_size() + _unacknowledged(self.transport)
        since_s, before = self._queued or (now_s, left)
        if self._queued is None or now_s - since_s >= self.guard.limits.slow_s:
            self._queued = now_s, left
        late = now_s - since_s >= self.guard.limits.slow_s
        return late and before - left < self.guard.limits.slow_bytes


def _unacknowledged(transport: asyncio.Transport) -> int:
    """Bytes that the system has taken and the client's not, where the system tells (Linux): its
    queue takes megabytes more at a time, and nothing for as long as those last.
    """
    try:
        import fcntl  # noqa: PLC0415  # Windows has neither
        import termios  # noqa: PLC0415

        socket = transport.get_extra_info("socket")
        told = fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, bytes(4))
    except (ImportError, AttributeError, OSError):
        return 0
    return int(struct.unpack("i", told)[0])


def _answer(status: HTTPStatus, error: str, message: str, *headers: str) -> bytes:
    body = json.dumps({"error": error, "message": message}).encode()
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


_LATER = f"Retry-After: {RETRY_AFTER_S}"
LATE = _answer(
    HTTPStatus.REQUEST_TIMEOUT,
    "request_timeout",
    "The request did not come in time. Send it again.",
)
TOO_LONG = _answer(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "request_header_fields_too_large",
    "The request's headers are too large.",
)
FULL = _answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "unavailable",
    "Too many requests are under way. Try again in a moment.",
    _LATER,
)
TOO_MANY = _answer(
    HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_requests",
    "Too many connections come from your address. Close some, or try again in a moment.",
    _LATER,
)
