"""Links that carry their own credential: uploads by PUT, downloads by GET and HEAD."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ytdubber.domain import errors
from ytdubber.domain.artifact import MIME_TYPES
from ytdubber.domain.file_names import portable
from ytdubber.domain.printable import file_name
from ytdubber.ports.media_store import (
    STORAGE_PATH,
    VIDEO_TYPES,
    FileDownload,
    SignedFiles,
    Stored,
    UploadHeaders,
    UploadSession,
)

from .errors import respond, responses
from .upload_body import BATCH_BYTES, LONGEST_S, STALLED_S, Refusal, UploadBody, stream

Uploaded = Callable[[str, Stored], None]
"""Told the key and what arrived, in a thread. When it raises, the file is removed again and the
upload answered with that error."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_PLAIN_NAME = re.compile(r"[^A-Za-z0-9 ._()-]", re.ASCII)

_CREDENTIAL = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": {"type": "string"},
            "description": "Part of the link; use links as they were given.",
        }
        for name in ("expires", "signature")
    ]
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in ("audio/*", *VIDEO_TYPES)
        },
    }
}
_FILE = {
    "description": "The file.",
    "content": {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for media_type in ("application/octet-stream", *sorted(set(MIME_TYPES.values())))
    }
    | {"application/json": {"schema": {}, "examples": {"manifest": {"value": {"version": 1}}}}},
}
_DOWNLOAD_RESPONSES = {
    200: _FILE,
    206: {
        **_FILE,
        "description": "A range of the file.",
        "headers": {"Content-Range": {"schema": {"type": "string"}}},
    },
    **responses(
        errors.BadSignature,
        errors.NotFound,
        errors.MediaMissing,
        errors.LinkExpired,
        errors.RangeNotSatisfiable,
        errors.StorageNotWorking,
    ),
}
_UPLOAD_RESPONSES = responses(
    errors.UploadRefused,
    errors.BadSignature,
    errors.NotFound,
    errors.UploadStalled,
    errors.AlreadyUploaded,
    errors.LinkExpired,
    errors.UploadClosed,
    errors.UploadTooLarge,
    errors.WrongContentType,
    errors.UploadMismatch,
    errors.TooManyRequests,
    errors.TooManyUploads,
    errors.StorageNotWorking,
)


class Receipt(BaseModel):
    """What arrived."""

    bytes: int
    sha256: str | None


def storage_router(
    files: SignedFiles,
    uploaded: Uploaded = lambda key, stored: None,
    fetched: Callable[[str], None] = lambda key: None,
    *,
    stalled_s: float = STALLED_S,
    longest_s: float = LONGEST_S,
) -> APIRouter:
    """Serves the links that `files` signed; `uploaded` is told of everything that arrives, and
    `fetched` the keys of files whose bytes go out.
    """
    router = APIRouter(prefix=STORAGE_PATH, tags=["storage"])

    @router.put(
        "/{folder}/{name}",
        response_model=Receipt,
        responses=_UPLOAD_RESPONSES,
        openapi_extra=_CREDENTIAL | _BODY,
    )
    async def upload(folder: str, name: str, request: Request) -> Response:
        """Upload a file under a link. A link takes one file."""
        body = UploadBody(request, stalled_s, longest_s)
        try:
            stored = await _take_in(files, f"{folder}/{name}", request, body, uploaded)
        except ClientDisconnect:
            return Response(status_code=400)  # for nobody: whoever sent it is gone
        except errors.YtDubberError as error:
            return respond(error) if body.ended else Refusal(respond(error))
        return JSONResponse({"bytes": stored.bytes, "sha256": stored.sha256})

    @router.get(
        "/{folder}/{name}",
        response_class=Response,
        responses=_DOWNLOAD_RESPONSES,
        openapi_extra=_CREDENTIAL,
    )
    @router.head(
        "/{folder}/{name}",
        response_class=Response,
        responses=_DOWNLOAD_RESPONSES,
        openapi_extra=_CREDENTIAL,
    )
    async def download(folder: str, name: str, request: Request) -> Response:
        """Download a file, or one range of it, under a link."""
        key = f"{folder}/{name}"
        download = await run_in_threadpool(files.present, key, _query(request))
        try:
            if request.method == "GET":
                await run_in_threadpool(fetched, key)
            return _serve(download, request)
        except BaseException:
            download.file.close()
            raise

    return router


async def _take_in(
    files: SignedFiles, key: str, request: Request, body: UploadBody, uploaded: Uploaded
) -> Stored:
    session = await run_in_threadpool(files.accept, key, _query(request), _upload_headers(request))
    try:
        await stream(body, session)
        return await run_in_threadpool(_finish, files, key, session, uploaded)
    except BaseException:
        await asyncio.shield(run_in_threadpool(session.abandon))
        raise


def _finish(files: SignedFiles, key: str, session: UploadSession, uploaded: Uploaded) -> Stored:
    stored = session.finish()
    try:
        uploaded(key, stored)
    except BaseException:
        files.delete([key])
        raise
    return stored


def _serve(download: FileDownload, request: Request) -> Response:
    total, sha256 = download.stored.bytes, download.stored.sha256
    etag = f'"{sha256}"' if sha256 else ""
    headers = {
        "Content-Type": download.content_type,
        "Content-Disposition": attachment(download.file_name),
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if etag:
        headers["ETag"] = etag
    wanted = None
    if request.headers.get("if-range", etag) == etag:
        wanted = _wanted_range(request.headers.get("range", ""), total)
    if wanted is None:
        start, size, status = 0, total, 200
    else:
        start, size, status = wanted.start, len(wanted), 206
        headers["Content-Range"] = f"bytes {start}-{wanted.stop - 1}/{total}"
    headers["Content-Length"] = str(size)
    if request.method == "HEAD":
        download.file.close()
        return Response(None, status, headers)
    return _FileResponse(download.file, start, size, status, headers)


def _wanted_range(header: str, total: int) -> range | None:
    """The bytes a Range header asks for; None for all of them, as for a form we do not serve.

    Raises:
        RangeNotSatisfiable: it asks for bytes outside the file.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        wanted = range(max(0, total - int(last)), total)
    elif last and int(last) < int(first):
        return None
    else:
        wanted = range(int(first), min(int(last) + 1, total) if last else total)
    if len(wanted) == 0:
        raise errors.RangeNotSatisfiable(bytes=total)
    return wanted


class _FileResponse(StreamingResponse):
    """Bytes of an open file, read in a thread; the file is closed at the end, whatever happens."""

    def __init__(
        self, file: BinaryIO, start: int, size: int, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(self._read(start, size), status, headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the bytes."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()

    async def _read(self, start: int, size: int) -> AsyncIterator[bytes]:
        await run_in_threadpool(self._file.seek, start)
        while size > 0:
            piece = await run_in_threadpool(self._file.read, min(size, BATCH_BYTES))
            if not piece:
                raise EOFError("a stored file is shorter than its description says")
            size -= len(piece)
            yield piece


def attachment(name: str) -> str:
    """A Content-Disposition that saves under a name, whatever characters it has (RFC 6266)."""
    name = portable(file_name(name)) or "download"
    plain = _PLAIN_NAME.sub("_", name)
    encoded = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def _query(request: Request) -> str:
    query: bytes = request.scope["query_string"]
    return query.decode("latin-1")


def _upload_headers(request: Request) -> UploadHeaders:
    length = request.headers.get("content-length", "")
    announced = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None
    return UploadHeaders(request.headers.get("content-type"), announced)
