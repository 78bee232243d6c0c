"""What was asked of people, due before the instant of a report, and not done by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Max, TextField

from course.roles import Role
from modules.models import Completion
from modules.reports.facts import Rounds
from modules.reports.population import Scene, named
from modules.reports.quick import as_id, as_moment, raw
from quizzes.duties import duty_from, extra_days_on, governing
from quizzes.models import Assignment, AssignmentException, Attempt, Target
from quizzes.policy import assigned_as
from quizzes.published import ever_published
from quizzes.schema import Quiz

Name = tuple[Target, str]
Dues = dict[Name, datetime]
Done = Mapping[UUID, Mapping[Name, datetime]]  # person -> what -> when it was last done


class Asked:
    """What stood on the day for whom; read once for a report, then asked for slices of people.

    A cohort's assignment reaches its learners of that day, as everywhere (quizzes/duties.py).
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.quizzes = known_quizzes()
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
        """Person -> what they are late with; who is late with nothing is left out.

        Three queries, and one more the first time.

        No query at all when nothing that was asked was due by then.
        """
        if self.nothing:
            return {}
        return self.late(people, rounds, cohorts, self._done(who), who)

    def late(
        self,
        people: Iterable[UUID],
        rounds: Rounds,
        cohorts: Mapping[UUID, Sequence[UUID]],
        done: Done,
        who: Any,
    ) -> dict[UUID, list[Name]]:
        """The same where somebody else has read what they had done by then.

        One query, and one more the first time.
        """
        own, extra = self._own_rules(who), self._extra_days
        found: dict[UUID, list[Name]] = {}
        for person in people:
            mine = tuple(cohorts.get(person, ()))
            if person in own or person in extra or person in self.by_person:
                dues = self._dues(mine, person, own.get(person, {}), extra.get(person, 0))
            else:
                dues = self._dues_of_cohorts(mine)
            if not dues:
                continue
            since, did = rounds.since(person), done.get(person, {})
            late = [
                name
                for name, due in dues.items()
                if due < self.scene.at and not _counts(did.get(name), since)
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

    @cached_property
    def _extra_days(self) -> Mapping[UUID, int]:
        """Of everybody: the slices of a report would read it again and again."""
        return extra_days_on(self.scene.organization, self.scene.at)

    def _own_rules(self, who: Any) -> dict[UUID, dict[UUID, AssignmentException]]:
        rows = AssignmentException.objects.in_organization(self.scene.organization)
        found: dict[UUID, dict[UUID, AssignmentException]] = defaultdict(dict)
        by_then = named(rows.filter(set_at__lte=self.scene.at), who)
        for row in by_then.order_by("set_at", "id"):
            found[row.membership_id][row.assignment_id] = row
        return found

    def _done(self, who: Any) -> Done:
        """Person -> what -> when it was last done by the instant."""
        scene, done = self.scene, defaultdict[UUID, dict[Name, datetime]](dict)
        facts = Completion.objects.in_organization(scene.organization)
        facts = named(facts.filter(completed_at__lte=scene.at), who)
        if all(target != Target.MODULE for target, _key in self._names()):
            facts = facts.filter(scope="course")
        columns = facts.order_by().values_list(raw("membership_id"), "scope", "key")
        newest = Max("completed_at", output_field=TextField())
        for mine, scope, key, at in columns.annotate(newest=newest):
            done[as_id(mine)][Target(scope), key] = as_moment(at)
        attempts = Attempt.objects.in_organization(scene.organization)
        attempts = attempts.filter(submitted_at__lte=scene.at, quiz__key__in=self._quiz_keys())
        taken = named(attempts, who).order_by().values_list(raw("membership_id"), "quiz__key")
        newest = Max("submitted_at", output_field=TextField())
        for mine, key, last in taken.annotate(newest=newest):
            name, theirs, at = name_of(self.quizzes, key), done[as_id(mine)], as_moment(last)
            theirs[name] = max(at, theirs.get(name, at))
        return done

    def _quiz_keys(self) -> set[str]:
        wanted = {key for target, key in self._names() if target == Target.QUIZ}
        return forms_of(self.quizzes, wanted)

    def _names(self) -> set[Name]:
        rows = [row for group in (self.by_cohort, self.by_person) for row in group.values()]
        return {(Target(one.target_kind), one.target_key) for group in rows for one in group}


def _counts(done_at: datetime | None, since: datetime | None) -> bool:
    """Whether it was done in the round; what was done before it was asked for counts too."""
    return done_at is not None and (since is None or done_at >= since)


def known_quizzes() -> Mapping[str, Quiz]:
    """Key -> quiz as last published, also those withdrawn since: what was done with them counts."""
    return {key: one.quiz for key, one in ever_published().items()}


def name_of(quizzes: Mapping[str, Quiz], key: str) -> Name:
    """What a quiz is asked for as: all forms of one test have one name."""
    quiz = quizzes.get(key)
    return Target.QUIZ, key if quiz is None else assigned_as(quiz)


def forms_of(quizzes: Mapping[str, Quiz], wanted: Collection[str]) -> set[str]:
    """The keys of everything that counts as one of the quizzes that were asked for."""
    return {*wanted, *(key for key in quizzes if name_of(quizzes, key)[1] in wanted)}


__all__ = ["Asked", "Done", "Name", "forms_of", "known_quizzes", "name_of"]
