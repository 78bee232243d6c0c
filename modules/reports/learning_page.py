"""What the page on learning says above its cards: whom it is about, as of when, and its filters."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.urls import reverse

from course.models.base import Viewer
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.columns import instant_words
from modules.reports.page import Filter, Frame


class LearningPage(Frame):
    """The frame of the page."""

    def __init__(
        self, outline: Outline, viewer: Viewer, question: Question, *, language: str, at: datetime
    ) -> None:
        super().__init__(outline, viewer, question, language=language)
        self.at = at

    @property
    def as_of(self) -> str:
        """As of when."""
        return instant_words(self.at, past=self.is_past)

    @cached_property
    def filters_set(self) -> list[Filter]:
        """Each filter that is set, with the address of this page without it."""
        return list(self.filters(self.address))

    def address(self, question: Question) -> str:
        """This page with another question."""
        parts = question.population.query()
        return f"{reverse('modules:report_learning')}{'?' if parts else ''}{parts}"


__all__ = ["LearningPage"]
