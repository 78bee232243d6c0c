"""A made-up course of any size, published the real way but without files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from course.models import ContentRelease
from course.services.publishing import Shelf, Wanted, apply_changes, plan_shelves
from modules.models import Lesson, LessonVersion, Module, ModuleVersion
from modules.outline import Outline
from modules.published import current_outline
from tests.personas import AT

Json = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How big the made-up course is."""

    modules: int = 2
    lessons: int = 2
    steps: int = 3


def both(text: str) -> dict[str, str]:
    """The text in English, and marked as Malay."""
    return {"en": text, "ms": f"{text} (ms)"}


def module_document(number: int, size: Size) -> Json:
    """What compile_module would make."""
    return {
        "key": f"m{number}",
        "stage": "control" if number == 2 else "",
        "title": both(f"Module {number}"),
        "summary": both(f"About module {number}."),
        "outcomes": {"en": ["Notice"], "ms": ["Perasan"]},
        "lessons": [
            {
                "key": f"l{one}",
                "minutes": 6,
                "steps": size.steps,
                "title": both(f"Lesson {number}.{one}"),
                "summary": both(f"About lesson {number}.{one}."),
            }
            for one in range(1, size.lessons + 1)
        ],
    }


SOURCE = {
    "key": "a-report",
    "title": "A report",
    "authors": "Somebody",
    "year": 2020,
    "kind": "report",
    "url": "https://example.org/report",
    "read": "part",
    "extent": "The summary",
    "supports": "A thing.",
}


def lesson_document(key: str, size: Size, *, words: str = "Look, then listen.") -> Json:
    """What compile_lesson would make, with one paragraph and one self-check a step."""

    def text(language: str) -> Json:
        return {
            "title": f"{key} {language}",
            "summary": "One sentence.",
            "content_note": "Talks about debt." if key == "l1" else "",
            "translation": "original"
            if language == "en"
            else "draft, awaiting review by a native speaker",
            "steps": [
                {
                    "title": f"Step {number} {language}",
                    "blocks": [
                        {"kind": "prose", "text": f"{words} [@a-report]"},
                        {
                            "kind": "check",
                            "text": "What now?",
                            "options": [
                                {"label": "Ask", "text": "Yes. [@a-report]", "right": True},
                                {"label": "Leave", "text": "No. [@a-report]", "right": False},
                            ],
                        },
                    ],
                }
                for number in range(1, size.steps + 1)
            ],
            "sources": [SOURCE],
        }

    return {
        "key": key,
        "minutes": 6,
        "teaches": {"tactics": [], "indicators": [], "confounders": [], "responses": []},
        "texts": {"en": text("en"), "ms": text("ms")},
    }


def made_up_shelves(size: Size, *, words: Mapping[str, str] | None = None) -> list[Shelf]:
    """The shelves of a course; `words` replaces the text of single lessons by "module/lesson"."""
    numbers = range(1, size.modules + 1)
    modules = [
        Wanted(key=f"m{number}", position=number, document=module_document(number, size))
        for number in numbers
    ]
    lessons = []
    for number in numbers:
        for one in range(1, size.lessons + 1):
            key = f"m{number}/l{one}"
            said = {"words": words[key]} if words and key in words else {}
            lessons.append(
                Wanted(
                    key=key,
                    position=100 * number + one,
                    document=lesson_document(f"l{one}", size, **said),
                    parent=("module", Module, f"m{number}"),
                )
            )
    return [
        Shelf(name="modules", things=Module, versions=ModuleVersion, wanted=modules),
        Shelf(name="lessons", things=Lesson, versions=LessonVersion, wanted=lessons),
    ]


def publish(shelves: list[Shelf], *, at: datetime = AT) -> ContentRelease | None:
    """Plan and apply, as the loader does."""
    with transaction.atomic():
        return apply_changes(plan_shelves(shelves), at=at)


def publish_made_up(**size: int) -> Outline:
    """A published course of `modules` x `lessons` x `steps`."""
    publish(made_up_shelves(Size(**size)))
    return current_outline()
