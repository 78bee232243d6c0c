"""A second, spoilt copy of `quizzes.measures` inside this process, for tests of the tests."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

PACKAGE = "quizzes.measures"
ROOM = Path(__file__).resolve().parents[2] / "quizzes" / "measures"


class SpoiltLoader(importlib.machinery.SourceFileLoader):
    """Compiles the text it was given instead of the file's; never reads or writes bytecode."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")


class SpoiltFinder(importlib.abc.MetaPathFinder):
    """Finds one module of the package, spoilt; leaves all others to Python."""

    def __init__(self, module: str, text: str) -> None:
        self.name = f"{PACKAGE}.{module}"
        self.loader = SpoiltLoader(self.name, str(ROOM / f"{module}.py"), text)

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self.loader)


def _ours() -> list[str]:
    return [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]


def source_of(module: str) -> str:
    """The text of one module as it stands in the repository."""
    return (ROOM / f"{module}.py").read_text(encoding="utf-8")


@contextlib.contextmanager
def spoilt(module: str, text: str) -> Iterator[ModuleType]:
    """The package with `text` in place of one of its modules; the real one is back afterwards."""
    parent = importlib.import_module("quizzes")
    real = importlib.import_module(PACKAGE)
    kept = {name: sys.modules.pop(name) for name in _ours()}
    finder = SpoiltFinder(module, text)
    sys.meta_path.insert(0, finder)
    try:
        yield importlib.import_module(PACKAGE)
    finally:
        sys.meta_path.remove(finder)
        for name in _ours():
            del sys.modules[name]
        sys.modules.update(kept)
        parent.measures = real  # type: ignore[attr-defined]
