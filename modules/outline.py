"""The course at a glance: modules and lessons in order, with their titles. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from modules.compiling import in_language

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    """One lesson: ids of row and current version, number in its module, minutes, steps, titles."""

    id: UUID
    version_id: UUID
    module_key: str
    key: str
    number: int
    minutes: int
    steps: int
    titles: Text
    summaries: Text

    def title(self, language: str) -> str:
        """The title in this language."""
        return in_language(self.titles, language)

    def summary(self, language: str) -> str:
        """One sentence in this language."""
        return in_language(self.summaries, language)


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """One module with its lessons in order. `stage` is "" for those outside the three stages."""

    id: UUID
    key: str
    number: int
    stage: str
    titles: Text
    summaries: Text
    outcomes: Mapping[str, tuple[str, ...]]
    lessons: tuple[OutlineLesson, ...]

    def title(self, language: str) -> str:
        """The title in this language."""
        return in_language(self.titles, language)

    def summary(self, language: str) -> str:
        """What it is about, in this language."""
        return in_language(self.summaries, language)

    def outcomes_in(self, language: str) -> tuple[str, ...]:
        """What a learner can do afterwards, in this language."""
        return in_language(self.outcomes, language)

    @property
    def minutes(self) -> int:
        """Minutes of all its lessons."""
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Outline:
    """All modules in order."""

    modules: tuple[OutlineModule, ...]
    _modules: Mapping[str, OutlineModule] = field(init=False, repr=False, compare=False)
    _lessons: Mapping[tuple[str, str], OutlineLesson] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index once; an outline is read at every request."""
        object.__setattr__(self, "_modules", {module.key: module for module in self.modules})
        lessons = {(one.module_key, one.key): one for one in self.lessons()}
        object.__setattr__(self, "_lessons", lessons)

    def lessons(self) -> Iterator[OutlineLesson]:
        """Every lesson in the order of the course."""
        for module in self.modules:
            yield from module.lessons

    def module(self, key: str) -> OutlineModule | None:
        """The module with this key."""
        return self._modules.get(key)

    def lesson(self, module_key: str, key: str) -> OutlineLesson | None:
        """The lesson with these keys."""
        return self._lessons.get((module_key, key))

    def after(self, lesson: OutlineLesson) -> OutlineLesson | None:
        """The lesson that follows in the course."""
        lessons = list(self.lessons())
        place = next(number for number, one in enumerate(lessons) if one.id == lesson.id)
        return lessons[place + 1] if place + 1 < len(lessons) else None
