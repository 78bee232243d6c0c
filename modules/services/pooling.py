"""Answers to one form from every organisation together, for authors of the bank.

Never for a page: an organisation sees its own numbers. Each organisation is read by itself, within
its own fence; what is put together has neither people nor organisations in it any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from course.models import Membership, Organization
from course.roles import Role
from quizzes.form_answers import FormAnswers, first_attempts, read_form
from quizzes.form_table import Choices
from quizzes.models import QuizVersion

MOST_POOLED: Final = 20_000  # people; more would not change what an author does


@dataclass(frozen=True, slots=True)
class Pool:
    """The table of all, as `FormAnswers` of one organisation has it."""

    answers: FormAnswers
    organisations: int


def versions_of(form: str) -> list[QuizVersion]:
    """The versions of a quiz, the newest first."""
    rows: Any = QuizVersion.objects.filter(thing__key=form)
    return list(rows.order_by("-number"))


def pool_form(version_id: UUID) -> Pool | None:
    """Everybody's first attempts at the wording that most people had; None when nobody took it."""
    tables = list(_tables(version_id))
    if not tables:
        return None
    people: Counter[frozenset[UUID]] = Counter()
    for answers in tables:
        people[frozenset(answers.versions)] += answers.people
    wording = max(people, key=lambda one: (people[one], sorted(map(str, one))))
    same = [one for one in tables if frozenset(one.versions) == wording]
    first = same[0]
    columns = tuple(
        [cell for answers in same for cell in answers.columns[answers.place_of(version)]]
        for version in first.versions
    )
    pooled = replace(
        first,
        columns=columns,
        languages=tuple(one for answers in same for one in answers.languages),
        left_out=sum(one.left_out for one in tables) + people.total() - people[wording],
        is_cut=any(one.is_cut for one in tables) or people.total() >= MOST_POOLED,
        choices=_chosen(same, first.versions),
        places={},
    )
    return Pool(pooled, len(same))


def _tables(version_id: UUID) -> Iterator[FormAnswers]:
    """The table of each organisation that has one, until there are enough people."""
    read = 0
    for organization_id in Organization.objects.order_by("pk").values_list("pk", flat=True):
        people = Membership.objects.in_organization(organization_id)
        learners = people.filter(role=Role.LEARNER.value).values("id")
        answers = read_form(organization_id, first_attempts(organization_id, learners), version_id)
        if answers is not None and answers.people:
            yield answers
            read += answers.people
        if read >= MOST_POOLED:
            return


def _chosen(tables: list[FormAnswers], versions: tuple[UUID, ...]) -> dict[UUID, Choices]:
    """Options of all tables, one after the other; where an organisation has none, nobody chose."""
    known = {version for answers in tables for version in answers.choices}
    found = {}
    for version in known & set(versions):
        chosen: list[str | None] = []
        rights: frozenset[str] = frozenset()
        for answers in tables:
            one = answers.choices.get(version)
            chosen += one.chosen if one else [None] * answers.people
            rights |= one.rights if one else frozenset()
        found[version] = Choices(tuple(chosen), rights)
    return found
