"""Rules about words: readable, safe, plain Markdown, no numbers to call. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course.framework.problems import Problem
from course.framework.wording import LIMITS, forbidden_in, readability
from modules.lint.base import (
    Found,
    Teaching,
    blocks_of,
    fault,
    lines_in,
    remembered,
    stated_in,
)
from modules.schema import LessonText, ModuleContent

ADULT = 18
FEWEST_PHONE_DIGITS = 7
_FIGURE = re.compile(r"\d")
_DIGITS = re.compile(r"\+?\d[\d\s–-]{3,}\d")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[\s–-]+(?:19|20)\d\d)*")
_AGED = re.compile(
    r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*, (?:aged )?(\d{1,2})(?=[,.;:)](?:\s|$))"
    r"|\b(\d{1,2})[- ]years?[- ]old\b|\b(?:aged|berumur|berusia) (\d{1,2})\b"
)
_NOT_OURS = (
    (re.compile(r"</?[A-Za-z!]"), "HTML", "Write plain Markdown; HTML is not passed through."),
    (re.compile(r"!\["), "an image", "Leave it out; lessons have no images."),
    (re.compile(r"https?:|www\."), "a web address", "Cite a source instead; it has the address."),
    (re.compile(r"`"), "code", "Leave the ` out."),
    (re.compile(r"^\s*\|.*\|"), "a table", "Write a list."),
    (re.compile(r"^\s*(?:#|##|#{4,})(?:\s|$)|^#+\w"), "a wrong heading", "Use ### inside a step."),
)


def readable(teaching: Teaching) -> Found:
    """No sentence that a tired reader loses, and easy reading on the whole."""
    for lesson in teaching.lessons():
        limits = LIMITS[lesson.language]
        texts = []
        for line, text in _texts(lesson):
            texts.append(text)
            measured = readability(text)
            if measured.longest > limits.longest:
                yield fault(
                    lesson,
                    line,
                    "long-sentence",
                    f"A sentence of {measured.longest} words: “{measured.longest_text[:60]}…”.",
                    f"Split it; at most {limits.longest} words.",
                )
        whole = readability("\n".join(texts))
        if whole.mean > limits.mean:
            yield fault(
                lesson,
                1,
                "hard-to-read",
                f"Sentences have {whole.mean:.1f} words on average.",
                f"Make them shorter; at most {limits.mean:.0f} on average.",
            )
        if limits.lix is not None and whole.lix > limits.lix:
            yield fault(
                lesson,
                1,
                "hard-to-read",
                f"The reading index LIX is {whole.lix:.1f}.",
                f"Use shorter sentences and shorter words; at most {limits.lix:.0f}.",
            )


@remembered
def _texts(lesson: LessonText) -> tuple[tuple[int, str], ...]:
    """Every sentence-bearing text of a lesson as (line, plain text)."""
    heads = [(lesson.line_of("summary"), lesson.front.summary)]
    if lesson.front.content_note != "none":
        heads.append((lesson.line_of("content_note"), lesson.front.content_note))
    return (*heads, *((statement.line, statement.text) for statement in stated_in(lesson)))


@remembered
def _everything(lesson: LessonText) -> tuple[tuple[int, str], ...]:
    """Every printed text of a lesson: titles and notes too."""
    return (
        *_texts(lesson),
        (lesson.line_of("title"), lesson.front.title),
        *((step.line, step.title) for step in lesson.steps),
        *(
            (block.line, block.attributes[name])
            for block in blocks_of(lesson)
            for name in ("title", "note")
            if name in block.attributes
        ),
    )


@remembered
def _with_figures(lesson: LessonText) -> tuple[tuple[int, str], ...]:
    """Every printed text of a lesson that holds a figure."""
    return tuple((line, text) for line, text in _everything(lesson) if _FIGURE.search(text))


def _module_texts(content: ModuleContent) -> Iterator[tuple[int, str, str]]:
    """Every text of a module file as (line, language, text)."""
    module = content.module
    for name in ("title", "summary"):
        for language, text in getattr(module, name).items():
            yield content.line_of(name, language), language, text
    for language, lines in module.outcomes.items():
        for index, text in enumerate(lines):
            yield content.line_of("outcomes", language, index), language, text


def readable_modules(teaching: Teaching) -> Found:
    """Module texts keep the same sentence limit."""
    for content in teaching.modules:
        for line, language, text in _module_texts(content):
            measured = readability(text)
            if measured.longest > LIMITS[language].longest:
                yield Problem(
                    content.file,
                    line,
                    "long-sentence",
                    f"A sentence of {measured.longest} words: “{measured.longest_text[:60]}…”.",
                    f"Split it; at most {LIMITS[language].longest} words.",
                )


def safe_wording(teaching: Teaching) -> Found:
    """Nothing graphic, blaming or instructive is printed."""
    for content in teaching.modules:
        for line, _language, text in _module_texts(content):
            yield from _forbidden(content.file, line, text)
        for lesson in content.versions():
            for line, text in _everything(lesson):
                yield from _forbidden(lesson.file, line, text)


def _forbidden(file: str, line: int, text: str) -> Found:
    for found, rule in forbidden_in(text):
        yield Problem(
            file,
            line,
            "forbidden-wording",
            f"“{found}”: {rule.reason}.",
            f"Write instead: {rule.instead}.",
        )


def adults_only(teaching: Teaching) -> Found:
    """People in scenes are adults; a child appears only as a doubt about age, without a number."""
    for lesson in teaching.lessons():
        for line, text in _with_figures(lesson):
            for match in _AGED.finditer(text):
                age = int(next(group for group in match.groups() if group))
                if age < ADULT:
                    yield fault(
                        lesson,
                        line,
                        "minor-in-scene",
                        f"“{match.group(0)}” tells of a person under {ADULT}.",
                        "Make the person an adult, or speak of a doubt about age and refer.",
                    )


def no_numbers_to_call(teaching: Teaching) -> Found:
    """Numbers to call stand in contacts.yaml only, where their age is watched."""
    contacts = {
        digits
        for contact in teaching.framework.contacts.values()
        if len(digits := re.sub(r"\D", "", contact.number)) > 3
    }
    for lesson in teaching.lessons():
        for line, text in _with_figures(lesson):
            for match in _DIGITS.finditer(text):
                number = match.group(0)
                digits = re.sub(r"\D", "", number)
                called = len(digits) >= FEWEST_PHONE_DIGITS and not _YEARS.fullmatch(number)
                if called or digits in contacts:
                    yield fault(
                        lesson,
                        line,
                        "number-to-call",
                        f"“{number}” looks like a number to call.",
                        "Name the service only, and show it in a referral block.",
                    )


def plain_markdown(teaching: Teaching) -> Found:
    """Nothing that the page would print as signs: HTML, images, addresses, tables, headings."""
    for lesson in teaching.lessons():
        for number, line in lines_in(lesson):
            for pattern, what, fix in _NOT_OURS:
                if pattern.search(line):
                    yield fault(lesson, number, "not-in-lessons", f"The line holds {what}.", fix)
