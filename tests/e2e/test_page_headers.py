"""The files of the page and the headers they come with."""

import re
from importlib.resources import files
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from ytdubber.web.page import add_page

PAGE = files("ytdubber.web") / "page"
NAMES = sorted(file.name for file in PAGE.iterdir())


def ask(method: str, path: str, **given: Any) -> httpx.Response:
    app = FastAPI()
    add_page(app)

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **given)

    return anyio.run(asked)


@pytest.mark.parametrize(
    "path", ["/", "/admin", *(f"/page/{name}" for name in NAMES if "html" not in name)]
)
def test_every_file_comes_under_strict_headers(path: str) -> None:
    answer = ask("GET", path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert {"script-src 'self'", "style-src 'self'", "connect-src 'self'"} <= set(policy)
    assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-cache"
    known = ask("GET", path, headers={"If-None-Match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert ask("GET", path, headers={"If-None-Match": '"another"'}).status_code == 200
    assert ask("HEAD", path).status_code == 200


def test_types() -> None:
    for page in ("/", "/admin"):
        assert ask("GET", page).headers["content-type"].startswith("text/html")
    assert ask("GET", "/page/main.js").headers["content-type"].startswith("text/javascript")
    assert ask("GET", "/page/style.css").headers["content-type"].startswith("text/css")
    assert ask("GET", "/page/icon.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "name", ["index.html", "admin.html", "other.js", "..%2fpage.py", "%2e%2e/page.py"]
)
def test_nothing_else_is_there(name: str) -> None:
    assert ask("GET", f"/page/{name}").status_code == 404


def test_it_is_no_part_of_the_api() -> None:
    app = FastAPI()
    add_page(app)
    assert app.openapi()["paths"] == {}


def test_no_file_names_another_place() -> None:
    for name in NAMES:
        text = (PAGE / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(
            r"https?://|url\(|@import|innerHTML|outerHTML|\beval\b|style=", text
        ), name


def test_modules_are_short() -> None:
    for name in NAMES:
        if name.endswith(".js"):
            lines = (PAGE / name).read_text(encoding="utf-8").splitlines()
            assert len(lines) < 250, name
            assert max(map(len, lines)) <= 100, name
