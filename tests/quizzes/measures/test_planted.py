"""The reference table catches every planted fault; a test that cannot fail protects nobody."""

from __future__ import annotations

import sys

import pytest

from quizzes import measures
from tests.harness.spoilt_measures import PACKAGE, source_of, spoilt
from tests.quizzes.measures.planted import NUMBERS, Planted
from tests.quizzes.measures.planted_verdicts import VERDICTS
from tests.quizzes.measures.reference import ROWS, failure

PLANTED = [*NUMBERS, *VERDICTS]
SLOW = ("irt_rasch_mml", "irt_2pl_mml")  # asked only when their own module is spoilt


def caught(planted: Planted) -> str:
    """The first row that the spoilt copy answers wrongly; empty when none notices."""
    text = source_of(planted.module)
    assert text.count(planted.old) == 1, f"{planted.fault}: the place to spoil has moved"
    with spoilt(planted.module, text.replace(planted.old, planted.new)) as copy:
        wanted = [r for r in ROWS if (r.function in SLOW) == (planted.module == "irt")]
        return next(filter(None, (failure(copy, row) for row in wanted)), "")


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.fault)
def test_the_reference_table_catches(planted: Planted) -> None:
    reason = caught(planted)
    assert reason
    # A typing mistake in the fault itself would be caught too, and would prove nothing.
    assert "NameError" not in reason
    assert "SyntaxError" not in reason
    assert "AttributeError" not in reason


def test_an_unspoilt_copy_passes_and_the_real_package_comes_back() -> None:
    same = Planted("nothing", "keys", "fleiss_kappa(", "fleiss_kappa(")
    assert caught(same) == ""
    assert sys.modules[PACKAGE] is measures


def test_faults_are_planted_in_every_module_with_formulas() -> None:
    assert {p.module for p in PLANTED} >= {
        "signal",
        "intervals",
        "items",
        "moodle",
        "groups",
        "confidence",
        "certainty",
        "highlight",
        "credit",
        "gain",
        "mastery",
        "keys",
        "gates",
        "wording",
        "schedule",
        "irt",
        "special",
        "moments",
        "limits",
    }
