"""The other side: answers one worker, and outlives it for as long as calls are under way."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from multiprocessing.connection import Connection
from typing import Any

from ytdubber.domain.errors import Cancelled, YtDubberError
from ytdubber.files.encrypted import encrypted
from ytdubber.log import bound, get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.tracing import Span, span

from .protocol import Cancel, Request, Response

AT_ONCE = 512
"""More calls wait in line; vendors' own limits are far below."""

log = get_logger(__name__)

Do = Callable[[Request, CallContext], Any]
"""Makes a call."""


class RequestServer:
    """Answers what is asked over a connection, each call in a thread of its own.

    Attributes:
        deserted: Set when nobody is at the other end any more: nothing new is worth beginning.
    """

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._cancelled: set[int] = set()
        self.deserted = threading.Event()

    def run(self, do: Do) -> None:
        """Answer until the other end closes, and return when every call has come to its end."""
        with ThreadPoolExecutor(AT_ONCE, "call") as pool:
            while (message := self._next()) is not None:
                if isinstance(message, Cancel):
                    self._cancelled.add(message.number)
                else:
                    pool.submit(self._answer, do, message)
            self.deserted.set()

    def _next(self) -> Request | Cancel | None:
        try:
            message: Request | Cancel | None = self._connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def _answer(self, do: Do, request: Request) -> None:
        known = bound(**{**request.ids, "job_id": request.job_id, "task_id": request.task_id})
        name = request.operation.name if request.operation else "spent"
        vendor = request.target.vendor if request.target else ""
        with known, span(f"vendor.{name}", parent=request.traceparent, vendor=vendor) as ours:
            self._answered(do, request, ours)

    def _answered(self, do: Do, request: Request, ours: Span) -> None:
        call = CallContext(
            request.job_id,
            request.task_id,
            raise_if_cancelled=lambda: self._check(request.number),
            deadline_ms=request.deadline_ms,
            delayed=lambda why: self._delayed(request.number, why),
        )
        folder_key = (
            encrypted(request.folder_key.folder, request.folder_key.key)
            if request.folder_key
            else nullcontext()
        )
        try:
            with folder_key:
                self._send(Response(request.number, do(request, call)))
        except YtDubberError as error:
            ours.failed(error)
            self._send(Response(request.number, error=error))
        except Exception as error:  # the worker decides what becomes of its work
            ours.failed(error)
            told = RuntimeError(f"{type(error).__name__}: {error}")
            if self._send(Response(request.number, error=told)):
                log.exception("vendor_process.call_failed", error=error, target=request.target)
            else:  # most likely its files went with the worker
                log.info("vendor_process.call_lost", target=request.target, error=error)
        finally:
            self._cancelled.discard(request.number)

    def _check(self, number: int) -> None:
        if number in self._cancelled:
            raise Cancelled

    def _delayed(self, number: int, why: Exception) -> None:
        """Whoever asked goes on without it; its own answer comes too late for anybody."""
        self._send(Response(number, error=why))

    def _send(self, answer: Response) -> bool:
        """Whether somebody waited for it."""
        try:
            with self._sending:
                self._connection.send(answer)
        except OSError:
            log.info("vendor_process.answer_unwanted")
            return False
        return True
