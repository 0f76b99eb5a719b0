"""The double as an ASGI application."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .double import StorageDouble
from .faults import Operation, StorageFault
from .objects import Objects
from .refusals import Refusal, instead
from .resumable import SIGNED, Resumable
from .sign_in import AUTH

BASE = "/storage/v1"
_UPLOADS = (Operation.UPLOAD, Operation.SIGNED_UPLOAD)
_STUCK_S = 60.0
"""How long a connection is taken for the same: its number is somebody else's later."""

Work = Callable[[Request], Awaitable[Response]]


def application(double: StorageDouble) -> ASGIApp:
    """The storage's routes and the double's own, for pages of any origin."""
    stuck: dict[tuple[str, int], float] = {}
    answers, tus = Objects(double), Resumable(double)
    one = "/object/{bucket}/{name:path}"
    table: list[tuple[Operation, str, list[str], Work]] = [
        (Operation.SIGN_UPLOAD, "/object/upload/sign/{bucket}/{name:path}", ["POST"],
         answers.sign_upload),
        (Operation.SIGNED_UPLOAD, "/object/upload/sign/{bucket}/{name:path}", ["PUT"],
         answers.signed_upload),
        (Operation.SIGN_DOWNLOAD, "/object/sign/{bucket}", ["POST"], answers.sign_downloads),
        (Operation.SIGN_DOWNLOAD, "/object/sign/{bucket}/{name:path}", ["POST"],
         answers.sign_download),
        (Operation.SIGNED_DOWNLOAD, "/object/sign/{bucket}/{name:path}", ["GET"],
         answers.signed_download),
        (Operation.INFO, "/object/info/{bucket}/{name:path}", ["GET"], answers.info),
        (Operation.LIST, "/object/list/{bucket}", ["POST"], answers.list),
        (Operation.DOWNLOAD, "/object/authenticated/{bucket}/{name:path}", ["GET"],
         answers.download),
        (Operation.REMOVE, "/object/{bucket}", ["DELETE"], answers.remove),
        (Operation.DOWNLOAD, one, ["GET"], answers.download),
        (Operation.UPLOAD, one, ["POST", "PUT"], answers.upload),
    ]  # fmt: skip
    for base in (SIGNED, "/upload/resumable"):
        table.append((Operation.TUS, base, ["OPTIONS"], tus.options))
        table.append((Operation.TUS, base, ["POST"], tus.create))
        table.append((Operation.TUS, base + "/{upload}", ["HEAD", "PATCH", "DELETE"], tus.one))
    routes: list[BaseRoute] = [
        Route(BASE + path, _Served(double, stuck, operation, work), methods=methods)
        for operation, path, methods, work in table
    ]
    anybody = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["*", "Location", "Upload-Offset", "Upload-Length", "Tus-Resumable"],
    )
    keys = Route(f"{AUTH}/.well-known/jwks.json", double.sign_in.keys)
    return Starlette(routes=[*routes, keys, *_control(double)], middleware=[anybody])


class _Served:
    """One route as an ASGI application."""

    def __init__(
        self,
        double: StorageDouble,
        stuck: dict[tuple[str, int], float],
        operation: Operation,
        work: Work,
    ) -> None:
        self._double, self._stuck = double, stuck
        self._operation, self._work = operation, work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; on a connection with an unread body on it, never."""
        client = tuple(scope["client"] or ("", 0))
        if time.monotonic() - self._stuck.get(client, -_STUCK_S) < _STUCK_S:
            await _gone(receive)
            return
        self._double.asked.append(self._operation)
        fault = self._double.faults.next(self._operation)
        body = _Reading(scope, receive)
        request = Request(scope, body)
        if fault is not None:
            await asyncio.sleep(fault.wait_s)
        if fault is not None and fault.cut_in:
            await body()
            await _cut(send, b"")
            return
        answer = await self._answer(request, fault)
        refused = answer.status_code >= 400
        if refused and self._operation in _UPLOADS and not body.ended:
            self._stuck[client] = time.monotonic()
        if fault is not None and fault.cut:
            await _cut(send, bytes(answer.body)[: len(answer.body) // 2])
            return
        if fault is not None and (fault.drip_s or fault.endless):
            await _without_end(send, receive, fault)
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request, fault: StorageFault | None) -> Response:
        try:
            if fault is not None and fault.status:
                raise instead(fault.status)
            return await self._work(request)
        except Refusal as error:
            answer = error.answer()
            if fault is not None and fault.retry_after_s is not None:
                answer.headers["retry-after"] = str(fault.retry_after_s)
            return answer


class _Reading:
    """A body on its way in, and whether it was read to its end."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        told = dict(scope["headers"])
        chunks = b"transfer-encoding" in told
        self.ended = not chunks and told.get(b"content-length", b"0") == b"0"

    async def __call__(self) -> Message:
        """The next piece."""
        message = await self._receive()
        self.ended = self.ended or not message.get("more_body", False)
        return message


async def _gone(receive: Receive) -> None:
    """Wait until the caller gives up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(send: Send, some: bytes) -> None:
    """End the connection within an answer: a server does so when less comes than was announced."""
    length = str(len(some) + 1).encode()
    headers = [(b"content-length", length), (b"content-type", b"application/octet-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": some, "more_body": True})


async def _without_end(send: Send, receive: Receive, fault: StorageFault) -> None:
    """Answer until the caller goes."""
    piece = b" " if fault.drip_s else bytes(2**16)
    gone = asyncio.ensure_future(_gone(receive))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while not gone.done():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.wait([gone], timeout=fault.drip_s)


def _control(double: StorageDouble) -> list[Route]:
    """`GET /_double/calls` and `POST /_double/script`, for whoever has it in another process."""

    async def calls(request: Request) -> JSONResponse:
        return JSONResponse({"calls": list(double.asked), "keys": double.bucket.names()})

    async def script(request: Request) -> JSONResponse:
        try:
            wanted = json.loads(await request.body())
            faults = [StorageFault(**each) for each in wanted["faults"]]
            double.script(Operation(wanted["operation"]), faults)
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse({"operation": wanted["operation"], "faults": len(faults)})

    return [
        Route("/_double/calls", calls),
        Route("/_double/script", script, methods=["POST"]),
    ]
