"""Rules about steps and blocks: known kinds, right parts, sizes a phone can carry. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.framework.problems import Problem
from course.framework.wording import sentences_of
from modules.lint.base import (
    TAUGHT_KINDS,
    Found,
    Teaching,
    about_absence,
    blocks_of,
    fault,
    named_in,
    part_name,
    passages_of,
    stated_in,
    statements_in,
    word_count,
)
from modules.markup import Block, Part, Step
from modules.schema import LessonText

FEWEST_STEPS, MOST_STEPS = 4, 8
MOST_OPEN_WORDS = 220  # in a step, before anything is opened
MOST_PARAGRAPH_WORDS = 75
MOST_EXPLANATION_WORDS = 45
MOST_KEY_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of block must and may have. `body`: "must", "may" or "none"."""

    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    body: str = "none"
    parts: tuple[int, int] = (0, 0)


def _shape(
    needs: str = "", may: str = "", body: str = "none", parts: tuple[int, int] = (0, 0)
) -> Shape:
    return Shape(frozenset(needs.split()), frozenset(may.split()), body, parts)


SHAPES: dict[str, Shape] = {
    "prose": _shape(body="must"),
    "case": _shape("title", body="must", parts=(2, 5)),
    "check": _shape(body="must", parts=(2, 4)),
    "claim": _shape("key"),
    "contrast": _shape("title", parts=(3, 3)),
    "crosswalk": _shape(),
    "explain": _shape("sign", body="may"),
    "facts": _shape(body="must"),
    "heavy": _shape("note", "fiction", body="must", parts=(1, 1)),
    "key": _shape(body="must"),
    "myth": _shape("key"),
    "referral": _shape("topic contacts", body="may"),
    "response": _shape("key"),
    "sign": _shape("key"),
    "signs": _shape("tactic"),
    "stagemap": _shape(may="focus"),
    "tactic": _shape("key"),
    "think": _shape(body="must"),
}
# What the labels of a block's parts must look like, in order.
LABELS: dict[str, tuple[str, ...]] = {
    "contrast": (r"A: .+", r"B: .+", r"difference"),
    "heavy": (r"softer",),
}


def steps_of_a_phone(teaching: Teaching) -> Found:
    """A lesson has 4 to 8 steps, each with a title and something on it."""
    for lesson in teaching.lessons():
        count = len(lesson.steps)
        if not FEWEST_STEPS <= count <= MOST_STEPS:
            yield fault(
                lesson,
                lesson.steps[-1].line if lesson.steps else 1,
                "step-count",
                f"The lesson has {count} steps.",
                f"Make it {FEWEST_STEPS} to {MOST_STEPS}: join two, or split one.",
            )
        for step in lesson.steps:
            if not step.title or not step.blocks:
                yield fault(
                    lesson,
                    step.line,
                    "empty-step",
                    "The step has no title or nothing on it.",
                    "Give it a title after ## and at least one paragraph or block.",
                )


def _open_words(step: Step) -> int:
    passages = (passage for block in step.blocks for passage in passages_of(block))
    statements = (one for passage in passages if passage.open for one in passage.statements())
    return sum(word_count(statement.text) for statement in statements)


def short_steps(teaching: Teaching) -> Found:
    """What lies open at the start of a step fits a few phone screens."""
    for lesson in teaching.lessons():
        for step in lesson.steps:
            words = _open_words(step)
            if words > MOST_OPEN_WORDS:
                yield fault(
                    lesson,
                    step.line,
                    "long-step",
                    f"{words} words are open at the start of “{step.title}”.",
                    f"At most {MOST_OPEN_WORDS}: shorten, split the step, or fold a part.",
                )


def short_paragraphs(teaching: Teaching) -> Found:
    """A paragraph can be read at one glance."""
    for lesson in teaching.lessons():
        for statement in stated_in(lesson):
            words = word_count(statement.text)
            if words > MOST_PARAGRAPH_WORDS:
                yield fault(
                    lesson,
                    statement.line,
                    "long-paragraph",
                    f"The paragraph has {words} words.",
                    f"Split it; at most {MOST_PARAGRAPH_WORDS} words.",
                )


def known_blocks(teaching: Teaching) -> Found:
    """Every block is of a kind that can be drawn."""
    for lesson in teaching.lessons():
        for block in blocks_of(lesson):
            if block.kind not in SHAPES:
                yield fault(
                    lesson,
                    block.line,
                    "unknown-block",
                    f"There is no block “{block.kind}”.",
                    f"Use one of: {', '.join(sorted(set(SHAPES) - {'prose'}))}.",
                )


def right_attributes(teaching: Teaching) -> Found:
    """A block has the attributes it needs and no others."""
    for lesson, block, shape in _shaped(teaching):
        given = set(block.attributes)
        for name in sorted(shape.needs - given):
            yield fault(
                lesson,
                block.line,
                "block-attribute",
                f"The block “{block.kind}” lacks “{name}”.",
                f"Write ::: {block.kind} {name}=…",
            )
        for name in sorted(given - shape.needs - shape.may):
            yield fault(
                lesson,
                block.line,
                "block-attribute",
                f"The block “{block.kind}” has no attribute “{name}”.",
                "Remove it, or correct the spelling.",
            )
        if block.attributes.get("fiction", "yes") != "yes":
            yield fault(
                lesson,
                block.line,
                "block-attribute",
                "“fiction” can only be yes.",
                "Write fiction=yes for a story, or leave it out.",
            )


def _shaped(teaching: Teaching) -> Iterator[tuple[LessonText, Block, Shape]]:
    for lesson in teaching.lessons():
        for block in blocks_of(lesson):
            if block.kind in SHAPES:
                yield lesson, block, SHAPES[block.kind]


