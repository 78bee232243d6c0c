"""From the fields of a page to the answer that a kind understands. Pure.

A page without script sends plain fields; this turns them into the JSON that `quizzes.kinds` reads.
Nothing is judged here: what makes no sense stays as it is and `kinds.validate` refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from quizzes.kinds import Item

Json = dict[str, Any]


class Fields(Protocol):
    """What a form sent: Django's QueryDict is one."""

    def get(self, name: str, /) -> Any: ...  # noqa: D102 -- the class says it

    def getlist(self, name: str, /) -> list[Any]: ...  # noqa: D102 -- the class says it


def answer_from(item: Item, fields: Fields, *, so_far: Json | None = None) -> Json:
    """The answer in the page's fields. `so_far` is a conversation's path, which a page extends."""
    return _READERS[item.kind](item, fields, so_far)


# Every name that a page of a question looks up in the answer that was given so far.
BLANK: Json = {
    "marked": (),
    "cited": (),
    "concern": None,
    "confidence": None,
    "answers": {},
    "chosen": None,
    "ratings": {},
    "order": None,
    "places": {},
    "matches": {},
    "levels": {},
}


def filled(given: Json | None) -> Json:
    """An answer with every name a page may look up; what was not given is empty."""
    return BLANK | (given or {})


CONCERN: Mapping[str, bool] = {"yes": True, "no": False}


def _yes_no(fields: Fields, name: str) -> object:
    """Yes, no or nothing; any other word stays what it is and will be refused."""
    said = fields.get(name)
    return CONCERN.get(said, said) if said else None


def places_of(item: Item, fields: Fields) -> Json:
    """The places given to the cards of a sequence so far, to show them again with what is wrong."""
    events: Sequence[Any] = getattr(item, "events", ())
    return {event.id: _whole(fields.get(f"place-{event.id}")) for event in events}


def _whole(text: object) -> object:
    """A number in a field; anything else stays what it is and will be refused."""
    if text in (None, ""):
        return None
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 4 else text


def _marked(_item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {"marked": fields.getlist("marked")}


def _verdict(_item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {"concern": _yes_no(fields, "concern"), "confidence": _whole(fields.get("confidence"))}


def _evidence(item: Any, fields: Fields, so_far: Json | None) -> Json:
    return _verdict(item, fields, so_far) | {"cited": fields.getlist("cited")}


def _pair(item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {
        "answers": {
            half.id: {
                "concern": _yes_no(fields, f"concern-{half.id}"),
                "confidence": _whole(fields.get(f"confidence-{half.id}")),
            }
            for half in item.vignettes
        }
    }


def _choice(_item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {"chosen": fields.getlist("chosen")}


def _next_step(_item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {"chosen": fields.get("chosen") or None}


def _each(parts: Sequence[Any], fields: Fields, prefix: str) -> Json:
    return {part.id: fields.get(f"{prefix}-{part.id}") or None for part in parts}


def _ratings(item: Any, fields: Fields, _so_far: Json | None) -> Json:
    chosen = _each(item.actions, fields, "rating")
    return {"ratings": {name: _whole(value) for name, value in chosen.items()}}


def _order(item: Any, fields: Fields, _so_far: Json | None) -> Json:
    """Each event says its place. Two in one place, or none, are no order, which is refused."""
    places = places_of(item, fields)
    wanted = list(range(1, len(places) + 1))
    if sorted(str(place) for place in places.values()) != sorted(str(place) for place in wanted):
        return {"order": []}
    return {"order": sorted(places, key=lambda name: int(str(places[name])))}


def _matches(item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {"matches": _each(item.signs, fields, "match")}


def _levels(item: Any, fields: Fields, _so_far: Json | None) -> Json:
    return {"levels": _each(item.reports, fields, "level")}


def _path(_item: Any, fields: Fields, so_far: Json | None) -> Json:
    said = list(so_far["path"]) if so_far else []
    node, _, reply = str(fields.get("reply") or "").partition("/")
    return {"path": [*said, {"node": node, "reply": reply}]}


_READERS: dict[str, Callable[[Any, Fields, Json | None], Json]] = {
    "highlight": _marked,
    "verdict": _verdict,
    "refresher": _verdict,
    "evidence": _evidence,
    "contrast_pair": _pair,
    "choice": _choice,
    "next_step": _next_step,
    "rate_actions": _ratings,
    "sequence": _order,
    "match": _matches,
    "triage": _levels,
    "dialogue": _path,
}
