"""Rules about languages: both say the same, and each says honestly what it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from course.framework.problems import Problem
from course.framework.schema import LANGUAGES
from course.framework.wording import words_of
from modules.lint.base import (
    ORIGINAL,
    TAUGHT_KINDS,
    Found,
    Teaching,
    about_absence,
    fault,
    passages_of,
    stated_in,
)
from modules.markup import SIGNPOST, Block, Step

WORDS_OF_A_NAME = 4  # shorter texts may be names, which stay as they are
WORDS_ONLY = ("title", "note")  # attributes that are translated
ORIGINAL_LINE = "original"


@about_absence
def complete_languages(teaching: Teaching) -> Found:
    """Every lesson and module text exists in every language, or the module declares it missing."""
    for content in teaching.modules:
        for language in LANGUAGES:
            if language in content.module.missing:
                continue
            for name in ("title", "summary", "outcomes"):
                if language not in getattr(content.module, name):
                    yield Problem(
                        content.file,
                        content.line_of(name),
                        "missing-language",
                        f"“{name}” has no {language} text.",
                        f"Write it, or declare it: missing: [{language}].",
                    )
            for key, versions in content.lessons.items():
                if language not in versions:
                    there = next(iter(versions.values()))
                    yield fault(
                        there,
                        1,
                        "missing-language",
                        f"The lesson “{key}” has no {language} file.",
                        f"Write it, or declare missing: [{language}] in module.yaml.",
                    )
        if len({len(lines) for lines in content.module.outcomes.values()}) > 1:
            yield Problem(
                content.file,
                content.line_of("outcomes"),
                "uneven-languages",
                "“outcomes” has a different number of entries in each language.",
                "Give every language the same entries in the same order.",
            )


def honest_translation(teaching: Teaching) -> Found:
    """The original says so, and so does a draft."""
    for lesson in teaching.lessons():
        if (lesson.front.translation == ORIGINAL_LINE) != (lesson.language == ORIGINAL):
            yield fault(
                lesson,
                lesson.line_of("translation"),
                "translation-line",
                f"A file in {lesson.language} cannot say “{lesson.front.translation}”.",
                "English: original. Malay: draft, awaiting review by a native speaker.",
            )


def same_front(teaching: Teaching) -> Found:
    """Both languages take the same time and teach the same things."""
    for original, other in teaching.pairs():
        for name in ("minutes", *TAUGHT_KINDS):
            if getattr(original.front, name) != getattr(other.front, name):
                yield fault(
                    other,
                    other.line_of(name),
                    "languages-differ",
                    f"“{name}” is not the same as in {original.file}.",
                    "Only words may differ between languages.",
                )


def same_blocks(teaching: Teaching) -> Found:
    """Both languages have the same steps, blocks, attributes, parts and right answers."""
    for original, other in teaching.pairs():
        if len(original.steps) != len(other.steps):
            yield fault(
                other,
                other.steps[-1].line if other.steps else 1,
                "languages-differ",
                f"{len(other.steps)} steps, but {len(original.steps)} in {original.file}.",
                "Give both files the same steps.",
            )
            continue
        for one, two in zip(original.steps, other.steps, strict=True):
            difference = next(_differences(one, two), None)
            if difference is not None:
                line, what, original_line = difference
                yield fault(
                    other,
                    line,
                    "languages-differ",
                    f"{what} (line {original_line} of {original.file}).",
                    "Make both files the same, block by block; only words may differ.",
                )


def _differences(one: Step, two: Step) -> Iterator[tuple[int, str, int]]:
    """What differs between two steps, in order: (line, what, line in the original)."""
    for first, second in zip_longest(one.blocks, two.blocks):
        if first is None or second is None:
            line = second.line if second else two.line
            yield line, "The step has another number of blocks", (first or one).line
        elif first.kind != second.kind:
            yield second.line, f"“{second.kind}” stands where “{first.kind}” should", first.line
        elif _attributes(first) != _attributes(second):
            yield second.line, "The attributes differ", first.line
        elif len(first.parts) != len(second.parts):
            yield second.line, "The number of parts differs", first.line
        else:
            for part, twin in zip(first.parts, second.parts, strict=True):
                if part.right != twin.right:
                    yield twin.line, "Another option fits here", part.line


def _attributes(block: Block) -> dict[str, str]:
    return {name: value for name, value in block.attributes.items() if name not in WORDS_ONLY}


def same_sources(teaching: Teaching) -> Found:
    """Both languages cite the same sources in each step."""
    for original, other in teaching.pairs():
        if len(original.steps) != len(other.steps):
            continue  # which step answers to which is not known; same_blocks has said so
        for one, two in zip(original.steps, other.steps, strict=True):
            first, second = _cited(one), _cited(two)
            if first != second:
                changed = sorted({*(first - second), *(second - first)})
                yield fault(
                    other,
                    two.line,
                    "sources-differ",
                    f"In “{two.title}” these are cited a different number of times: "
                    f"{', '.join(changed)} (line {one.line} of {original.file}).",
                    "Cite the same sources for the same statements.",
                )


def _cited(step: Step) -> Counter[str]:
    return Counter(
        key
        for block in step.blocks
        for passage in passages_of(block)
        for statement in passage.statements()
        for key in statement.citations
        if key != SIGNPOST
    )


def translated(teaching: Teaching) -> Found:
    """English pasted into the Malay file is no translation."""
    for original, other in teaching.pairs():
        english = {statement.text for statement in stated_in(original)}
        for statement in stated_in(other):
            if statement.text in english and len(words_of(statement.text)) > WORDS_OF_A_NAME:
                yield fault(
                    other,
                    statement.line,
                    "not-translated",
                    f"This is the same as in English: “{statement.text[:60]}…”.",
                    "Translate it, or leave the file out and declare missing in module.yaml.",
                )
