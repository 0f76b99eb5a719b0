"""The OpenAPI document: what every route may answer beside what it says itself, and examples."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from ytdubber.api.answer_samples import ANSWERS, FAILED_ANSWERS, REQUESTS
from ytdubber.api.error_samples import sample
from ytdubber.api.errors import SENTENCES, describe, domain_body
from ytdubber.domain import errors


def complete(app: FastAPI) -> None:
    """Describe what any route may answer, and leave out the 422 that FastAPI adds by itself and we
    never give.
    """
    described: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = described()
        for path, operations in schema.get("paths", {}).items():
            for method, operation in operations.items():
                _complete(operation)
                _exemplify(operation, f"{method.upper()} {path}")
        for name in ("HTTPValidationError", "ValidationError"):
            schema.get("components", {}).get("schemas", {}).pop(name, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _exemplify(operation: dict[str, Any], name: str) -> None:
    """Show what the request and each answer that is no error of ours look like."""
    shown = [(operation.get("requestBody", {}), REQUESTS)]
    for status, answer in operation["responses"].items():
        shown.append((answer, ANSWERS if status < "400" else FAILED_ANSWERS))
    for place, samples in shown:
        for content in place.get("content", {}).values():
            if name in samples and "binary" not in content.get("schema", {}).get("format", ""):
                content.setdefault("examples", {"example": {"value": samples[name]}})


def _complete(operation: dict[str, Any]) -> None:
    answers: dict[str, Any] = operation["responses"]
    if "HTTPValidationError" in json.dumps(answers.get("422", {})):
        del answers["422"]
    wrong_host = sample(errors.WrongHost)
    found: dict[int | str, dict[str, Any]] = {}
    describe(found, 403, wrong_host.code, domain_body(wrong_host))
    for away in map(sample, (errors.DatabaseAway, errors.DatabaseBusy, errors.ServiceStopping)):
        describe(found, 503, away.code, domain_body(away))
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        for late, code in ((408, "request_timeout"), (413, "too_large")):
            describe(found, late, code, {"error": code, "message": SENTENCES[late]})
    for status, answer in found.items():
        content = answer["content"]["application/json"]
        content["schema"] = {"$ref": "#/components/schemas/ErrorBody"}
        del answer["model"]
        there = answers.setdefault(str(status), answer)["content"]["application/json"]
        if (own := there["schema"]) != content["schema"]:
            there["schema"] = {"anyOf": [own, content["schema"]]}
        there.setdefault("examples", {}).update(content["examples"])
    operation["responses"] = dict(sorted(answers.items()))
