"""Faults planted into a copy of the shipped content: one place changed, one rule expected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FRAMEWORK = "course/framework/content"
# The day on which every record was compared; the content is fresh then, whatever the clock says.
TODAY = dt.date(2026, 11, 24)


@dataclass(frozen=True)
class Fault:
    """On the first line after `after` that holds `old`, write `new` instead (None: drop the line).

    `rule` must then be reported on that line, or on `line`, or on the first line after `after` that
    holds `at`. `by` is the function that finds it; empty when reading alone does.
    """

    rule: str
    file: str
    after: str
    old: str
    new: str | None
    at: str = ""
    line: int = 0
    by: str = ""
    also: tuple[str, ...] = ()  # rules that rightly speak of the same change

    @property
    def name(self) -> str:
        """What pytest calls the case."""
        return f"{self.rule}-{Path(self.file).stem}-{self.old.strip()[:20]}"


def line_with(text: str, after: str, wanted: str) -> int:
    """The 1-based line of the first line that holds `wanted`, from the one that holds `after`."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if after in line)
    return next(n for n in range(start, len(lines)) if wanted in lines[n]) + 1


def planted(text: str, fault: Fault) -> tuple[str, int]:
    """The text with the fault in it, and the line on which it must be reported."""
    number = line_with(text, fault.after, fault.old)
    lines = text.split("\n")
    if fault.new is None:
        del lines[number - 1]
    else:
        changed = lines[number - 1].replace(fault.old, fault.new, 1)
        assert changed != lines[number - 1]
        lines[number - 1] = changed
    changed_text = "\n".join(lines)
    if fault.at:
        number = line_with(changed_text, fault.after, fault.at)
    return changed_text, fault.line or number


class Planter:
    """Writes a fault into a copy of the content, and puts the copy right again."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy

    def plant(self, fault: Fault) -> int:
        """Write the fault; the line on which it must be reported."""
        text, line = planted((ROOT / fault.file).read_text(encoding="utf-8"), fault)
        (self.copy / fault.file).write_text(text, encoding="utf-8")
        return line

    def mend(self, file: str) -> None:
        """Write the shipped text back."""
        (self.copy / file).write_bytes((ROOT / file).read_bytes())


def copy_of(target: Path, *folders: str) -> Path:
    """Copy the content folders into `target`."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.*"):
            to = target / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    return target
