"""What every lesson rule uses: the content as a whole, and the passages of a block. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, wraps

from course.framework.problems import Problem
from course.framework.schema import LANGUAGES, Framework
from course.framework.wording import words_of
from modules.markup import CITATION, Block, Part, Statement, statements_of
from modules.schema import LessonText, ModuleContent

ORIGINAL = LANGUAGES[0]
# Twenty rules ask the same of every lesson, and parsing is the dear part of the check.
remembered = lru_cache(maxsize=1000)
JUDGEMENT = "kenali-judgement"  # the source key of our own teaching judgement

# For every attribute that names framework entries: which kind of entry.
REFERENCES: dict[tuple[str, str], str] = {
    ("claim", "key"): "claims",
    ("explain", "sign"): "indicators",
    ("myth", "key"): "confounders",
    ("referral", "contacts"): "contacts",
    ("referral", "topic"): "responses",
    ("response", "key"): "responses",
    ("sign", "key"): "indicators",
    ("signs", "tactic"): "tactics",
    ("stagemap", "focus"): "stages",
    ("tactic", "key"): "tactics",
}
TAUGHT_KINDS = ("tactics", "indicators", "confounders", "responses")


@dataclass(frozen=True, slots=True)
class Teaching:
    """All content; `complete` is False when a file or entry could not be read."""

    framework: Framework
    modules: Sequence[ModuleContent]
    complete: bool

    def lessons(self) -> Iterator[LessonText]:
        """Every lesson in every language."""
        for content in self.modules:
            yield from content.versions()

    def pairs(self) -> Iterator[tuple[LessonText, LessonText]]:
        """Every translation beside its original."""
        for content in self.modules:
            for versions in content.lessons.values():
                for language, text in versions.items():
                    if language != ORIGINAL and ORIGINAL in versions:
                        yield versions[ORIGINAL], text


Found = Iterator[Problem]
Rule = Callable[[Teaching], Found]


def about_absence(rule: Rule) -> Rule:
    """Keep a rule quiet while a file is unread: what it misses may only be unreadable."""

    @wraps(rule)
    def when_complete(teaching: Teaching) -> Found:
        if teaching.complete:
            yield from rule(teaching)

    return when_complete


class Role(Enum):
    """What a passage is: a statement with a source, an invented story, or neither."""

    STATED = "stated"
    FICTION = "fiction"
    FREE = "free"  # a question or a label: it claims nothing


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of Markdown in one role. `open`: it can be read without a tap."""

    text: str
    line: int
    role: Role
    open: bool

    def statements(self) -> tuple[Statement, ...]:
        """Its paragraphs and list items; headings are not among them."""
        return statements_in(self.text, self.line)


@lru_cache(maxsize=20_000)
def statements_in(text: str, line: int) -> tuple[Statement, ...]:
    """The paragraphs and list items, without headings, of a text that begins on `line`."""
    return tuple(one for one in statements_of(text, first_line=line) if not one.heading)


def passages_of(block: Block) -> Iterator[Passage]:
    """Everything an author wrote in a block, labels included, in reading order."""
    body_role, label_role, part_role = _roles(block)
    hidden = block.kind in ("case", "check", "heavy")
    yield Passage(block.body, block.body_line, body_role, block.kind != "heavy")
    for part in block.parts:
        difference = block.kind == "contrast" and part is block.parts[-1]
        yield Passage(part.label, part.line, label_role, block.kind != "heavy")
        role = Role.STATED if difference else part_role
        yield Passage(part.body, part.body_line, role, not hidden)


def _roles(block: Block) -> tuple[Role, Role, Role]:
    """The roles of the body, the labels and the bodies of the parts."""
    if block.kind == "case":
        return Role.FICTION, Role.FICTION, Role.FICTION
    if block.kind == "contrast":
        return Role.STATED, Role.FREE, Role.FICTION
    if block.kind == "check":
        return Role.FREE, Role.FREE, Role.STATED
    if block.kind == "think":
        return Role.FREE, Role.FREE, Role.FREE
    if block.kind == "heavy" and block.attributes.get("fiction") == "yes":
        return Role.FICTION, Role.FREE, Role.FICTION
    return Role.STATED, Role.FREE, Role.STATED


def blocks_of(lesson: LessonText) -> Iterator[Block]:
    """Every block of a lesson in reading order."""
    for step in lesson.steps:
        yield from step.blocks


@remembered
def written_in(lesson: LessonText) -> tuple[Passage, ...]:
    """Every passage of a lesson in reading order."""
    return tuple(passage for block in blocks_of(lesson) for passage in passages_of(block))


@remembered
def stated_in(lesson: LessonText) -> tuple[Statement, ...]:
    """Every paragraph and list item of a lesson, fiction and questions included."""
    return tuple(one for passage in written_in(lesson) for one in passage.statements())


@remembered
def lines_in(lesson: LessonText) -> tuple[tuple[int, str], ...]:
    """Every line of a lesson's passages as (line, text without its citations)."""
    return tuple(
        (number, CITATION.sub("", line))
        for passage in written_in(lesson)
        for number, line in enumerate(passage.text.split("\n"), passage.line)
        if line
    )


@lru_cache(maxsize=20_000)
def word_count(text: str) -> int:
    """How many words a plain text has."""
    return len(words_of(text))


def named_in(block: Block) -> Iterator[tuple[str, str]]:
    """The framework entries that a block names, as (kind, key)."""
    for name, value in block.attributes.items():
        kind = REFERENCES.get((block.kind, name))
        if kind is not None:
            for key in value.split(","):
                yield kind, key.strip()


def shown_by(framework: Framework, block: Block) -> Iterator[tuple[str, str]]:
    """The framework entries whose text a block shows; a tactic's signs all come with it."""
    for kind, key in named_in(block):
        yield kind, key
        if block.kind == "signs":
            for sign in framework.indicators.values():
                if sign.tactic == key:
                    yield "indicators", sign.key


def fault(lesson: LessonText, line: int, rule: str, message: str, fix: str) -> Problem:
    """A problem of a lesson file."""
    return Problem(lesson.file, line, rule, message, fix)


def part_name(part: Part) -> str:
    """A part as an author finds it again."""
    return part.label[:40] or "(no label)"
