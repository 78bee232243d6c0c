"""One row of the access table, and how rows are found.

Each floor keeps its rows in tests/access_rows_<floor>.py: a list `ROWS`, and, if its addresses
point to objects of its own, a function `furnish(world)` that makes them in both organisations and
puts their ids into `place.ids`. A route without a row fails tests/course/test_access_table.py.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

from tests.personas import (
    ADMINISTRATOR,
    ANONYMOUS,
    BOTH,
    LEARNER,
    OUTSIDER,
    PERSONAS,
    SUSPENDED,
    TRAINER,
    World,
)

Ids = Mapping[str, UUID]
SIGN_IN = "sign-in"  # a redirect to the sign-in page
Status = int | str


class AbsentIds(dict[str, UUID]):
    """An id for whatever kind is asked, that nothing has."""

    def __missing__(self, kind: str) -> UUID:
        self[kind] = uuid4()
        return self[kind]


@dataclass(frozen=True)
class Row:
    """A route, a method, and what each persona gets.

    `path` makes the arguments of the address out of ids; None when the address has no object.
    `body` makes the form. `expect`: persona -> status for an object of harbour (or, without an
    object, for the page). For objects of lighthouse and for ids of nothing the table expects 404
    wherever harbour's own would not be refused; the outsider has it the other way round.
    `proof`: whose 403 asks for a fresh proof, after the object was looked up.
    `target` names what the body points to, when the address itself has no object.
    """

    route: str
    method: str
    expect: Mapping[str, Status]
    path: Callable[[Ids], dict[str, Any]] | None = None
    body: Callable[[Ids], dict[str, Any]] = field(default=lambda _ids: {})
    note: str = ""
    proof: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """For the name of the test."""
        return f"{self.method} {self.route} {self.note}".strip()


def everybody(status: Status) -> dict[str, Status]:
    """A public page."""
    return dict.fromkeys(PERSONAS, status)


def members(status: Status) -> dict[str, Status]:
    """A page for everybody with an active place."""
    return everybody(status) | {ANONYMOUS: SIGN_IN, SUSPENDED: 403}


def staff(status: Status) -> dict[str, Status]:
    """A page for trainers and administrators."""
    return members(status) | {LEARNER: 403, BOTH: 403}


def administrators(status: Status) -> dict[str, Status]:
    """A page for administrators."""
    return staff(status) | {TRAINER: 403}


def own_administrators(status: Status) -> dict[str, Status]:
    """A page on one object: the outsider is an administrator, but not of this organisation."""
    return administrators(status) | {OUTSIDER: 404}


def row_modules() -> list[ModuleType]:
    """All tests/access_rows_*.py."""
    files = sorted(Path(__file__).parent.glob("access_rows_*.py"))
    return [importlib.import_module(f"tests.{file.stem}") for file in files]


def all_rows() -> list[Row]:
    """The whole table."""
    return [row for module in row_modules() for row in module.ROWS]


def furnish(world: World) -> None:
    """Let each floor add its objects to both organisations."""
    for module in row_modules():
        if hasattr(module, "furnish"):
            module.furnish(world)


__all__ = ["ADMINISTRATOR", "Row", "all_rows", "furnish"]
