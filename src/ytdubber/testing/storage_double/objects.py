"""`/object`: one object at a time, signed and by key."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .bucket import Bucket, Object
from .double import StorageDouble
from .exchange import announced_type, is_form, read, sent
from .refusals import bad_request, no_such_bucket, no_such_key
from .tokens import Caller

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_MOST_REMOVED = 1_000


class Objects:
    """The routes' answers; each raises `Refusal` for what is not done."""

    def __init__(self, double: StorageDouble) -> None:
        self._double = double
        self._tokens = double.tokens

    async def sign_upload(self, request: Request) -> Response:
        bucket, name = self._place(request)
        self._caller(request).expect_right(name)
        upsert = request.headers.get("x-upsert") == "true"
        bucket.expect_free(name, upsert)
        token = self._tokens.upload(f"{bucket.name}/{name}", upsert)
        url = f"/object/upload/sign/{bucket.name}/{name}?token={token}"
        return JSONResponse({"url": url, "token": token})

    async def signed_upload(self, request: Request) -> Response:
        bucket, name = self._place(request)
        right = self._tokens.right(request.query_params.get("token", ""), f"{bucket.name}/{name}")
        return await self._take(request, bucket, name, upsert=bool(right["upsert"]))

    async def upload(self, request: Request) -> Response:
        bucket, name = self._place(request)
        self._caller(request).expect_right(name)
        upsert = request.method == "PUT" or request.headers.get("x-upsert") == "true"
        return await self._take(request, bucket, name, upsert=upsert)

    async def _take(self, request: Request, bucket: Bucket, name: str, *, upsert: bool) -> Response:
        told = request.headers.get("content-length", "")
        media_type = announced_type(request.headers).partition(";")[0]
        if is_form(request.headers):
            media_type = (bucket.media_types or [""])[0]  # it is told within
        bucket.expect_welcome(name, media_type, int(told) if told else None, upsert)
        body, whole = await read(request)
        if not whole:
            raise bad_request("the body was cut off")
        file = sent(request.headers, body)
        bucket.put(name, Object(file.data, file.media_type, file.cache_control), upsert)
        return JSONResponse({"Key": f"{bucket.name}/{name}", "Id": bucket.get(name).id})

    async def sign_download(self, request: Request) -> Response:
        bucket, name = self._place(request)
        self._caller(request).expect_right(name)
        bucket.get(name)
        lasts_s = _seconds(await _json(request))
        return JSONResponse({"signedURL": self._signed(bucket, name, lasts_s)})

    async def sign_downloads(self, request: Request) -> Response:
        bucket, caller, body = self._bucket(request), self._caller(request), await _json(request)
        known, lasts_s = set(bucket.names()), _seconds(body)
        rows = []
        for name in body.get("paths", []):
            caller.expect_right(name)
            there = name in known
            words = "Either the object does not exist or you do not have access to it"
            signed = self._signed(bucket, name, lasts_s) if there else None
            rows.append({"error": None if there else words, "path": name, "signedURL": signed})
        return JSONResponse(rows)

    async def signed_download(self, request: Request) -> Response:
        bucket, name = self._place(request)
        self._tokens.right(request.query_params.get("token", ""), f"{bucket.name}/{name}")
        return _served(bucket.get(name), request)

    async def download(self, request: Request) -> Response:
        bucket, name = self._place(request)
        self._caller(request).expect_right(name)
        return _served(bucket.get(name), request)

    async def info(self, request: Request) -> Response:
        bucket, name = self._place(request)
        self._caller(request).expect_right(name)
        found = bucket.get(name)
        return JSONResponse(
            {
                "id": found.id,
                "name": name,
                "version": found.id,
                "bucket_id": bucket.name,
                "size": len(found.data),
                "content_type": found.media_type,
                "cache_control": found.cache_control,
                "etag": found.etag,
                "metadata": {},
                "last_modified": found.at,
                "created_at": found.at,
            }
        )

    async def list(self, request: Request) -> Response:
        bucket, caller, body = self._bucket(request), self._caller(request), await _json(request)
        if "prefix" not in body:
            raise bad_request("body must have required property 'prefix'")
        folder = str(body["prefix"])
        limit, offset = int(body.get("limit", 100)), int(body.get("offset", 0))
        limit = min(limit, self._double.listed_at_most or limit)
        beginning = str(body.get("search", ""))
        rows = [each for each in bucket.level(folder) if each[0].startswith(beginning)]
        if caller.role != "service_role":
            rows = rows if folder.partition("/")[0] == caller.user_id else []
        return JSONResponse([_row(*each) for each in rows[offset : offset + limit]])

    async def remove(self, request: Request) -> Response:
        bucket, caller, body = self._bucket(request), self._caller(request), await _json(request)
        names = body.get("prefixes", [])
        if not 0 < len(names) <= _MOST_REMOVED:
            raise bad_request("body/prefixes must NOT have fewer than 1 items")
        for name in names:
            caller.expect_right(name)
        return JSONResponse([_row(*each) for each in bucket.remove(names)])

    def _bucket(self, request: Request) -> Bucket:
        bucket = self._double.bucket
        if request.path_params["bucket"] != bucket.name:
            raise no_such_bucket()
        return bucket

    def _place(self, request: Request) -> tuple[Bucket, str]:
        bucket, name = self._bucket(request), str(request.path_params["name"])
        if not name:
            raise no_such_key()
        return bucket, name

    def _caller(self, request: Request) -> Caller:
        return self._tokens.caller(request.headers)

    def _signed(self, bucket: Bucket, name: str, lasts_s: int) -> str:
        token = self._tokens.download(f"{bucket.name}/{name}", lasts_s)
        return f"/object/sign/{bucket.name}/{name}?token={token}"


async def _json(request: Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise bad_request("Body is not valid JSON") from None
    if not isinstance(body, dict):
        raise bad_request("body must be object")
    return body


def _seconds(body: Mapping[str, Any]) -> int:
    told = str(body.get("expiresIn", ""))
    if not told.isdigit() or int(told) < 1:
        raise bad_request("body/expiresIn must be >= 1")
    return int(told)


def _row(name: str, found: Object | None) -> dict[str, Any]:
    """An object in a list; a folder has no id."""
    if found is None:
        return {"name": name, "id": None, "updated_at": None, "created_at": None, "metadata": None}
    metadata = {"size": len(found.data), "mimetype": found.media_type, "eTag": found.etag}
    stamps = {"updated_at": found.at, "created_at": found.at}
    return {"name": name, "id": found.id, **stamps, "metadata": metadata}


def _served(found: Object, request: Request) -> Response:
    """The bytes, or a range of them."""
    headers = {
        "content-type": found.media_type,
        "cache-control": found.cache_control,
        "etag": found.etag,
        "accept-ranges": "bytes",
    }
    if "download" in request.query_params:
        name = request.query_params["download"]
        headers["content-disposition"] = "attachment;" + (
            f" filename={quote(name)}; filename*=UTF-8''{quote(name)};" if name else ""
        )
    data, status = found.data, 200
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match and any(match.groups()):
        first, last = match.groups()
        begin = int(first) if first else max(0, len(data) - int(last))
        end = min(int(last) + 1, len(data)) if first and last else len(data)
        headers["content-range"] = f"bytes {begin}-{end - 1}/{len(data)}"
        data, status = data[begin:end], 206
    headers["content-length"] = str(len(data))
    return Response(None if request.method == "HEAD" else data, status, headers)
