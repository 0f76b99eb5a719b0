"""Every route there is, by the OpenAPI document, so that a new one is met by the tests too."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
from fastapi import FastAPI


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each."""
    for path, known in app.openapi()["paths"].items():
        for method in ("get", "head", "post", "put", "patch", "delete", "options"):
            if method in known:
                yield method.upper(), path, known[method]


def filled(path: str, value: object) -> str:
    """The path with the same value in every place."""
    parts = [str(value) if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


class Described:
    """Called with every answer a test gets: fails when the document does not tell of it."""

    def __init__(self, app: FastAPI) -> None:
        self._known = [
            (method, re.compile(re.sub("{[^}]+}", "[^/]+", path)), operation["responses"])
            for method, path, operation in operations(app)
        ]
        self._known.sort(key=lambda each: each[1].pattern.count("[^/]+"))

    def __call__(self, answer: httpx.Response) -> None:
        request = answer.request
        path = request.url.path.rstrip("/")
        for method, pattern, told in self._known:
            if method == request.method and pattern.fullmatch(path):
                where = f"{method} {pattern.pattern}"
                assert str(answer.status_code) in told, f"{where} gave {answer.status_code}"
                if answer.status_code >= 400 and method != "HEAD":
                    _check_code(answer, told[str(answer.status_code)], where)
                return


def _check_code(answer: httpx.Response, told: dict[str, Any], where: str) -> None:
    if "examples" not in told["content"]["application/json"]:
        return  # an answer with a shape of its own
    answer.read()
    code = answer.json()["error"]
    assert code in told["content"]["application/json"]["examples"], f"{where} gave {code}"
