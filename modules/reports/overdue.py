"""What was asked of people, due before the instant of a report, and not done by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from course.roles import Role
from modules.models import Completion
from modules.reports.facts import Rounds
from modules.reports.population import Scene, named
from quizzes.duties import duty_from, extra_days_on, governing
from quizzes.models import Assignment, AssignmentException, Attempt, Target
from quizzes.policy import assigned_as
from quizzes.published import current_bank

Name = tuple[Target, str]
Dues = dict[Name, datetime]


class Asked:
    """What stood on the day for whom; read once for a report, then asked for slices of people.

    A cohort's assignment reaches its learners of that day, as everywhere (quizzes/duties.py).
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.quizzes = {key: one.quiz for key, one in current_bank().quizzes.items()}
        rows = Assignment.objects.in_organization(scene.organization).standing(scene.at)
        self.by_cohort: dict[UUID, list[Assignment]] = defaultdict(list)
        self.by_person: dict[UUID, list[Assignment]] = defaultdict(list)
        dated = False
        for row in rows.order_by("assigned_at", "id"):
            dated = dated or (row.due_at is not None and row.due_at < scene.at)
            if row.cohort_id is not None:
                self.by_cohort[row.cohort_id].append(row)
            elif row.membership_id is not None:  # one of the two, says a constraint
                self.by_person[row.membership_id].append(row)
        self.nothing = not dated  # an own date or extra days only ever make a date later
        self._usual: dict[tuple[UUID, ...], Dues] = {}

    def overdue(
        self, people: Iterable[UUID], rounds: Rounds, cohorts: dict[UUID, list[UUID]], who: Any
    ) -> dict[UUID, list[Name]]:
        """Person -> what they are late with; who is late with nothing is left out. Four queries.

        No query at all when nothing that was asked was due by then.
        """
        if self.nothing:
            return {}
        own, extra = self._own_rules(who), extra_days_on(self.scene.organization, self.scene.at)
        done = self._done(who)
        found: dict[UUID, list[Name]] = {}
        for person in people:
            mine = tuple(cohorts.get(person, ()))
            if person in own or person in extra or person in self.by_person:
                dues = self._dues(mine, person, own.get(person, {}), extra.get(person, 0))
            else:
                dues = self._dues_of_cohorts(mine)
            since = rounds.since(person)
            late = [
                name
                for name, due in dues.items()
                if due < self.scene.at and not _counts(done.get((person, *name)), since)
            ]
            if late:
                found[person] = late
        return found

    def _dues_of_cohorts(self, cohorts: tuple[UUID, ...]) -> Dues:
        if cohorts not in self._usual:
            self._usual[cohorts] = self._dues(cohorts, None, {}, 0)
        return self._usual[cohorts]

    def _dues(
        self,
        cohorts: tuple[UUID, ...],
        person: UUID | None,
        own: dict[UUID, AssignmentException],
        extra: int,
    ) -> Dues:
        """What is asked, with the date that counts; what has no date can't be late."""
        rows = list(self.by_person.get(person, ())) if person is not None else []
        if self.scene.question.asked_role == Role.LEARNER:
            rows += [row for cohort in cohorts for row in self.by_cohort.get(cohort, ())]
        duties = [duty_from(row, own.get(row.id), extra) for row in rows]
        found: Dues = {}
        for target, key in dict.fromkeys((one.target, one.key) for one in duties):
            rule = governing(duties, target, key)
            if rule is not None and rule.due_at is not None and self.is_asked_about(target, key):
                found[target, key] = rule.due_at
        return found

    def is_asked_about(self, target: Target, key: str) -> bool:
        """With a module filter only that module and its quizzes are told."""
        module = self.scene.question.module
        return not module or module == self.module_of(target, key)

    def module_of(self, target: Target, key: str) -> str:
        """The module that something belongs to; "" for the course and its tests."""
        if target == Target.MODULE:
            return key
        quiz = self.quizzes.get(key) if target == Target.QUIZ else None
        return (quiz.module or "") if quiz is not None else ""

    def _own_rules(self, who: Any) -> dict[UUID, dict[UUID, AssignmentException]]:
        rows = AssignmentException.objects.in_organization(self.scene.organization)
        found: dict[UUID, dict[UUID, AssignmentException]] = defaultdict(dict)
        by_then = named(rows.filter(set_at__lte=self.scene.at), who)
        for row in by_then.order_by("set_at", "id"):
            found[row.membership_id][row.assignment_id] = row
        return found

    def _done(self, who: Any) -> dict[tuple[UUID, Target, str], datetime]:
        """(person, target, key) -> when it was last done by the instant."""
        scene, done = self.scene, dict[tuple[UUID, Target, str], datetime]()
        names = self._names()
        facts = Completion.objects.in_organization(scene.organization)
        facts = named(facts.filter(completed_at__lte=scene.at), who)
        if all(target != Target.MODULE for target, _key in names):
            facts = facts.filter(scope="course")
        columns = facts.order_by().values_list("membership_id", "scope", "key")
        for person, scope, key, at in columns.annotate(Max("completed_at")):
            done[person, Target(scope), key] = at
        wanted = {key for target, key in names if target == Target.QUIZ}
        forms = {key: assigned_as(quiz) for key, quiz in self.quizzes.items()}
        keys = {key for key, name in forms.items() if name in wanted} | wanted
        attempts = Attempt.objects.in_organization(scene.organization)
        attempts = named(attempts.filter(submitted_at__lte=scene.at, quiz__key__in=keys), who)
        taken = attempts.order_by().values_list("membership_id", "quiz__key")
        for person, key, at in taken.annotate(Max("submitted_at")):
            place = (person, Target.QUIZ, forms.get(key, key))
            done[place] = max(at, done.get(place, at))
        return done

    def _names(self) -> set[Name]:
        rows = [row for group in (self.by_cohort, self.by_person) for row in group.values()]
        return {(Target(one.target_kind), one.target_key) for group in rows for one in group}


def _counts(done_at: datetime | None, since: datetime | None) -> bool:
    """Whether it was done in the round; what was done before it was asked for counts too."""
    return done_at is not None and (since is None or done_at >= since)


__all__ = ["Asked", "Name"]
