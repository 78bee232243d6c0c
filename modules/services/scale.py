"""Bulk data: organisations full of made-up people, to measure with. Never on a real site.

A few people live through the course by the same services as everybody; all others are copies of
them (`copying`). Everything that could be read by a report is there: places with their history,
offices, cohorts, something that was asked and is overdue.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count

from course.models import (
    Cohort,
    CohortMember,
    CohortStay,
    Membership,
    Office,
    OfficeStay,
    Organization,
    Placement,
    User,
)
from course.roles import Role
from course.services.accounts import create_person
from course.services.members import create_membership, create_organization
from course.sqlite import tidy_up
from modules.outline import Outline
from modules.published import current_outline
from modules.services.copying import TURNABLE, Copy, Original, read_originals, write_copies
from modules.services.demo import DAYS_BACK, live_through
from modules.services.demo_quizzes import take_quiz
from quizzes.listing import entries_for
from quizzes.models import Assignment, Response, Target
from quizzes.services.assigning import Ask, assign
from quizzes.simulating import SimulatedLearner

PREFIX: Final = "scale"
ORIGINALS: Final = 24
COHORT_SIZE: Final = 25
OFFICES: Final = ("North", "North: harbour", "North: market", "South", "South: station", "East")
IN_ONE_GO: Final = 500  # people in one transaction: what is lost when it is stopped
LIGHT: Final = 50
ATTEMPTS, ANSWERS = 2, 20  # everybody has at least so many attempts, each with so many answers
YEAR: Final = timedelta(days=365)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is wanted in all."""

    learners: int
    organizations: int
    light: bool = False  # one of fifty has answers, the others lessons and completions only

    def people_in(self, number: int) -> int:
        """How many learners organisation `number` (from 1) gets."""
        whole, rest = divmod(self.learners, self.organizations)
        return whole + (1 if number <= rest else 0)


def seed_scale(*, wanted: Wanted, at: datetime, say: Say) -> None:
    """Make what is missing; safe to stop at any time and to begin again.

    `say` is told after each group of people. Raises ValueError for less than a learner each.
    """
    if wanted.organizations < 1 or wanted.learners < wanted.organizations:
        raise ValueError("Every organisation needs at least one learner.")
    originals = _originals(at)
    done = 0
    for number in range(1, wanted.organizations + 1):
        house = _House.open(number, at)
        for name, first, last in house.missing(wanted.people_in(number)):
            with transaction.atomic():
                rows = house.fill(originals, first, last, at, light=wanted.light)
            tidy_up()  # no request ends here, and the log would outgrow the database
            say(f"{name}: {last} people, {rows} rows of what they did")
        done += wanted.people_in(number)
    say(f"{done} learners in {wanted.organizations} organisations")


# --- the few who live through it ------------------------------------------------------------------


def _originals(at: datetime) -> list[Original]:
    key = f"{PREFIX}-originals"
    found = Organization.objects.filter(key=key).first()
    house = found or create_organization(key=key, name="Originals", at=at - 2 * YEAR)
    outline = current_outline()
    people = [_original(house, outline, number, at) for number in range(ORIGINALS)]
    return read_originals(people)


def _original(house: Organization, outline: Outline, number: int, at: datetime) -> Membership:
    name = f"{PREFIX}-original-{number:02d}"
    rows = Membership.objects.in_organization(house).filter(user__username=name)
    known: Membership | None = rows.first()
    if known is not None:
        return known
    # From three lessons to all of them, begun from two months to a year and a half ago.
    lessons = 3 + (len(list(outline.lessons())) - 3) * min(number, 15) / 15
    begun = at - timedelta(days=DAYS_BACK + 1 + 460 * ((number * 7) % ORIGINALS) / ORIGINALS)
    with transaction.atomic():
        user = create_person(
            username=name, display_name="", language="en", password=make_password(None), at=begun
        )
        person = create_membership(
            organization=house, user=user, role=Role.LEARNER, at=begun - timedelta(days=1)
        )
        live_through(outline, person, lessons, begun + timedelta(days=DAYS_BACK))
        _take_what_is_missing(person, number, begun + timedelta(days=DAYS_BACK - 1))
    return person


def _take_what_is_missing(person: Membership, number: int, at: datetime) -> None:
    """Tests until there are two attempts of twenty answers, whatever the course drew."""
    who = SimulatedLearner(0.9, 0.1, 0.8, random.Random(number))  # noqa: S311 -- a game
    for _ in range(ATTEMPTS - _long_attempts(person)):
        allowed = (one for one in entries_for(person, at=at) if one.allowed)
        test = next(one for one in allowed if one.quiz.kind in {"pre-test", "final"})
        language = person.user.language
        take_quiz(person=person, quiz=test.published, who=who, at=at, language=language)
        at += timedelta(hours=2)


def _long_attempts(person: Membership) -> int:
    mine = Response.objects.in_organization(person.organization_id)
    rows = mine.filter(attempt__membership_id=person.id, attempt__submitted_at__isnull=False)
    counted = (
        rows.order_by().values("attempt_id").annotate(answers=Count("position", distinct=True))
    )
    return int(counted.filter(answers__gte=ANSWERS).count())


