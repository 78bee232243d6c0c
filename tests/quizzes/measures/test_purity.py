"""The room is usable without a site, and brings no heavy library with it."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from quizzes import measures
from quizzes.measures import limits

ROOT = Path(__file__).parents[3]
ROOM = ROOT / "quizzes" / "measures"


@pytest.mark.parametrize("heavy", ["django", "numpy", "scipy", "torch", "pandas"])
def test_importing_the_measures_does_not_bring(heavy: str) -> None:
    code = f"import sys, quizzes.measures; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_public_function_says_what_it_does() -> None:
    for name in measures.__all__:
        text = inspect.getdoc(getattr(measures, name)) or ""
        assert len(text) > 40, name


def test_files_stay_short() -> None:
    too_long = [p.name for p in ROOM.glob("*.py") if len(p.read_text().splitlines()) > 400]
    assert too_long == []


def test_every_limit_names_its_section() -> None:
    source = (ROOM / "limits.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            # The section stands beside the number, above it, or in the heading of its part.
            near = lines[node.lineno - 1] + lines[node.lineno - 2]
            headings = [line for line in lines[: node.lineno] if line.startswith("# ---")]
            assert any(ch.isdigit() for ch in near.split("#", 1)[-1] + headings[-1]), near


def test_the_limits_cannot_be_changed_at_run_time() -> None:
    for table in (limits.GATES, limits.CBM_MARKS, limits.CONFIDENCE_LEVELS):
        with pytest.raises(TypeError):
            table["new"] = 1  # type: ignore[index]
