"""A made-up year in an organisation: people come, move, learn, are asked, renew and are erased.

Everything goes through the services that pages use, or, where those need a whole quiz, writes the
dated fact that they would write. Every step has an instant of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from course.models import Cohort, Membership, Office
from course.roles import Role
from course.services import Refused
from course.services.members import add_to_cohort, change_role, remove_from_cohort, set_active
from course.services.offices import create_office, move_office
from course.services.placing import note_places
from course.services.privacy import erase_person
from modules.models import Certificate, Completion, Cycle, LessonPlace, Revocation
from modules.outline import Outline
from modules.services.forgetting import forget_person
from modules.services.progress import finish_lesson
from quizzes.models import Assignment, Attempt, Target
from quizzes.policy import Needs
from quizzes.published import PublishedQuiz
from quizzes.services.accommodating import set_accommodation
from quizzes.services.assigning import Ask, assign, set_exception, withdraw
from tests.modules.keeping import complete
from tests.personas import Place, make_user

MODULES = ("m1", "m2")


class Life:
    """One organisation and its clock. `live` does one random thing and moves the clock on."""

    def __init__(
        self, seed: int, place: Place, outline: Outline, quiz: PublishedQuiz, at: datetime
    ) -> None:
        self.chance, self.place, self.outline, self.quiz = (
            random.Random(seed),  # noqa: S311 -- repeatable on purpose
            place,
            outline,
            quiz,
        )
        self.at = at
        self.boss = place.administrator
        self.organization = place.organization.pk
        self.people = [place.learner, place.stranger]
        self.cohorts: list[Cohort] = [place.first_cohort, place.second_cohort]
        self.offices: list[Office] = []
        self.number = 0
        self.did: list[str] = []

    def live(self) -> None:
        """One thing happens, hours to months after the last."""
        self.at += timedelta(hours=self.chance.choice([1, 20, 24 * 9, 24 * 40]))
        doings: list[Callable[[], Any]] = [
            *[self.join] * 3,
            self.pause,
            self.role,
            *[self.office] * 2,
            self.move_office,
            *[self.settle] * 3,
            *[self.enter] * 3,
            self.leave,
            *[self.begin] * 2,
            *[self.finish_lesson] * 2,
            *[self.complete] * 6,
            *[self.certify] * 2,
            self.revoke,
            *[self.renew] * 2,
            *[self.ask] * 4,
            self.take_back,
            *[self.let_off] * 2,
            self.need,
            *[self.attempt] * 2,
            self.erase,
        ]
        doing = self.chance.choice(doings)
        try:
            doing()
        except Refused:
            return
        self.did.append(doing.__name__)

    def _one(self, among: list[Any]) -> Any:
        return self.chance.choice(among)

    def _person(self) -> Membership:
        person: Membership = Membership.objects.get(pk=self._one(self.people).pk)
        return person

    def join(self) -> None:
        self.number += 1
        person = Membership.objects.create(
            organization_id=self.organization,
            user=make_user(f"life-{self.place.canary}-{self.number}"),
            role=self._one([Role.LEARNER, Role.LEARNER, Role.TRAINER]).value,
            joined_at=self.at,
        )
        note_places(organization_id=self.organization, people=[person.id], at=self.at)
        self.people.append(person)

    def pause(self) -> None:
        person = self._person()
        active = not person.is_active
        set_active(membership=person, active=active, actor=self.boss, at=self.at)

    def role(self) -> None:
        role = self._one([Role.LEARNER, Role.TRAINER])
        change_role(membership=self._person(), role=role, actor=self.boss, at=self.at)

    def office(self) -> None:
        parent = self._one([None, *self.offices])
        made = create_office(
            name=f"office {len(self.offices)}", parent=parent, actor=self.boss, at=self.at
        )
        self.offices.append(made)

    def move_office(self) -> None:
        if self.offices:
            office, parent = self._one(self.offices), self._one([None, *self.offices])
            move_office(office=office, parent=parent, actor=self.boss, at=self.at)

    def settle(self) -> None:
        if self.offices:
            person = self._person()
            office = self._one([None, *self.offices])
            rows = Membership.objects.filter(pk=person.pk)
            rows.update(office_id=office.id if office else None)
            note_places(organization_id=self.organization, people=[person.id], at=self.at)

    def enter(self) -> None:
        cohort = self._one(self.cohorts)
        add_to_cohort(cohort=cohort, membership=self._person(), actor=self.boss, at=self.at)

    def leave(self) -> None:
        cohort = self._one(self.cohorts)
        remove_from_cohort(cohort=cohort, membership=self._person(), actor=self.boss, at=self.at)

    def begin(self) -> None:
        lesson = self._one(list(self.outline.lessons()))
        LessonPlace.objects.get_or_create(
            organization_id=self.organization,
            membership_id=self._person().id,
            lesson_id=lesson.id,
            defaults={
                "lesson_version_id": lesson.version_id,
                "step": 1,
                "started_at": self.at,
                "moved_at": self.at,
            },
        )

    def finish_lesson(self) -> None:
        lesson = self._one(list(self.outline.lessons()))
        finish_lesson(membership=self._person(), lesson=lesson, at=self.at)

    def _round(self, person: Membership) -> int:
        rows = Cycle.objects.of_person(person).order_by("-number")
        return rows[0].number if rows else 1

    def complete(self) -> None:
        person, key = self._person(), self._one(["", "", "", *MODULES])
        cycle = self._round(person)
        rows = Completion.objects.of_person(person)
        if not rows.filter(key=key, cycle=cycle).exists():
            complete(person, at=self.at, key=key, cycle=cycle)

    def certify(self) -> None:
        facts = list(Completion.objects.in_organization(self.organization).filter(scope="course"))
        if facts:
            fact = self._one(facts)
            rows = Certificate.objects.in_organization(self.organization)
            number = rows.filter(membership_id=fact.membership_id, cycle=fact.cycle).count()
            Certificate.objects.create(
                organization_id=self.organization,
                membership_id=fact.membership_id,
                completion_id=fact.id,
                cycle=fact.cycle,
                number=number + 1,
                issued_at=self.at,
                expires_at=self.at + timedelta(days=self._one([60, 300, 700])),
                document={},
            )

    def revoke(self) -> None:
        rows = Certificate.objects.in_organization(self.organization)
        papers = list(rows.filter(revocations__isnull=True))
        if papers:
            paper = self._one(papers)
            Revocation.objects.create(
                organization_id=self.organization,
                membership_id=paper.membership_id,
                certificate_id=paper.id,
                revoked_at=self.at,
                reason="why",
            )

    def renew(self) -> None:
        person = self._person()
        if Completion.objects.of_person(person).filter(scope="course").exists():
            Cycle.objects.create(
                organization_id=self.organization,
                membership_id=person.id,
                number=self._round(person) + 1,
                opened_at=self.at,
            )

    def ask(self) -> None:
        target, key = self._one(
            [
                (Target.COURSE, ""),
                (Target.MODULE, "m1"),
                (Target.MODULE, "m2"),
                (Target.QUIZ, self.quiz.quiz.key),
            ]
        )
        due = self._one([None, self.at + timedelta(days=2), self.at + timedelta(days=30)])
        whom = {"cohorts": [self._one(self.cohorts)]}
        if self.chance.random() < 0.3:
            whom = {"people": [self._person()]}
        ask = Ask(target=target, key=key, due_at=due)
        assign(ask=ask, actor=self.boss, at=self.at, **whom)

    def _standing(self) -> list[Assignment]:
        return list(Assignment.objects.in_organization(self.organization).standing(self.at))

    def take_back(self) -> None:
        if rows := self._standing():
            withdraw(assignment=self._one(rows), actor=self.boss, at=self.at)

    def let_off(self) -> None:
        if rows := self._standing():
            row = self._one(rows)
            later = (row.due_at or self.at) + timedelta(days=20)
            set_exception(
                assignment=row,
                membership=self._person(),
                due_at=later,
                excused=self.chance.random() < 0.3,
                actor=self.boss,
                at=self.at,
            )

    def need(self) -> None:
        needs = Needs(extra_days=self._one([0, 5, 40]))
        set_accommodation(membership=self._person(), actor=self.boss, needs=needs, at=self.at)

    def attempt(self) -> None:
        """Begin a quiz, or hand in the one that is open."""
        person = self._person()
        rows = Attempt.objects.of_person(person)
        attempt = rows.open().first()
        if attempt is not None:
            attempt.submitted_at = self.at
            attempt.save()
            return
        Attempt.objects.create(
            organization_id=self.organization,
            membership_id=person.id,
            quiz_id=self.quiz.id,
            quiz_version_id=self.quiz.version_id,
            number=rows.count() + 1,
            seed="x",
            started_at=self.at,
        )

    def erase(self) -> None:
        if len(self.people) > 4:
            person = self._person()
            erase_person(user=person.user, at=self.at)
            forget_person(person, at=self.at)
            self.people = [one for one in self.people if one.id != person.id]
