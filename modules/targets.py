"""What can be asked of people, and its title: the course, its modules, and the quizzes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from modules.outline import Outline
from quizzes.models import Target
from quizzes.policy import assigned_as
from quizzes.published import current_bank
from quizzes.schema import Quiz

ASKED_KINDS: Final = ("pre-test", "module", "final", "practice", "inbox")
Group = tuple[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Name:
    """What is asked, as a form sends it: "quiz:final"; the course is "course:"."""

    target: Target
    key: str = ""

    def __str__(self) -> str:
        return f"{self.target.value}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> Name:
        """The other way round, for texts that were among the choices."""
        target, _colon, key = text.partition(":")
        return cls(Target(target), key)


class Titles:
    """The titles of everything that can be asked, in one language; read once for a page."""

    def __init__(self, outline: Outline, language: str) -> None:
        self.modules = {module.key: module.title(language) for module in outline.modules}
        self.quizzes: dict[str, str] = {}
        bank = current_bank()
        for published in bank.quizzes.values():
            quiz = published.quiz
            if quiz.kind in ASKED_KINDS and bank.has_items_for(published):
                self.quizzes.setdefault(assigned_as(quiz), _in(quiz, language))

    def choices(self) -> list[Group]:
        """Everything that can be asked now, in groups, as a list to choose from shows it."""
        groups = [(_("Everything"), [(str(Name(Target.COURSE)), _("The whole course"))])]
        for heading, target, titles in (
            (_("One module"), Target.MODULE, self.modules),
            (_("One quiz"), Target.QUIZ, self.quizzes),
        ):
            if titles:
                named = [(str(Name(target, key)), title) for key, title in titles.items()]
                groups.append((heading, named))
        return groups

    def of(self, target: str, key: str) -> str:
        """The title of what was asked; in plain words when it is not published any more."""
        if target == Target.COURSE:
            return _("The whole course")
        if target == Target.MODULE:
            return self.modules.get(key) or _("A module of earlier")
        return self.quizzes.get(key) or _("A quiz of earlier")


def _in(quiz: Quiz, language: str) -> str:
    titles = {str(name): text for name, text in quiz.title.items()}
    return titles[language]
