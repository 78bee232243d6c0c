"""What is wrong with a content file, said so that an author can mend it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is (file, 1-based line), which rule it breaks, and what to do."""

    file: str
    line: int
    rule: str
    message: str
    fix: str

    def as_dict(self) -> dict[str, str | int]:
        """The JSON shape that `check_content --format json` prints."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.rule}] {self.message}\n    mend: {self.fix}"


class BrokenContent(Exception):
    """Raised when content cannot be used; carries every problem found, never only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the content")
        self.problems = sorted(problems)