# --- the many ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _House:
    """One organisation of the bulk data."""

    number: int
    organization: Organization
    offices: tuple[UUID, ...]

    @classmethod
    def open(cls, number: int, at: datetime) -> _House:
        """The organisation with its offices and staff, made if it is not there."""
        key = f"{PREFIX}-{number:04d}"
        found = Organization.objects.filter(key=key).first()
        since = at - 2 * YEAR
        if found is None:
            with transaction.atomic():
                found = create_organization(key=key, name=f"Scale {number:04d}", at=since)
                _open_offices(found, since)
                for role in (Role.ADMINISTRATOR, Role.TRAINER):
                    _staff(found, f"{key}-{role.value}", role, since)
        offices = Office.objects.in_organization(found).order_by("name")
        return cls(number, found, tuple(offices.values_list("id", flat=True)))

    def missing(self, people: int) -> Iterator[tuple[str, int, int]]:
        """(key of the organisation, first and last number of a group) not written yet."""
        rows = Membership.objects.in_organization(self.organization)
        there = rows.filter(role=Role.LEARNER.value).count()
        while there < people:
            until = min(there + IN_ONE_GO, people)
            yield self.organization.key, there + 1, until
            there = until

    def fill(
        self, originals: list[Original], first: int, last: int, at: datetime, *, light: bool
    ) -> int:
        """Write people number `first` to `last` with everything they did; returns the rows."""
        chance = random.Random(f"{self.number}/{first}")  # noqa: S311 -- made-up ids
        copies = {
            number: Copy(
                originals[number % len(originals)],
                chance.getrandbits(128) & TURNABLE,
                answers=not light or number % LIGHT == 0,
            )
            for number in range(first, last + 1)
        }
        since = at - 2 * YEAR
        self._people(copies, since)
        self._cohorts(copies, since, at)
        return write_copies(self.organization.pk, list(copies.values()))

    def _people(self, copies: dict[int, Copy], since: datetime) -> None:
        common: dict[str, Any] = {"organization_id": self.organization.pk}
        users = {
            number: User(
                username=f"{self.organization.key}-{number:07d}",
                password=NO_PASSPHRASE,
                joined_at=since,
            )
            for number in copies
        }
        User.objects.bulk_create(users.values(), batch_size=IN_ONE_GO)
        place = {"role": Role.LEARNER.value, "is_active": True}
        Membership.objects.bulk_create(
            Membership(
                **common,
                **place,
                id=one.membership,
                user=users[number],
                joined_at=since,
                office_id=self.offices[number % len(self.offices)],
            )
            for number, one in copies.items()
        )
        Placement.objects.bulk_create(
            Placement(
                **common,
                **place,
                membership_id=one.membership,
                office_id=self.offices[number % len(self.offices)],
                since=since,
            )
            for number, one in copies.items()
        )

    def _cohorts(self, copies: dict[int, Copy], since: datetime, at: datetime) -> None:
        common: dict[str, Any] = {"organization_id": self.organization.pk}
        cohorts = {
            group: _cohort(self.organization, group, since)
            for group in sorted({(number - 1) // COHORT_SIZE for number in copies})
        }
        places = [
            {"cohort_id": cohorts[(number - 1) // COHORT_SIZE].id, "membership_id": one.membership}
            for number, one in copies.items()
        ]
        CohortMember.objects.bulk_create(
            CohortMember(**common, **place, joined_at=since) for place in places
        )
        CohortStay.objects.bulk_create(
            CohortStay(**common, **place, since=since) for place in places
        )
        if not Assignment.objects.in_organization(self.organization).exists():
            self._ask(list(cohorts.values())[::2], at)

    def _ask(self, cohorts: list[Cohort], at: datetime) -> None:
        """Half of the first cohorts were asked for the course, and the date is over."""
        staff = Membership.objects.in_organization(self.organization)
        ask = Ask(target=Target.COURSE, due_at=at - timedelta(days=30))
        actor = staff.get(role=Role.ADMINISTRATOR.value)
        assign(ask=ask, cohorts=cohorts, actor=actor, at=at - timedelta(days=90))


NO_PASSPHRASE: Final = make_password(None)


def _cohort(organization: Organization, number: int, since: datetime) -> Cohort:
    found: Cohort
    found, _made = Cohort.objects.get_or_create(
        organization=organization, name=f"Group {number + 1:06d}", defaults={"created_at": since}
    )
    return found


def _open_offices(organization: Organization, since: datetime) -> None:
    offices: dict[str, Office] = {}
    for name in OFFICES:
        above = offices.get(name.partition(":")[0])
        offices[name] = Office.objects.create(
            organization=organization,
            name=name,
            parent_id=above.id if above else None,
            created_at=since,
        )
        OfficeStay.objects.create(
            organization=organization,
            office_id=offices[name].id,
            parent_id=offices[name].parent_id,
            since=since,
        )


def _staff(organization: Organization, name: str, role: Role, since: datetime) -> None:
    user = create_person(
        username=name, display_name="", language="en", password=make_password(None), at=since
    )
    create_membership(organization=organization, user=user, role=role, at=since)


__all__ = ["PREFIX", "Wanted", "seed_scale"]
