"""Module and lesson files as frozen, typed documents. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import Field

from course.framework.problems import Problem
from course.framework.schema import (
    LANGUAGES,
    Entry,
    Key,
    Keys,
    Plain,
    Strict,
    Text,
    Texts,
    parse_model,
)
from course.framework.strict_yaml import Document, read_yaml
from modules.markup import Step, parse_body

MODULE_FORMAT = "kenali-module/1"


class ModuleFile(Entry):
    """What `module.yaml` holds."""

    format: Literal["kenali-module/1"]
    order: Annotated[int, Field(ge=1, le=99)]
    stage: Key | None
    title: Text
    summary: Text
    outcomes: Texts
    lessons: Annotated[Keys, Field(min_length=1)]


class LessonFront(Strict):
    """The front matter of a lesson file."""

    key: Key
    title: Plain
    minutes: Annotated[int, Field(ge=5, le=10)]
    summary: Plain
    content_note: Plain
    tactics: Keys
    indicators: Keys
    confounders: Keys
    responses: Keys
    translation: Literal["original", "draft, awaiting review by a native speaker"]


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: rules remember what they read
class LessonText:
    """One lesson in one language."""

    file: str
    language: str
    front: LessonFront
    steps: tuple[Step, ...]
    head: Document = field(repr=False)

    def line_of(self, *path: str | int) -> int:
        """The line of a key of the front matter."""
        return self.head.line_of(path)


@dataclass(slots=True)
class ModuleContent:
    """One module: its file and, by lesson key and language, its lessons."""

    file: str
    module: ModuleFile
    document: Document = field(repr=False, compare=False)
    lessons: dict[str, dict[str, LessonText]] = field(default_factory=dict)

    def line_of(self, *path: str | int) -> int:
        """The line of a key of `module.yaml`."""
        return self.document.line_of(path)

    def reachable(self) -> Iterator[LessonText]:
        """Every lesson text that `module.yaml` lists: what it does not list, nobody can open."""
        for key in self.module.lessons:
            yield from self.lessons.get(key, {}).values()

    def versions(self) -> Iterator[LessonText]:
        """Every lesson text of the module, lesson by lesson."""
        for by_language in self.lessons.values():
            yield from by_language.values()


def read_modules(
    directory: FilePath, *, root: FilePath
) -> tuple[list[ModuleContent], list[Problem]]:
    """Read every module folder of `directory`, sorted by the order each declares."""
    modules: list[ModuleContent] = []
    problems: list[Problem] = []
    if not directory.is_dir():
        name = directory.relative_to(root).as_posix()
        return [], [Problem(name, 1, "missing-file", "This folder is missing.", f"Add {name}.")]
    for folder in sorted(path for path in directory.iterdir() if path.is_dir()):
        content, found = read_module(folder, root)
        problems.extend(found)
        if content is not None:
            modules.append(content)
    return sorted(modules, key=lambda content: content.module.order), problems


def read_module(folder: FilePath, root: FilePath) -> tuple[ModuleContent | None, list[Problem]]:
    """Read one module folder; the module is None when its `module.yaml` cannot be used."""
    path = folder / "module.yaml"
    name = path.relative_to(root).as_posix()
    text, problems = _read_text(path, name)
    if text is None:
        return None, problems
    document = read_yaml(text, file=name)
    module = None if document.problems else parse_model(ModuleFile, document, ())
    problems.extend(document.problems)
    if module is None:
        return None, problems
    content = ModuleContent(name, module, document)
    for lesson_path in sorted((folder / "lessons").glob("*.md")):
        _read_lesson(content, lesson_path, root, problems)
    return content, problems


def _read_text(path: FilePath, name: str) -> tuple[str | None, list[Problem]]:
    try:
        return path.read_text(encoding="utf-8"), []
    except FileNotFoundError:
        return None, [Problem(name, 1, "missing-file", "This file is missing.", f"Add {name}.")]
    except UnicodeDecodeError:
        return None, [
            Problem(name, 1, "not-utf8", "The file is not UTF-8 text.", "Save it as UTF-8.")
        ]


def _read_lesson(
    content: ModuleContent, path: FilePath, root: FilePath, problems: list[Problem]
) -> None:
    name = path.relative_to(root).as_posix()
    text, unreadable = _read_text(path, name)
    problems.extend(unreadable)
    if text is None:
        return
    language = path.name.removesuffix(".md").rpartition(".")[2]
    if language not in LANGUAGES:
        problems.append(
            Problem(
                name,
                1,
                "lesson-name",
                "The file name does not end in a language.",
                f"Name it NN-key.<{'|'.join(LANGUAGES)}>.md.",
            )
        )
        return
    lesson, found = parse_lesson(text, file=name, language=language)
    problems.extend(found)
    if lesson is None:
        return
    versions = content.lessons.setdefault(lesson.front.key, {})
    if language in versions:
        problems.append(
            Problem(
                name,
                1,
                "duplicate-entry",
                f"The lesson “{lesson.front.key}” stands in two {language} files.",
                "Give one of the two another key.",
            )
        )
        return
    versions[language] = lesson


def parse_lesson(text: str, *, file: str, language: str) -> tuple[LessonText | None, list[Problem]]:
    """Parse one lesson file; the lesson is None when its front matter cannot be used."""
    lines = text.split("\n")
    try:
        end = lines.index("---", 1) if lines[0] == "---" else -1
    except ValueError:
        end = -1
    if end < 0:
        return None, [
            Problem(
                file,
                1,
                "front-matter",
                "The file does not start with front matter.",
                "Begin with a line ---, the keys, and a line --- (see the format page).",
            )
        ]
    document = read_yaml("\n".join(lines[1:end]), file=file, first_line=2)
    front = None if document.problems else parse_model(LessonFront, document, ())
    steps, problems = parse_body("\n".join(lines[end + 1 :]), file=file, first_line=end + 2)
    problems = [*document.problems, *problems]
    if front is None:
        return None, problems
    return LessonText(file, language, front, steps, document), problems
