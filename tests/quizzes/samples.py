"""The real bank of the project, and small invented items to test with."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import yaml

from course.framework.schema import Framework, read_framework
from quizzes import kinds
from quizzes.kinds.common import Item
from quizzes.schema import FRAMEWORK_FOLDER, Bank, read_bank

ROOT = Path(__file__).resolve().parent.parent.parent
PLACES = {
    "debt-keeps-growing": {"stage": "control", "tactic": "debt-control"},
    "papers-kept-by-other": {"stage": "control", "tactic": "document-confiscation"},
    "calls-checked": {"stage": "control", "tactic": "surveillance-isolation"},
    "wages-withheld": {"stage": "control", "tactic": "earnings-control"},
    "costs-paid-upfront": {"stage": "acquisition", "tactic": "advance-costs"},
}


@functools.cache
def framework() -> Framework:
    """The taught model."""
    return read_framework(ROOT / FRAMEWORK_FOLDER, root=ROOT)[0]


@functools.cache
def bank() -> Bank:
    """The real bank."""
    return read_bank(ROOT, framework())[0]


def is_sample(item: Item) -> bool:
    """Whether an item stands among the finished examples for authors."""
    return "/samples/" in bank().place("items", item.key)[0]


@functools.cache
def _raw_items() -> dict[str, dict[str, Any]]:
    folder = ROOT / "quizzes/bank/items/samples"
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml")]
    return {item["key"]: item for file in files for item in file["items"]}


def raw(key: str) -> dict[str, Any]:
    """A sample item as its file says it, free to be changed."""
    return copy.deepcopy(_raw_items()[key])


def text(words: str) -> dict[str, str]:
    """A text that is told apart in both languages."""
    return {"en": words, "ms": f"{words} (ms)"}


def signal(part: str, indicator: str = "debt-keeps-growing", **more: Any) -> dict[str, Any]:
    """A part that should raise a concern."""
    return {
        "id": part,
        "kind": "signal",
        "text": text(f"Text of {part}."),
        "indicator": indicator,
        "feedback": {"hit": text(f"hit {part}"), "miss": text(f"miss {part}")},
        **more,
    }


def noise(part: str, imitates: str = "papers-kept-by-other", **more: Any) -> dict[str, Any]:
    """A part that looks like a concern and is none."""
    return {
        "id": part,
        "kind": "noise",
        "text": text(f"Text of {part}."),
        "imitates": imitates,
        "lure": "poverty",
        "feedback": {"false_alarm": text(f"ordinary {part}")},
        **more,
    }


def without_id(part: dict[str, Any]) -> dict[str, Any]:
    """A vignette of its own has no id."""
    return {name: value for name, value in part.items() if name != "id"}


def item(kind: str, **parts: Any) -> Item:
    """An item of `kind` with a plain header."""
    header = {
        "key": f"test-{kind.replace('_', '-')}",
        "kind": kind,
        "pool": "practice",
        "stage": None,
        "setting": "clinic",
        "exploitation": "none",
        "sources": ["who-2003"],
        "places": PLACES,
    }
    return kinds.parse(header | parts)


def graded(part: str, grade: str, **more: Any) -> dict[str, Any]:
    """An option or reply with its grade."""
    return {
        "id": part,
        "text": text(f"Do {part}."),
        "grade": grade,
        "why": text(f"why {part}"),
        **more,
    }
