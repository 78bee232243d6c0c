"""The description of the reading door for programs, as OpenAPI 3.1 has it.

Written by hand, beside the code it describes; tests hold the two together: every answer is checked
against its schema here, and every parameter against what the views accept.
"""

from __future__ import annotations

from typing import Any, Final

from modules.reports.completion import BY
from modules.reports.outside import MOST_LINES, USUAL_LINES
from modules.reports.population import Reason
from modules.reports.states import State
from modules.scopes import Scope

VERSION: Final = "1.0.0"
_INSTANT: Final = {"type": "string", "format": "date-time"}
_MAYBE_INSTANT: Final = {"type": ["string", "null"], "format": "date-time"}
_NUMBER: Final = {"type": "integer", "minimum": 0}
_TEXT: Final = {"type": "string"}
_MAYBE_TEXT: Final = {"type": ["string", "null"]}
_ID_OR_NONE: Final = {"anyOf": [{"type": "string", "format": "uuid"}, {"const": "none"}]}
_SHARE: Final = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def _object(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


SCHEMAS: Final[dict[str, Any]] = {
    "Line": _object(
        {
            "id": {"type": "string", "format": "uuid", "description": "Never changes."},
            "name": {"type": "string", "description": "The name the person chose; may change."},
            "office": _MAYBE_TEXT,
            "cohorts": {"type": "array", "items": _TEXT},
            "manager": _MAYBE_TEXT,
            "role": {"type": "string", "enum": ["learner", "trainer", "administrator"]},
            "state": {"type": "string", "enum": [one.value for one in State]},
            "overdue": {**_NUMBER, "description": "Things asked, due by then, not done."},
            "round": {"type": "integer", "minimum": 1},
            "started_at": _MAYBE_INSTANT,
            "completed_at": _MAYBE_INSTANT,
            "expires_at": _MAYBE_INSTANT,
            "last_activity_at": _MAYBE_INSTANT,
            "lessons_done": _NUMBER,
            "lessons_total": _NUMBER,
            "modules_done": _NUMBER,
            "modules_total": _NUMBER,
        },
        "One person as they were at the instant; names of people, offices and cohorts of today.",
    ),
    "Completions": _object(
        {
            "as_of": _INSTANT,
            "data": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            "next_cursor": {
                "type": ["string", "null"],
                "description": "Send it as `cursor` for the next page; null at the end.",
            },
        },
        "A page. With `updated_since` it may be short or empty and still have a next one.",
    ),
    "Completion": _object(
        {
            "gate": {"type": "string", "description": "Whether there are people enough to show."},
            "rate": _SHARE,
            "low": _SHARE,
            "high": _SHARE,
        },
        "A share with its 95 % interval (Wilson); nulls below five people.",
    ),
    "Group": _object(
        {
            "key": _MAYBE_TEXT,
            "name": _TEXT,
            "depth": _NUMBER,
            "population": _NUMBER,
            "completed": _NUMBER,
            "overdue": _NUMBER,
            "completion": {"$ref": "#/components/schemas/Completion"},
        },
        "An office with those below it, a cohort, a module, a role or a round. "
        "A null key: those in none; ask for them with `none`.",
    ),
    "Summary": _object(
        {
            "as_of": _INSTANT,
            "population": _NUMBER,
            "completed": {**_NUMBER, "description": "States completed and expiring."},
            "completion": {"$ref": "#/components/schemas/Completion"},
            "states": _object({one.value: _NUMBER for one in State}, "Everybody is in one."),
            "overdue": {**_NUMBER, "description": "People with something overdue."},
            "left_out": {
                "type": "object",
                "description": "Why somebody is not in the population.",
                "properties": {one.value: _NUMBER for one in Reason},
                "additionalProperties": False,
            },
            "by": {"type": "string", "enum": list(BY)},
            "groups": {"type": "array", "items": {"$ref": "#/components/schemas/Group"}},
        },
        "The numbers of the report.",
    ),
    "Problem": {
        "type": "object",
        "description": "An error, as RFC 9457 has it.",
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "errors": {"type": "array", "items": _TEXT},
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


_ASKING: Final = [
    _parameter(
        "as_of",
        {"type": "string", "format": "date"},
        "As things stood at the end of this day, in the zone of the site. Default: now.",
    ),
    _parameter(
        "office",
        _ID_OR_NONE,
        "Only this office and those below it; `none`: only people of whom no office is said.",
    ),
    _parameter("cohort", _ID_OR_NONE, "Only this cohort; `none`: only people in no cohort."),
    _parameter("module", _TEXT, "Completion of this module (its key) and not of the course."),
    _parameter(
        "round", _TEXT, "The round of each person (`present`, the default) or a number like 1."
    ),
]
_WALKING: Final = [
    _parameter(
        "updated_since",
        _INSTANT,
        "Only people who did or completed something from then on. What changes by time alone "
        "(something ends) is not an update: read everything once a day for that.",
    ),
    _parameter("cursor", _TEXT, "Where the page begins: `next_cursor` of the page before."),
    _parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST_LINES, "default": USUAL_LINES},
        "How many lines a page has.",
    ),
]
_BY: Final = [
    _parameter("by", {"type": "string", "enum": list(BY), "default": BY[0]}, "How it is parted.")
]
COMPLETIONS_PARAMETERS: Final = frozenset(one["name"] for one in [*_ASKING, *_WALKING])
SUMMARY_PARAMETERS: Final = frozenset(one["name"] for one in [*_ASKING, *_BY])


def _error(description: str, *headers: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": description,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    if headers:
        answer["headers"] = {name: {"schema": _TEXT} for name in headers}
    return answer


def _path(
    scope: Scope, schema: str, summary: str, parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": f"read_{schema.lower()}",
            "summary": summary,
            "description": f"Needs the scope `{scope.value}`.",
            "security": [{"key": []}],
            "parameters": parameters,
            "responses": {
                "200": {
                    "description": "What was asked for.",
                    "content": {
                        "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}
                    },
                },
                "400": _error("A parameter is wrong; `errors` says which."),
                "401": _error("No key, or one that opens nothing.", "WWW-Authenticate"),
                "403": _error("The key lacks the scope.", "WWW-Authenticate"),
                "404": _error("An office or cohort that this organisation does not have."),
                "429": _error("The hour of the key is used up.", "Retry-After"),
            },
        }
    }


def document(site: str) -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kenali",
            "version": VERSION,
            "summary": "Read the completion report of one organisation.",
        },
        "servers": [{"url": f"{site}/api/v1"}],
        "paths": {
            "/completions": _path(
                Scope.COMPLETIONS,
                "Completions",
                "The people of the report, a page at a time.",
                [*_ASKING, *_WALKING],
            ),
            "/summary": _path(
                Scope.SUMMARY, "Summary", "The numbers of the report.", [*_ASKING, *_BY]
            ),
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


__all__ = ["COMPLETIONS_PARAMETERS", "SCHEMAS", "SUMMARY_PARAMETERS", "document"]
