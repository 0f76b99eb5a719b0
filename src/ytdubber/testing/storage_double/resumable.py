"""`/upload/resumable`: uploads by TUS 1.0 (https://tus.io/protocols/resumable-upload)."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from .bucket import Object
from .double import StorageDouble
from .exchange import read
from .refusals import Refusal, bad_request, bad_signature, no_such_bucket, no_such_key

VERSION = "1.0.0"
CHUNK_BYTES = 6 * 2**20
SIGNED = "/upload/resumable/sign"

_TUS = {"tus-resumable": VERSION}

Work = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class _Upload:
    """A file of which a part has come."""

    name: str
    media_type: str
    length: int
    upsert: bool
    data: bytearray = field(default_factory=bytearray)


class Resumable:
    """The routes' answers. Refusals have their real status here."""

    def __init__(self, double: StorageDouble) -> None:
        self._double = double
        self._uploads: dict[str, _Upload] = {}

    async def create(self, request: Request) -> Response:
        """POST: a new upload, with its first bytes where they come along."""
        return await self._told(self._create, request)

    async def one(self, request: Request) -> Response:
        """HEAD, PATCH and DELETE of an upload."""
        work = {"HEAD": self._head, "PATCH": self._patch, "DELETE": self._end}
        return await self._told(work[request.method], request)

    async def options(self, request: Request) -> Response:
        """What is understood."""
        headers = {"tus-version": VERSION, "tus-extension": "creation,termination,expiration"}
        if self._double.bucket.size_limit is not None:
            headers["tus-max-size"] = str(self._double.bucket.size_limit)
        return Response(None, 204, _TUS | headers)

    async def _told(self, work: Work, request: Request) -> Response:
        if request.headers.get("tus-resumable") != VERSION:
            return Response(None, 412, {"tus-version": VERSION} | _TUS)
        try:
            answer = await work(request)
        except Refusal as error:
            return PlainTextResponse(error.message, error.status, _TUS)
        answer.headers.update(_TUS)
        return answer

    async def _create(self, request: Request) -> Response:
        length = request.headers.get("upload-length", "")
        if not length.isdigit():
            raise bad_request("Upload-Length or Upload-Defer-Length header required")
        metadata = _metadata(request.headers.get("upload-metadata", ""))
        bucket, name = self._double.bucket, metadata.get("objectName", "")
        if metadata.get("bucketName") != bucket.name:
            raise no_such_bucket()
        upsert = self._right(request, name)
        media_type = metadata.get("contentType", "")
        bucket.expect_welcome(name, media_type, int(length), upsert)
        upload = _Upload(name, media_type or "application/octet-stream", int(length), upsert=upsert)
        place = f"{bucket.name}/{name}/{uuid4()}".encode()
        upload_id = base64.urlsafe_b64encode(place).decode().rstrip("=")
        self._uploads[upload_id] = upload
        url = f"{request.url.scheme}://{request.headers['host']}{request.url.path}/{upload_id}"
        if upload.length == 0:
            self._finish(upload_id, upload)
        return Response(None, 201, {"location": url, "upload-offset": "0"})

    async def _head(self, request: Request) -> Response:
        _, upload = self._upload(request)
        headers = {
            "upload-offset": str(len(upload.data)),
            "upload-length": str(upload.length),
            "cache-control": "no-store",
        }
        return Response(None, 200, headers)

    async def _patch(self, request: Request) -> Response:
        upload_id, upload = self._upload(request)
        if request.headers.get("content-type") != "application/offset+octet-stream":
            raise Refusal(415, "", "", "Invalid Content-Type header")
        if request.headers.get("upload-offset") != str(len(upload.data)):
            raise Refusal(409, "", "", "Upload-Offset header conflicts with the upload")
        left = upload.length - len(upload.data)
        told = int(request.headers.get("content-length") or 0)
        if told > min(left, CHUNK_BYTES):
            raise Refusal(413, "", "", "Maximum size exceeded")
        data, whole = await read(request, min(left, CHUNK_BYTES) or None)
        upload.data += data
        if len(upload.data) == upload.length:
            self._finish(upload_id, upload)
        if not whole:
            raise bad_request("the connection was cut; what came is kept")
        return Response(None, 204, {"upload-offset": str(len(upload.data))})

    async def _end(self, request: Request) -> Response:
        upload_id, _ = self._upload(request)
        del self._uploads[upload_id]
        return Response(None, 204)

    def _upload(self, request: Request) -> tuple[str, _Upload]:
        upload_id = str(request.path_params["upload"])
        upload = self._uploads.get(upload_id)
        if upload is None:
            raise no_such_key()
        self._right(request, upload.name)
        return upload_id, upload

    def _right(self, request: Request, name: str) -> bool:
        """Whether what is there may be replaced; a refusal where nothing may be sent at all."""
        tokens, bucket = self._double.tokens, self._double.bucket
        if SIGNED in request.url.path:
            token = request.headers.get("x-signature")
            if not token:
                raise bad_signature("Missing x-signature header")
            return bool(tokens.right(token, f"{bucket.name}/{name}")["upsert"])
        tokens.caller(request.headers).expect_right(name)
        return request.headers.get("x-upsert") == "true"

    def _finish(self, upload_id: str, upload: _Upload) -> None:
        del self._uploads[upload_id]
        done = Object(bytes(upload.data), upload.media_type)
        self._double.bucket.put(upload.name, done, upload.upsert)


def _metadata(header: str) -> dict[str, str]:
    try:
        pairs = (pair.split(" ") for pair in header.split(",") if pair)
        return {
            name: base64.b64decode("".join(value), validate=True).decode() for name, *value in pairs
        }
    except (ValueError, binascii.Error):
        raise bad_request("Upload-Metadata is invalid") from None
