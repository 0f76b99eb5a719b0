"""Strict JSON schemas, the kind a language model is held to: whether one is, and what fits it."""

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, type] = {"object": dict, "array": list, "string": str}
"""The types the double can give."""


def complaints(schema: Mapping[str, Any]) -> Iterator[str]:
    """Why the schema would not be taken as strict; nothing when it would."""
    if schema.get("type") != "object":
        yield "schema must be a JSON Schema of 'type: \"object\"'."
    for place, each in _schemas(schema, ()):
        context = f"In context={place}, "
        if "type" not in each:
            yield f"{context}schema must have a 'type' key."
        if each.get("type") == "object":
            if each.get("additionalProperties") is not False:
                yield f"{context}'additionalProperties' is required to be supplied and to be false."
            if set(each.get("required", ())) != set(each.get("properties", {})):
                yield f"{context}'required' must include every key in properties."
        if each.get("type") == "array" and "items" not in each:
            yield f"{context}array schema missing items."


def _schemas(
    schema: Mapping[str, Any], place: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The schema and all inside it, each with its place."""
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _schemas(inner, (*place, "properties", name))
    if "items" in schema:
        yield from _schemas(schema["items"], (*place, "items"))


def misfits(value: object, schema: Mapping[str, Any]) -> Iterator[str]:
    """Where a value does not fit a strict schema."""
    kind = schema["type"]
    if kind not in _TYPES:
        yield f"the double gives no {kind}"
    elif not isinstance(value, _TYPES[kind]):
        yield f"{value!r} is not of type {kind}"
    elif isinstance(value, dict):
        if value.keys() != schema["properties"].keys():
            yield f"{sorted(value)} are not the properties {sorted(schema['properties'])}"
        for name in value.keys() & schema["properties"].keys():
            yield from misfits(value[name], schema["properties"][name])
    elif isinstance(value, list):
        for each in value:
            yield from misfits(each, schema["items"])
