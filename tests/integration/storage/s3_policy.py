"""A door before an S3 server that lets through what a policy allows, as Amazon's does."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI, Request, Response
from tests.integration.storage.serving import free_port, running
from tests.plain_http import NO_TLS

POLICY = Path(__file__).parents[3] / "deploy" / "s3-policy.json"
_ARN = "arn:aws:s3:::"
_ERROR = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@dataclass
class Door:
    """What is allowed, and what was asked for.

    Attributes:
        url: Where the server is reached through it.
        allowed: Rights and what they are for, such as `media/*`.
        asked: The same of every request.
    """

    url: str
    allowed: set[tuple[str, str]]
    asked: set[tuple[str, str]] = field(default_factory=set)

    def allows(self, right: str, path: str) -> bool:
        """Whether a request for a path `bucket/key` may pass."""
        bucket, _, key = path.partition("/")
        wanted = right, f"{bucket}/*" if key else bucket
        self.asked.add(wanted)
        return wanted in self.allowed

    def lists(self, path: str) -> bool:
        """Whether who asks for this may know what is missing."""
        return ("s3:ListBucket", path.partition("/")[0]) in self.allowed


def documented() -> set[tuple[str, str]]:
    """The policy that operators are given."""
    statements = json.loads(POLICY.read_text("utf-8"))["Statement"]
    assert all(each["Effect"] == "Allow" for each in statements)
    return {
        (right, each["Resource"].removeprefix(_ARN))
        for each in statements
        for right in each["Action"]
    }


@contextmanager
def door(server: str) -> Iterator[Door]:
    """The server behind the documented policy, which the test may change."""
    listener, url = free_port()
    made = Door(url, documented())
    app = FastAPI()
    with httpx.Client(verify=NO_TLS, base_url=server) as client:

        @app.api_route("/{path:path}", methods=["GET", "HEAD", "PUT", "POST", "DELETE"])
        async def passed(request: Request, path: str) -> Response:
            return _passed(made, client, request, path, await request.body())

        with running(app, listener):
            yield made


def _passed(door: Door, client: httpx.Client, request: Request, path: str, body: bytes) -> Response:
    if "delete" in request.query_params:
        keys = [key.decode() for key in re.findall(rb"<Key>([^<]+)</Key>", body)]
        if not all([door.allows("s3:DeleteObject", f"{path}/{key}") for key in keys]):
            return _xml(200, f"<DeleteResult>{_ERROR}</DeleteResult>")
    elif not door.allows(_right(request, path), path):
        return _denied(request)
    headers = [each for each in request.headers.raw if each[0] != b"transfer-encoding"]
    scope = request.scope
    asked = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    answer = client.request(
        request.method, "/", content=body, headers=headers, extensions={"target": asked}
    )
    if answer.status_code == 404 and "/" in path and not door.lists(path):
        return _denied(request)
    kept = {name: value for name, value in answer.headers.items() if name != "transfer-encoding"}
    return Response(answer.content, answer.status_code, kept)


def _right(request: Request, path: str) -> str:
    """What a request needs, by Amazon's "Required permissions for Amazon S3 API operations"."""
    asked = request.query_params
    if "/" not in path:
        return "s3:ListBucketMultipartUploads" if "uploads" in asked else "s3:ListBucket"
    if request.method == "DELETE":
        return "s3:AbortMultipartUpload" if "uploadId" in asked else "s3:DeleteObject"
    return "s3:GetObject" if request.method in ("GET", "HEAD") else "s3:PutObject"


def _denied(request: Request) -> Response:
    return _xml(403, "" if request.method == "HEAD" else _ERROR)


def _xml(status: int, body: str) -> Response:
    return Response(body, status, media_type="application/xml")
