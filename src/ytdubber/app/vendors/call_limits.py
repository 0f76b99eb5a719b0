"""How long a vendor's answer may take in all, and how much of it is read.

The bounds hold at the socket, for every byte in either direction: for a vendor that is silent, one
that sends a byte now and then, and one whose answer has no end. httpx and its successor time only
each read by itself.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ytdubber.domain.errors import ErrorKind

PLAIN = {"Accept-Encoding": "identity"}
"""What is asked of vendors, so that what is read is no longer than what was sent."""
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """What one call may take.

    Attributes:
        seconds: From its first byte to its answer's last.
        most_bytes: Of the answer, with its headers.
    """

    seconds: float
    most_bytes: int


class AnswerOverran(Exception):
    """A vendor's answer took too long, or was too long. It may have been paid for."""

    def __init__(self, fault: ErrorKind, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


class _UnderWay:
    """One call, by its limits."""

    def __init__(self, limits: AnswerLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._ends = clock() + limits.seconds
        self._left = limits.most_bytes

    def left_s(self, timeout: float | None) -> float:
        """How long the next piece may take.

        Raises:
            AnswerOverran: no time is left.
        """
        left_s = self._ends - self._clock()
        if left_s <= 0:
            detail = f"its answer was not whole after {self._limits.seconds:.0f} s"
            raise AnswerOverran(ErrorKind.TIMEOUT, detail)
        return left_s if timeout is None else min(timeout, left_s)

    def received(self, count: int) -> None:
        """Count bytes.

        Raises:
            AnswerOverran: these are too many.
        """
        self._left -= count
        if self._left < 0:
            detail = f"its answer is longer than {self._limits.most_bytes / 1e6:.0f} MB"
            raise AnswerOverran(ErrorKind.UNAVAILABLE, detail)


_CALL: ContextVar[_UnderWay | None] = ContextVar("call", default=None)


@contextmanager
def within(limits: AnswerLimits, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Hold every call of this thread to the limits, together; its client must be `bounded`."""
    token = _CALL.set(_UnderWay(limits, clock))
    try:
        yield
    finally:
        _CALL.reset(token)


def bounded(client: Any) -> Any:
    """A client of httpx, or of its successor, whose connections keep to `within`.

    Neither lets a network backend be given to its own transports, so it is put into their pools.
    """
    transports = (client._transport, *client._mounts.values())  # no other way in
    for transport in transports:
        if transport is not None:
            pool = transport._pool  # no other way in
            pool._network_backend = _Backend(pool._network_backend)  # no other way in
    return client


def refuse_packed(response: Any) -> None:
    """A client's hook for responses: what is packed may be of any length once it is unpacked.

    Raises:
        AnswerOverran: the answer is packed, which was not asked for.
    """
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise AnswerOverran(ErrorKind.UNAVAILABLE, "its answer is packed, which was not asked for")


class _Backend:
    """A network backend of httpcore, or of its successor."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **how: Any) -> Any:
        return _Stream(self._inner.connect_tcp(host, port, _left_s(timeout), **how))

    def connect_unix_socket(self, path: str, timeout: float | None = None, **how: Any) -> Any:
        return _Stream(self._inner.connect_unix_socket(path, _left_s(timeout), **how))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream:
    """A connection."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._inner.read(max_bytes, _left_s(timeout))
        call = _CALL.get()
        if call is not None:
            call.received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for begin in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[begin : begin + _PIECE], _left_s(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left_s(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left_s(timeout: float | None) -> float | None:
    call = _CALL.get()
    return timeout if call is None else call.left_s(timeout)
