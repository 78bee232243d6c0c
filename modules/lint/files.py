"""Rules about files: every lesson can be reached, every link leads somewhere. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from course.framework.problems import Problem
from course.framework.schema import LANGUAGES
from modules.lint.base import (
    Found,
    Teaching,
    about_absence,
    fault,
    lines_in,
    remembered,
    written_in,
)
from modules.markup import LESSON_ADDRESS, links_in
from modules.schema import LessonText, ModuleContent

_NAME = re.compile(r"[0-9]{2}-(.+)")


def _module_fault(content: ModuleContent, line: int, rule: str, message: str, fix: str) -> Problem:
    return Problem(content.file, line, rule, f"{content.module.key}: {message}", fix)


def unique_modules(teaching: Teaching) -> Found:
    """No two modules share a key (an address) or an order (a place in the course)."""
    for name in ("key", "order"):
        first: dict[object, str] = {}
        for content in sorted(teaching.modules, key=lambda one: one.file):
            value = getattr(content.module, name)
            if value in first:
                yield _module_fault(
                    content,
                    content.line_of(name),
                    "module-twice",
                    f"its {name} “{value}” is also that of {first[value]}.",
                    f"Give one of the two modules another {name}.",
                )
            first.setdefault(value, content.file)


def named_after_content(teaching: Teaching) -> Found:
    """A folder or file is named after its key, so that an author finds it again."""
    for content in teaching.modules:
        folder = PurePosixPath(content.file).parent.name
        wanted = f"{content.module.order:02d}-{content.module.key}"
        if folder != wanted:
            yield _module_fault(
                content,
                content.line_of("key"),
                "file-name",
                f"the folder is called “{folder}”.",
                f"Rename it to {wanted}, or mend key and order.",
            )
        for lesson in content.versions():
            name = PurePosixPath(lesson.file).name.removesuffix(f".{lesson.language}.md")
            found = _NAME.fullmatch(name)
            if found is None or found.group(1) != lesson.front.key:
                yield fault(
                    lesson,
                    lesson.line_of("key"),
                    "file-name",
                    f"The file of the lesson “{lesson.front.key}” has another name.",
                    f"Rename it to NN-{lesson.front.key}.{lesson.language}.md, or mend the key.",
                )


def reachable_lessons(teaching: Teaching) -> Found:
    """Every lesson file is listed in its module: what is not listed can never be opened."""
    for content in teaching.modules:
        for key, versions in content.lessons.items():
            if key in content.module.lessons:
                continue
            for lesson in versions.values():
                yield fault(
                    lesson,
                    lesson.line_of("key"),
                    "lesson-not-listed",
                    f"The lesson “{key}” is not listed in module.yaml, so nobody can reach it.",
                    f"Add {key} to “lessons” in {content.file}, or remove the file.",
                )


@about_absence
def existing_lessons(teaching: Teaching) -> Found:
    """Every listed lesson has a file, and is listed once."""
    for content in teaching.modules:
        listed = content.module.lessons
        for index, key in enumerate(listed):
            if key not in content.lessons:
                yield _module_fault(
                    content,
                    content.line_of("lessons", index),
                    "lesson-without-file",
                    f"the listed lesson “{key}” has no file.",
                    f"Write lessons/NN-{key}.{LANGUAGES[0]}.md, or take it off the list.",
                )
            if key in listed[:index]:
                yield _module_fault(
                    content,
                    content.line_of("lessons", index),
                    "lesson-listed-twice",
                    f"the lesson “{key}” is listed twice.",
                    "Remove one of the two.",
                )


@about_absence
def known_stages(teaching: Teaching) -> Found:
    """The stage a module teaches exists."""
    for content in teaching.modules:
        stage = content.module.stage
        if stage is not None and stage not in teaching.framework.stages:
            yield _module_fault(
                content,
                content.line_of("stage"),
                "unknown-key-used",
                f"the stage “{stage}” does not exist.",
                "Use a key of stages.yaml, or null.",
            )


@about_absence
def links_lead_somewhere(teaching: Teaching) -> Found:
    """A link leads to a lesson of this course that can be reached."""
    known = {
        (content.module.key, key) for content in teaching.modules for key in content.module.lessons
    }
    for lesson in teaching.lessons():
        for line, address in _links(lesson):
            found = LESSON_ADDRESS.fullmatch(address)
            if found is None:
                yield fault(
                    lesson,
                    line,
                    "link-elsewhere",
                    f"The link leads to “{address}”.",
                    "Link only to lessons: [text](lesson:module-key/lesson-key).",
                )
            elif (found.group(1), found.group(2)) not in known:
                yield fault(
                    lesson,
                    line,
                    "broken-link",
                    f"There is no lesson “{address.removeprefix('lesson:')}”.",
                    "Check module key and lesson key; both must be listed.",
                )


@remembered
def _links(lesson: LessonText) -> tuple[tuple[int, str], ...]:
    """Every link of a lesson as (line, address)."""
    if not any("[" in line for _number, line in lines_in(lesson)):
        return ()  # parsing is dear, and most lessons have no link
    found = []
    for passage in written_in(lesson):
        lines = passage.text.split("\n")
        for address in links_in(passage.text):
            beside = [number for number, line in enumerate(lines) if address in line]
            found.append((passage.line + (beside[0] if beside else 0), address))
    return tuple(found)
