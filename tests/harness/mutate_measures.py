"""`python -m tests.harness.mutate_measures [module ...]`: change every operator and number once.

For each change of `quizzes.measures` the reference table, the cross-checks with SciPy, the
refusals and the list of limits are tried in this process. Prints how many changes were noticed and
which were not. Exit status 1 when a module falls below `LEAST_CAUGHT`. Some changes cannot be
noticed because they do not change any answer (`<` for `<=` where both sides agree, a guard against
rounding): those are what the remaining percents are. The short form in the suite is
tests/quizzes/measures/test_planted.py.
"""

from __future__ import annotations

import ast
import copy
import os
import re
import signal
import sys
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any, NamedTuple

LEAST_CAUGHT = 0.75  # lowest: irt, where many changes only alter the way to the same maximum
SECONDS_PER_MUTANT = 30.0  # of this process, so that a busy machine changes nothing
NOT_FORMULAS = {"__init__"}
SWAPS: dict[type[ast.AST], list[type[ast.AST]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}


class Mutant(NamedTuple):
    """One change: where, what, and the whole module with it."""

    line: int
    change: str
    text: str


class TooSlowError(BaseException):
    """A spoilt loop that does not end; not an Exception, so that no row can swallow it."""


def _replacements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What `node` may be changed into, each with a name."""
    if isinstance(node, ast.BinOp | ast.BoolOp):
        for other in SWAPS.get(type(node.op), []):
            changed = copy.copy(node)
            changed.op = other()  # type: ignore[assignment]
            yield f"{type(node.op).__name__} -> {other.__name__}", changed
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in SWAPS.get(type(node.ops[0]), []):
            changed = copy.copy(node)
            changed.ops = [other()]  # type: ignore[list-item]
            yield f"{type(node.ops[0]).__name__} -> {other.__name__}", changed
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield f"{type(node.op).__name__} dropped", node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | bool):
        value = node.value
        other_value: float = not value if isinstance(value, bool) else value + 1
        if isinstance(value, float):
            other_value = value * 1.1 + 0.01
        yield f"{value!r} -> {other_value!r}", ast.Constant(other_value)
    if isinstance(node, ast.IfExp):
        yield "condition turned", ast.IfExp(node.test, node.orelse, node.body)


def _inside_code(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every expression that is computed, with its parent and place; annotations are left out."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if name in {"annotation", "returns", "decorator_list"}:
                continue
            children = value if isinstance(value, list) else [value]
            for i, child in enumerate(children):
                if isinstance(child, ast.expr):
                    yield parent, name, i if isinstance(value, list) else None, child


def _never_decides(tree: ast.AST) -> set[int]:
    """Parts that no answer depends on."""
    hidden: set[int] = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            inner = getattr(node, name, None)
            if isinstance(inner, ast.AST):
                hidden |= {id(part) for part in ast.walk(inner)}
        if isinstance(node, ast.ClassDef):  # TypedDicts and NamedTuples hold no formulas
            hidden |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.keyword) and node.arg == "strict":  # zip over checked lengths
            hidden.add(id(node.value))
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            # `x or 0.0` where x cannot be None: a word to the type checker, never evaluated.
            hidden |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
    return hidden


def mutants(source: str) -> Iterator[Mutant]:
    """Every single change of a module."""
    tree = ast.parse(source)
    hidden = _never_decides(tree)
    for parent, name, place, node in list(_inside_code(tree)):
        if id(node) in hidden:
            continue
        for change, other in _replacements(node):
            ast.copy_location(other, node)
            _put(parent, name, place, other)
            yield Mutant(node.lineno, change, ast.unparse(ast.fix_missing_locations(tree)))
            _put(parent, name, place, node)


def _put(parent: ast.AST, name: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[place] = node


class Battery:
    """All rows and refusals, ready to be asked of one copy of the package after another."""

    def __init__(self) -> None:
        from tests.quizzes.measures.generated import DRAWS, irt_row, rows
        from tests.quizzes.measures.reference import ROWS
        from tests.quizzes.measures.test_limits import DESIGN
        from tests.quizzes.measures.test_refusals import REFUSALS

        quick = [row for row in ROWS if not row.function.startswith("irt")]
        self.rows = [*quick, *(row for name in DRAWS for row in rows(name, 12))]
        self.slow = [row for row in ROWS if row.function.startswith("irt")]
        self.slow += [irt_row("irt_rasch_mml", common=True)]
        self.refusals = REFUSALS
        self.limits = DESIGN

    def notices(self, measures: ModuleType, module: str) -> bool:
        """True as soon as one answer, or one refusal, is wrong."""
        from tests.quizzes.measures.reference import failure

        if any(getattr(measures.limits, name) != value for name, value in self.limits.items()):
            return True
        rows = self.slow if module == "irt" else self.rows
        if any(failure(measures, row) for row in rows):
            return True
        return any(
            not self._refuses(measures, name, given, text)
            for name, given, text in self.refusals
            if module == "irt" or not name.startswith("irt")
        )

    @staticmethod
    def _refuses(measures: ModuleType, name: str, given: dict[str, Any], text: str) -> bool:
        try:
            getattr(measures, name)(**given)
        except ValueError as refusal:
            return re.search(text, str(refusal)) is not None
        except Exception:  # noqa: BLE001 -- a spoilt copy may fail in any way
            return False
        return False


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def caught(battery: Battery, module: str, mutant: Mutant) -> bool:
    """Whether the battery notices the change; a change that never ends is noticed too."""
    from tests.harness.spoilt_measures import spoilt

    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_PER_MUTANT)
    try:
        with spoilt(module, mutant.text) as copy_of_it:
            return battery.notices(copy_of_it, module)
    except (TooSlowError, Exception):  # noqa: BLE001 -- it does not even import
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main(asked: list[str]) -> int:
    """Try the modules that are named, or all of them."""
    from tests.harness.spoilt_measures import ROOM, source_of

    signal.signal(signal.SIGVTALRM, _alarm)
    battery = Battery()
    names = asked or sorted(p.stem for p in ROOM.glob("*.py") if p.stem not in NOT_FORMULAS)
    all_tried = all_caught = 0
    weak = []
    for module in names:
        tried = noticed = 0
        for mutant in mutants(source_of(module)):
            tried += 1
            if caught(battery, module, mutant):
                noticed += 1
            else:
                print(f"  not noticed: {module}.py:{mutant.line}: {mutant.change}", flush=True)
        print(f"{module}: {noticed} of {tried} changes noticed", flush=True)
        all_tried, all_caught = all_tried + tried, all_caught + noticed
        if tried and noticed / tried < LEAST_CAUGHT:
            weak.append(module)
    share = 100 * all_caught / max(1, all_tried)
    print(f"in all {all_caught} of {all_tried} changes noticed ({share:.1f} %)")
    print(f"below {LEAST_CAUGHT:.0%}: {', '.join(weak) or 'none'}")
    return 1 if weak else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.exit(main(sys.argv[1:]))
