"""A row of the reference table: a call, what it must answer, and where that answer comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """`wanted` names the fields that are checked; `source` says who computed them, and how."""

    function: str
    given: dict[str, Any]
    wanted: dict[str, Any]
    source: str
    tolerance: float = 1e-9
    name: str = field(default="")

    def __str__(self) -> str:
        return self.name or f"{self.function}: {self.source}"


def differs(actual: Any, wanted: Any, tolerance: float, path: str = "") -> str:
    """What is wrong with `actual`, in words; empty when it is as wanted."""
    if isinstance(wanted, dict):
        if not isinstance(actual, dict) or not wanted.keys() <= actual.keys():
            return f"{path}: {actual!r} lacks a key of {list(wanted)!r}"
        parts = (differs(actual[k], v, tolerance, f"{path}.{k}") for k, v in wanted.items())
        return next(filter(None, parts), "")
    if isinstance(wanted, list):
        if not isinstance(actual, list) or len(actual) != len(wanted):
            return f"{path}: {actual!r}, wanted {wanted!r}"
        pairs = enumerate(zip(actual, wanted, strict=True))
        parts = (differs(a, w, tolerance, f"{path}[{i}]") for i, (a, w) in pairs)
        return next(filter(None, parts), "")
    return "" if same(actual, wanted, tolerance) else f"{path}: {actual!r}, wanted {wanted!r}"


def same(actual: Any, wanted: Any, tolerance: float) -> bool:
    """Equal, with rounding allowed for numbers; a number is never equal to True or None."""
    if wanted is None or isinstance(wanted, bool | str):
        return bool(actual == wanted) and isinstance(actual, type(wanted))
    number = isinstance(actual, int | float) and not isinstance(actual, bool)
    return number and math.isclose(actual, wanted, rel_tol=tolerance, abs_tol=tolerance)


def failure(measures: Any, row: Row) -> str:
    """Why `measures` (the package, or a spoilt copy of it) does not answer the row; or empty."""
    try:
        actual = getattr(measures, row.function)(**row.given)
    except Exception as error:  # noqa: BLE001 -- a spoilt copy may fail in any way
        return f"{row}: {type(error).__name__}: {error}"
    found = differs(actual, row.wanted, row.tolerance)
    return f"{row} -> {found}" if found else ""
