"""`python -m quizzes`: check the item bank alone, without Django and without a database."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from course.framework.schema import read_framework
from quizzes.lint import lint_bank
from quizzes.lint.report import balance_lines
from quizzes.schema import FRAMEWORK_FOLDER, items_by_kind, read_bank

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Print every fault of the bank; 1 when there is one."""
    parser = argparse.ArgumentParser(prog="python -m quizzes", description=__doc__)
    parser.add_argument("--balance", action="store_true", help="print the balance of every form")
    parser.add_argument("--only", default="", help="only files whose path contains this")
    options = parser.parse_args(arguments)
    framework, _ = read_framework(ROOT / FRAMEWORK_FOLDER, root=ROOT)
    bank, problems = read_bank(ROOT, framework)
    today = dt.datetime.now(tz=dt.UTC).date()
    problems = [*problems, *lint_bank(bank, framework, today=today)]
    told = [problem for problem in problems if options.only in problem.file]
    write = sys.stdout.write
    for problem in sorted(told):
        write(f"{problem}\n")
    if options.balance:
        write("".join(f"{line}\n" for line in balance_lines(bank, framework)))
    counts = ", ".join(f"{kind} {number}" for kind, number in items_by_kind(bank).items())
    write(f"{len(bank.items)} items ({counts}); {len(told)} problem(s)\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