def right_parts(teaching: Teaching) -> Found:
    """A block has the body and the parts that its kind is drawn with."""
    for lesson, block, shape in _shaped(teaching):
        if (shape.body == "must" and not block.body.strip()) or (
            shape.body == "none" and block.body.strip()
        ):
            yield fault(
                lesson,
                block.line,
                "block-body",
                f"A block “{block.kind}” {'needs' if shape.body == 'must' else 'has no'} text "
                "of its own.",
                "See the table of blocks on the format page.",
            )
        fewest, most = shape.parts
        if not fewest <= len(block.parts) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            yield fault(
                lesson,
                block.line,
                "block-parts",
                f"The block “{block.kind}” has {len(block.parts)} parts, not {wanted}.",
                "Parts begin with === label; see the table of blocks on the format page.",
            )
            continue
        for part in block.parts:
            if not part.label or not part.body.strip():
                yield fault(
                    lesson,
                    part.line,
                    "block-parts",
                    f"The part “{part_name(part)}” has no label or no text.",
                    "Write === label, and the text on the lines below.",
                )
        for part, pattern in zip(block.parts, LABELS.get(block.kind, ()), strict=False):
            if part.label and not re.fullmatch(pattern, part.label):
                yield fault(
                    lesson,
                    part.line,
                    "block-parts",
                    f"“{part_name(part)}” is not the label wanted here.",
                    f"Write === {pattern.replace('.+', 'name')}",
                )


def fair_checks(teaching: Teaching) -> Found:
    """A self-check has options that fit and options that do not, each with a short explanation."""
    for lesson, block, _shape in _shaped(teaching):
        if block.kind != "check":
            continue
        for part in block.parts:
            yield from _option(lesson, part)
        answers = [part.right for part in block.parts]
        if answers and None not in answers and len(set(answers)) == 1:
            yield fault(
                lesson,
                block.line,
                "check-options",
                "Every option of this check is of the same kind.",
                "Have at least one [x] that fits and one [ ] that does not.",
            )


def _option(lesson: LessonText, part: Part) -> Found:
    if part.right is None and part.label:
        yield fault(
            lesson,
            part.line,
            "check-options",
            f"“{part_name(part)}” is not marked as fitting or not.",
            "Write === [x] option, or === [ ] option.",
        )
    explanation = statements_in(part.body, part.body_line)
    words = sum(word_count(one.text) for one in explanation)
    if words > MOST_EXPLANATION_WORDS:
        yield fault(
            lesson,
            part.line,
            "long-explanation",
            f"The explanation has {words} words.",
            f"Say it in at most {MOST_EXPLANATION_WORDS}.",
        )


def told_apart(teaching: Teaching) -> Found:
    """In both scenes of a contrast the telling words stand out."""
    for lesson, block, shape in _shaped(teaching):
        if block.kind == "contrast" and len(block.parts) == shape.parts[0]:
            for part in block.parts[:2]:
                if part.body.strip() and "**" not in part.body:
                    yield fault(
                        lesson,
                        part.line,
                        "contrast-not-marked",
                        f"In “{part_name(part)}” no words are marked.",
                        "Put the words that tell the difference in **bold**.",
                    )


def closed_cases(teaching: Teaching) -> Found:
    """After a case come the plain facts and a way to refer."""
    for lesson in teaching.lessons():
        blocks = list(blocks_of(lesson))
        for index, block in enumerate(blocks):
            if block.kind != "case":
                continue
            later = {one.kind for one in blocks[index + 1 :]}
            for kind in ("facts", "referral"):
                if kind not in later:
                    yield fault(
                        lesson,
                        block.line,
                        f"case-without-{kind}",
                        f"No block “{kind}” comes after this case.",
                        f"Add ::: {kind} after it, so that a story does not stand as the facts.",
                    )


def short_keys(teaching: Teaching) -> Found:
    """The one thing to take away is one or two sentences; facts are a list."""
    for lesson, block, _shape in _shaped(teaching):
        if block.kind == "key":
            sentences = [
                sentence
                for statement in statements_in(block.body, block.body_line)
                for sentence in sentences_of(statement.text)
            ]
            if len(sentences) > MOST_KEY_SENTENCES:
                yield fault(
                    lesson,
                    block.line,
                    "long-key",
                    f"The key has {len(sentences)} sentences.",
                    f"Keep the {MOST_KEY_SENTENCES} that matter most.",
                )
        if block.kind == "facts" and not block.body.lstrip().startswith(("- ", "* ")):
            yield fault(
                lesson,
                block.line,
                "facts-no-list",
                "The facts are not a list.",
                "Begin each fact with “- ”.",
            )


@about_absence
def known_keys(teaching: Teaching) -> Found:
    """Every framework entry that a lesson names exists."""
    for lesson in teaching.lessons():
        for kind in TAUGHT_KINDS:
            for index, key in enumerate(getattr(lesson.front, kind)):
                if key not in getattr(teaching.framework, kind):
                    yield _unknown(lesson, lesson.line_of(kind, index), kind, key)
        for block in blocks_of(lesson):
            for kind, key in named_in(block):
                if key not in getattr(teaching.framework, kind):
                    yield _unknown(lesson, block.line, kind, key)


def _unknown(lesson: LessonText, line: int, kind: str, key: str) -> Problem:
    return fault(
        lesson,
        line,
        "unknown-key-used",
        f"“{key}” is not in {kind}.yaml.",
        f"Use a key of {kind}.yaml; check the spelling.",
    )
