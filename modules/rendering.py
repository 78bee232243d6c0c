"""Drawing published lessons. What is drawn depends on version and language only, so it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from course.framework.loading import current_release_id, published_framework
from modules.compiling import in_language
from modules.published import lesson_version
from modules.shelves import SHELVES, compile_shelf
from modules.showing import ShownStep, show_steps

KEPT_LESSONS = 120  # all lessons in both languages, twice over

SOURCE_KINDS: Mapping[str, str | Promise] = {
    "treaty": _("Treaty"),
    "statute": _("Law"),
    "guideline": _("Guideline"),
    "report": _("Report"),
    "study": _("Study"),
    "encyclopedia": _("Encyclopedia"),
    "judgement": _("Our own judgement"),
}
READ_LABELS: Mapping[str, str | Promise] = {
    "full": _("We read all of it."),
    "part": _("We read part of it."),
    "secondary": _("We know it through somebody else’s text."),
    "no": _("We did not read it."),
}


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One screen, ready to print: the text and, below it, the sources it cites."""

    number: int
    title: str
    body: SafeString
    sources: SafeString


@dataclass(frozen=True, slots=True)
class DrawnLesson:
    """A lesson in one language. `language` is that of the text, not always the reader's."""

    title: str
    summary: str
    content_note: str
    language: str
    is_draft: bool
    version: int
    steps: tuple[DrawnStep, ...]
    sources: SafeString


@lru_cache(maxsize=KEPT_LESSONS)
def draw_lesson(version_id: UUID, language: str, *, printed: bool = False) -> DrawnLesson:
    """The lesson for a reader of `language`: one query the first time in a process, then none.

    `printed` opens everything that a tap would open, for paper.
    """
    version = lesson_version(version_id)
    texts = version.document["texts"]
    text = in_language(texts, language)
    with translation.override(language):
        drawn = tuple(_draw_step(step, printed=printed) for step in show_steps(text))
        return DrawnLesson(
            title=text["title"],
            summary=text["summary"],
            content_note=text["content_note"],
            language=language if language in texts else next(iter(texts)),
            is_draft=text["translation"] != "original",
            version=version.number,
            steps=drawn,
            sources=_draw_sources(_numbered(text["sources"])),
        )


@dataclass(frozen=True, slots=True)
class DrawnShelf:
    """A page of the framework to look things up in."""

    steps: tuple[DrawnStep, ...]
    sources: SafeString


def draw_shelf(kind: str, language: str) -> DrawnShelf:
    """A page of the framework as published now: one query when nothing changed meanwhile."""
    return _draw_shelf(current_release_id(), kind, language)


@lru_cache(maxsize=2 * 2 * len(SHELVES))
def _draw_shelf(_release_id: UUID | None, kind: str, language: str) -> DrawnShelf:
    text = compile_shelf(published_framework(), kind, language)
    with translation.override(language):
        return DrawnShelf(
            steps=tuple(_draw_step(step, printed=False) for step in show_steps(text)),
            sources=_draw_sources(_numbered(text["sources"])),
        )


def _draw_step(step: ShownStep, *, printed: bool) -> DrawnStep:
    blocks = [one | {"template": f"modules/blocks/{one['kind']}.html"} for one in step.blocks]
    page = {"blocks": blocks, "printed": printed}
    body = render_to_string("modules/step_body.html", page)
    return DrawnStep(step.number, step.title, body, _draw_sources(step.sources))


def _numbered(sources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(source) | {"number": number} for number, source in enumerate(sources, 1)]


def _draw_sources(sources: Iterable[dict[str, Any]]) -> SafeString:
    labelled = [
        source
        | {"kind_label": SOURCE_KINDS[source["kind"]], "read_label": READ_LABELS[source["read"]]}
        for source in sources
    ]
    return render_to_string("modules/blocks/_sources.html", {"sources": labelled})
