"""The vendors' published contracts as a check of the double, where they are beside the checkout."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jsonschema import (  # type: ignore[import-untyped] # it ships no type information
    Draft202012Validator,
)

from ytdubber.testing.vendor_double import Exchange

FOLDER = Path(__file__).parents[4] / "shared" / "contracts"
ABSENT = f"the vendors' published contracts are not in {FOLDER}"
_FILES = {
    "deepgram-listen-speak.json": {"listen": "/v1/listen", "speak": "/v1/speak"},
    "openai-responses.json": {"responses": "/responses"},
}


class Official:
    """Checks what the contracts cover: `looked_at` are the halves of calls they had a say in."""

    def __init__(self) -> None:
        self.looked_at: set[tuple[str, str, int]] = set()
        self._specs: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        for name, routes in _FILES.items():
            spec = json.loads((FOLDER / name).read_text())
            for route, path in routes.items():
                self._specs[route] = spec, spec["paths"][path]["post"]

    def __call__(self, exchange: Exchange) -> Sequence[str]:
        """What the contract complains about."""
        if exchange.route not in self._specs:
            return []
        spec, operation = self._specs[exchange.route]
        if exchange.side == "request":
            found = [*_of_query(spec, operation, exchange.query)]
            content = operation["requestBody"]["content"]
        else:
            found = []
            content = _resolve(spec, operation["responses"].get(str(exchange.status), {})).get(
                "content", {}
            )
        schema = content.get("application/json", {}).get("schema")
        if schema is not None and exchange.body is not None:
            self.looked_at.add((exchange.route, exchange.side, exchange.status))
            found += _problems(spec, schema, exchange.body)
        return found


def _of_query(
    spec: Mapping[str, Any], operation: Mapping[str, Any], query: Sequence[tuple[str, str]]
) -> Iterator[str]:
    known = {p["name"]: p["schema"] for p in operation.get("parameters", ()) if p["in"] == "query"}
    for name, value in query:
        if name not in known:
            yield f"unknown query parameter {name}"
        elif all(_problems(spec, known[name], reading) for reading in _readings(value)):
            yield f"query parameter {name}: {value!r} is not what it takes"


def _readings(value: str) -> Iterator[object]:
    """What a query's text may stand for: itself, a list of one, a number or a truth value."""
    yield value
    yield [value]
    if value in ("true", "false") or value.replace(".", "", 1).isdigit():
        yield json.loads(value)


def _problems(spec: Mapping[str, Any], schema: Mapping[str, Any], value: object) -> list[str]:
    if (
        "ErrorResponse" in schema.get("$ref", "")
        and "ErrorResponseTextError" in (spec["components"]["schemas"])
    ):
        # Deepgram's three kinds of errors require nothing, so that every object is two of them.
        schema = {"anyOf": spec["components"]["schemas"]["ErrorResponse"]["oneOf"]}
    whole = {**schema, "components": spec["components"]}
    return [
        f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:300]}"
        for error in Draft202012Validator(whole).iter_errors(value)
    ]


def _resolve(spec: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = given.get("$ref")
    if reference is None:
        return given
    found: Any = spec
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    resolved: Mapping[str, Any] = found
    return resolved
