"""The web pages: their files, and the headers they are served under."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from fastapi import APIRouter, FastAPI, HTTPException, Request
from starlette.responses import Response

FOLDER = "/page"
"""Where the files of the page are, next to `/` itself."""

ADMIN = "/admin"
"""Where the operator's page is."""

SHARED = "/shared"
"""Where a dub is heard that somebody shared."""

_START, _OPERATORS, _SHARED = "index.html", "admin.html", "shared.html"
_STORAGE = b'<meta name="storage" content="">'
"""Where the page is told which other origin has files."""
_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'{storage}",
        "media-src 'self' blob:{storage}",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # No text ever becomes markup or script, whatever its author wrote into it.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The address holds a launch code until the page has taken it out.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""What every file of the page is served with, beside its type, its ETag and its policy."""


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    etag: str


def add_page(app: FastAPI, storage: str | None = None, *, users: bool = True) -> None:
    """Serve the operator's page, that of shared dubs, and that of users at `/`.

    They talk to the API under their own origin alone, so they belong into the application that has
    it; and to the origin of the `storage` that takes and gives files, where it is another.

    Args:
        app: The application.
        storage: That origin.
        users: Whether users have their page here, and not one elsewhere.
    """
    told = f'<meta name="storage" content="{escape(storage or "")}">'.encode()
    policy = _POLICY.format(storage=f" {storage}" if storage else "")
    headers = {"Content-Security-Policy": policy, **HEADERS}
    folder = files("ytdubber.web") / "page"
    pages = {
        each.name: _read(each.name, each.read_bytes().replace(_STORAGE, told))
        for each in folder.iterdir()
    }
    router = APIRouter(include_in_schema=False)

    async def start(request: Request) -> Response:
        return _answer(pages[_START], request, headers)

    if users:
        router.add_api_route("/", start, methods=["GET", "HEAD"])

    @router.api_route(ADMIN, methods=["GET", "HEAD"])
    async def operators(request: Request) -> Response:
        return _answer(pages[_OPERATORS], request, headers)

    @router.api_route(SHARED, methods=["GET", "HEAD"])
    async def shared(request: Request) -> Response:
        return _answer(pages[_SHARED], request, headers)

    @router.api_route(f"{FOLDER}/{{name}}", methods=["GET", "HEAD"])
    async def file(name: str, request: Request) -> Response:
        if name not in pages or name in (_START, _OPERATORS, _SHARED):
            raise HTTPException(404)
        return _answer(pages[name], request, headers)

    app.include_router(router)


def _read(name: str, content: bytes) -> _File:
    digest = hashlib.sha256(content).hexdigest()[:32]
    return _File(content, _TYPES[name.rpartition(".")[2]], f'"{digest}"')


def _answer(file: _File, request: Request, headers: Mapping[str, str]) -> Response:
    headers = {**headers, "ETag": file.etag}
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if file.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
