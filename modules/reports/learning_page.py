"""What the page on learning says above its cards: whom it is about, as of when, and its filters."""

from __future__ import annotations

from functools import cached_property

from django.urls import reverse

from course.models.base import Viewer
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.columns import instant_words, left_out_words
from modules.reports.learning import Learning
from modules.reports.page import Filter, Frame


class LearningPage(Frame):
    """The frame of the page."""

    def __init__(self, outline: Outline, viewer: Viewer, found: Learning, *, language: str) -> None:
        super().__init__(outline, viewer, found.question, at=found.at, language=language)
        self.found = found

    @property
    def as_of(self) -> str:
        """As of when."""
        return instant_words(self.found.at, past=self.is_past)

    @property
    def left_out(self) -> list[str]:
        """Who is not counted, and why: one line for each reason."""
        return [left_out_words(*pair) for pair in self.found.left_out.items()]

    @cached_property
    def filters_set(self) -> list[Filter]:
        """Each filter that is set, with the address of this page without it."""
        return list(self.filters(self.address))

    def address(self, question: Question) -> str:
        """This page with another question."""
        parts = question.population.query()
        return f"{reverse('modules:report_learning')}{'?' if parts else ''}{parts}"


__all__ = ["LearningPage"]
