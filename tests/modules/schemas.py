"""Enough of JSON Schema to hold answers against our description; what it does not know fails."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

KNOWN = {
    "$ref", "type", "format", "enum", "items", "properties", "required", "additionalProperties",
    "minimum", "maximum", "description", "default",
}  # fmt: skip
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "array": list,
    "null": type(None),
}


def faults(value: Any, schema: dict[str, Any], schemas: dict[str, Any], at: str = "$") -> list[str]:
    """What is wrong with a value; empty when it is as described."""
    assert set(schema) <= KNOWN, f"{at}: {set(schema) - KNOWN}"
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return faults(value, schemas[name], schemas, at)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if isinstance(value, bool) or not isinstance(value, tuple(_flat(kinds))):
        return [f"{at}: {value!r} is not {kinds}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if isinstance(value, int | float):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high:
            found.append(f"{at}: {value} is outside")
    if isinstance(value, str):
        found += _format(value, schema.get("format", ""), at)
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += faults(each, schema["items"], schemas, f"{at}[{number}]")
    if isinstance(value, dict):
        found += _object(value, schema, schemas, at)
    return found


def _flat(kinds: list[str]) -> list[type]:
    flat: list[type] = []
    for kind in kinds:
        one = TYPES[kind]
        flat += one if isinstance(one, tuple) else (one,)
    return flat


def _format(value: str, wanted: str, at: str) -> list[str]:
    try:
        if wanted == "date-time":
            assert datetime.fromisoformat(value).tzinfo is not None
        elif wanted == "uuid":
            assert str(UUID(value)) == value
        else:
            assert wanted == "", wanted
    except (ValueError, AssertionError):
        return [f"{at}: {value!r} is no {wanted}"]
    return []


def _object(value: dict[str, Any], schema: dict[str, Any], schemas: Any, at: str) -> list[str]:
    known = schema["properties"]
    assert schema["additionalProperties"] is False
    found = [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, each in value.items():
        if name in known:
            found += faults(each, known[name], schemas, f"{at}.{name}")
        else:
            found.append(f"{at}: {name} is not described")
    return found
