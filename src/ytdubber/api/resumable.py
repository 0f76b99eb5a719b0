"""Uploads that go on after a cut, by TUS 1.0, at the addresses that Supabase Storage has them."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from ytdubber.api import tus
from ytdubber.api.errors import respond, responses
from ytdubber.api.upload_body import LONGEST_S, STALLED_S, Refusal, UploadBody, stream
from ytdubber.app.uploads.resume_uploads import ResumeUploads
from ytdubber.domain import errors
from ytdubber.domain.limits import UNLIMITED_BYTES
from ytdubber.ports.media_store import STORAGE_PATH
from ytdubber.ports.resumable_uploads import ResumedUpload

PATH = f"{STORAGE_PATH}/upload/resumable/sign"

SILENT_S = 5.0
"""A connection that has brought nothing for so long gives way to the next one: after a cut that
nobody told us of, the client is back long before the old connection counts as stalled."""

_GIVES_WAY_S = 10.0

_NOT_OPEN = (
    errors.BadSignature,
    errors.LinkExpired,
    errors.NotFound,
    errors.StorageNotWorking,
    errors.TusVersionUnknown,
    errors.UploadClosed,
)
_NOT_TAKEN = (
    *_NOT_OPEN,
    errors.AlreadyUploaded,
    errors.InvalidRequest,
    errors.TooManyUploads,
    errors.UploadInUse,
    errors.UploadMismatch,
    errors.UploadStalled,
    errors.UploadTooLarge,
    errors.WrongContentType,
)


def _headers(*names: str) -> dict[str, Any]:
    return {"headers": {name: {"schema": {"type": "string"}} for name in ("Tus-Resumable", *names)}}


def _asks(*names: str) -> dict[str, Any]:
    """Headers that a request has, for the document; they are read where they are needed."""
    return {
        "parameters": [
            {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}
            for name in ("Tus-Resumable", tus.SIGNATURE, *names)
        ]
    }


_BODY = {
    "requestBody": {
        "required": False,
        "content": {tus.OFFSET_STREAM: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def resumable_router(
    uploads: ResumeUploads,
    most_bytes: int = UNLIMITED_BYTES,
    *,
    stalled_s: float = STALLED_S,
    longest_s: float = LONGEST_S,
    silent_s: float = SILENT_S,
) -> APIRouter:
    """Serves resumable uploads of files of up to so many bytes."""
    router = APIRouter(prefix=PATH, tags=["storage"])
    sending = _Sending(uploads, stalled_s, longest_s, silent_s)
    able = {"Tus-Version": tus.VERSION, "Tus-Extension": tus.EXTENSIONS}
    if most_bytes < UNLIMITED_BYTES:
        able["Tus-Max-Size"] = str(most_bytes)

    told = {"description": "This.", **_headers("Tus-Version", "Tus-Extension")}

    @router.options("", status_code=204, responses={204: told, **responses()})
    async def options() -> Response:
        """What is spoken here."""
        return Response(None, 204, {"Tus-Resumable": tus.VERSION, **able})

    @router.options("/{upload_id}", status_code=204, responses={204: told, **responses()})
    async def options_of_one(upload_id: str) -> Response:
        """What is spoken here, of whatever upload."""
        del upload_id
        return await options()

    @router.post(
        "",
        status_code=201,
        response_class=Response,
        responses={
            201: {"description": "Send it there.", **_headers("Location", "Upload-Offset")},
            **responses(*_NOT_TAKEN, errors.UploadRefused),
        },
        openapi_extra=_asks("Upload-Length", "Upload-Metadata") | _BODY,
    )
    async def create(request: Request) -> Response:
        """Begin an upload that goes on after a cut, by TUS 1.0. What it takes comes with the link;
        the body may hold the first bytes.
        """
        body = sending.body(request)
        return await _answered(request, body, sending.create(request, body))

    @router.head(
        "/{upload_id}",
        response_class=Response,
        responses={
            200: {"description": "It stands there.", **_headers("Upload-Offset", "Upload-Length")},
            **responses(*_NOT_OPEN),
        },
        openapi_extra=_asks(),
    )
    async def look(upload_id: str, request: Request) -> Response:
        """Where an upload stands."""
        return await _answered(request, None, sending.look(upload_id, request))

    @router.patch(
        "/{upload_id}",
        status_code=204,
        responses={
            204: {"description": "They are kept.", **_headers("Upload-Offset")},
            **responses(*_NOT_TAKEN, errors.UploadOffsetWrong),
        },
        openapi_extra=_asks("Upload-Offset") | _BODY,
    )
    async def append(upload_id: str, request: Request) -> Response:
        """Send bytes from where the upload stands. With the last one the file is whole."""
        body = sending.body(request)
        return await _answered(request, body, sending.append(upload_id, request, body))

    @router.delete(
        "/{upload_id}",
        status_code=204,
        responses={
            204: {"description": "Nothing of it is left.", **_headers()},
            **responses(*_NOT_OPEN, errors.AlreadyUploaded),
        },
        openapi_extra=_asks(),
    )
    async def end(upload_id: str, request: Request) -> Response:
        """Give an upload up that is not whole."""
        return await _answered(request, None, sending.end(upload_id, request))

    @router.post(
        "/{upload_id}",
        status_code=204,
        responses={
            200: {"description": "It stands there.", **_headers("Upload-Offset", "Upload-Length")},
            **responses(*_NOT_TAKEN, errors.UploadOffsetWrong),
        },
        openapi_extra=_asks("X-HTTP-Method-Override", "Upload-Offset") | _BODY,
    )
    async def overridden(upload_id: str, request: Request) -> Response:
        """Another method, for clients that know none but GET and POST."""
        methods = {"PATCH": append, "DELETE": end, "HEAD": look}
        meant = methods.get(request.headers.get("x-http-method-override", ""))
        if meant is None:
            problem = "X-HTTP-Method-Override names no method that is taken here"
            return respond(errors.InvalidRequest(problem=problem))
        return await meant(upload_id, request)

    return router


async def _answered(
    request: Request, body: UploadBody | None, answering: Awaitable[Response]
) -> Response:
    """The answer, with the version in it; a refusal when the body was not read to its end."""
    try:
        reply = await answering
    except ClientDisconnect:
        return Response(status_code=400)  # for nobody: whoever sent it is gone
    except errors.YtDubberError as error:
        reply = respond(error)
        if isinstance(error, errors.TusVersionUnknown):
            reply.headers["Tus-Version"] = tus.VERSION
        if body is not None and not body.ended and _has_body(request):
            reply = Refusal(reply)
    reply.headers["Tus-Resumable"] = tus.VERSION
    return reply


def _has_body(request: Request) -> bool:
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


class _Sending:
    """What is being sent to this process."""

    def __init__(
        self, uploads: ResumeUploads, stalled_s: float, longest_s: float, silent_s: float
    ) -> None:
        self._uploads = uploads
        self._stalled_s, self._longest_s, self._silent_s = stalled_s, longest_s, silent_s
        self._bodies: dict[str, tuple[UploadBody, asyncio.Event]] = {}

    def body(self, request: Request) -> UploadBody:
        """The body of a request."""
        return UploadBody(request, self._stalled_s, self._longest_s)

    async def create(self, request: Request, body: UploadBody) -> Response:
        """Begin an upload, with its first bytes where some come."""
        tus.expect_version(request.headers)
        key, creation = tus.creation_of(request.headers)
        with_bytes = _has_body(request)
        if with_bytes:
            tus.expect_offset_stream(request.headers)
            _expect_fit(request, creation.bytes)
        state = await run_in_threadpool(self._uploads.begin, key, _signature(request), creation)
        headers = tus.told(state)
        if with_bytes:
            headers["Upload-Offset"] = str(await self._send(state.id, request, body, 0))
        return Response(None, 201, headers | {"Location": state.url})

    async def look(self, upload_id: str, request: Request) -> Response:
        """Where it stands."""
        tus.expect_version(request.headers)
        await self._silence(upload_id)
        signature = _signature(request)
        state = await run_in_threadpool(self._uploads.look, upload_id, signature)
        return Response(None, 200, tus.told(state) | {"Cache-Control": "no-store"})

    async def append(self, upload_id: str, request: Request, body: UploadBody) -> Response:
        """Take bytes."""
        tus.expect_version(request.headers)
        tus.expect_offset_stream(request.headers)
        offset = tus.number(request.headers, "Upload-Offset")
        at = await self._send(upload_id, request, body, offset)
        return Response(None, 204, {"Upload-Offset": str(at)})

    async def end(self, upload_id: str, request: Request) -> Response:
        """Remove what came."""
        tus.expect_version(request.headers)
        await run_in_threadpool(self._uploads.end, upload_id, _signature(request))
        return Response(None, 204)

    async def _send(self, upload_id: str, request: Request, body: UploadBody, offset: int) -> int:
        """Take a body; where the upload stands after it."""
        await self._silence(upload_id)
        upload = await run_in_threadpool(
            self._uploads.resume, upload_id, _signature(request), offset
        )
        gone = asyncio.Event()
        self._bodies[upload_id] = body, gone
        try:
            _expect_fit(request, upload.limit_bytes)
            await stream(body, upload)
        except BaseException as error:
            whole = isinstance(error, ClientDisconnect) and upload.limit_bytes == 0
            await asyncio.shield(self._let_go(upload, offset, whole=whole))
            raise
        else:
            await asyncio.shield(self._let_go(upload, offset, whole=upload.limit_bytes == 0))
        finally:
            del self._bodies[upload_id]
            gone.set()
        return upload.offset

    async def _let_go(self, upload: ResumedUpload, offset: int, *, whole: bool) -> None:
        done = self._uploads.finish if whole else self._uploads.pause
        await run_in_threadpool(done, upload, upload.offset - offset)

    async def _silence(self, upload_id: str) -> None:
        """Have a connection give way that has fallen silent."""
        body, gone = self._bodies.get(upload_id, (None, None))
        if body and gone and body.give_up(self._silent_s):
            with suppress(TimeoutError):  # it still writes
                async with asyncio.timeout(_GIVES_WAY_S):
                    await gone.wait()


def _expect_fit(request: Request, most_bytes: int) -> None:
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:18]) > most_bytes:
        raise errors.UploadTooLarge(limit_bytes=most_bytes)


def _signature(request: Request) -> str:
    return request.headers.get(tus.SIGNATURE, "")
