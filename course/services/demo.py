"""Two made-up organisations to look around in. Never on a server that others can reach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password

from course.models import Cohort, CohortMember, Membership, Organization, User
from course.roles import Role
from course.services.accounts import create_person
from course.services.members import create_membership, create_organization
from course.services.placing import note_stays

PEOPLE_PER_ORGANIZATION: Final = 12


@dataclass(frozen=True, kw_only=True)
class _Plan:
    key: str
    name: str
    suffix: str  # learner, learner2: the three well-known names
    cohorts: tuple[str, str]
    people: tuple[tuple[str, str, str], ...]  # sign-in name, alias, language


PLANS: Final = (
    _Plan(
        key="harbour",
        name="Harbour",
        suffix="",
        cohorts=("Monday group", "Evening group"),
        people=(
            ("calm-pandan", "Kak Mel", "ms"),
            ("red-jambu", "Aina", "ms"),
            ("quiet-basil", "Theresa", "en"),
            ("early-kopi", "Pak Din", "ms"),
            ("green-serai", "Su Lin", "en"),
            ("golden-limau", "Devi", "en"),
            ("kind-betik", "Jo", "en"),
            ("soft-melur", "Rohani", "ms"),
            ("wise-halia", "Uncle Bala", "en"),
            ("sunny-nanas", "Farah", "ms"),
            ("merry-kelapa", "Grace", "en"),
            ("plain-ubi", "", "ms"),
        ),
    ),
    _Plan(
        key="lighthouse",
        name="Lighthouse",
        suffix="2",
        cohorts=("North office", "Volunteers"),
        people=(
            ("blue-teratai", "Mei", "en"),
            ("warm-kunyit", "Abang Zul", "ms"),
            ("bright-mangga", "Linda", "en"),
            ("still-tebu", "Nora", "ms"),
            ("jade-pinang", "Wong", "en"),
            ("amber-durian", "Selvi", "en"),
            ("mild-bayam", "Ija", "ms"),
            ("silver-bunga", "Agnes", "en"),
            ("quick-lada", "Hafiz", "ms"),
            ("ivory-kemboja", "Ros", "ms"),
            ("steady-pisang", "Priya", "en"),
            ("round-tomato", "", "en"),
        ),
    ),
)


def seed_people(at: datetime) -> tuple[Organization, ...]:
    """Make what is missing of the two organisations and return them. Safe to repeat.

    Nobody has a passphrase; `sign_in_link` lets one in. The trainer looks after the first cohort
    only, so that the difference between "my cohort" and "another cohort" can be seen.
    """
    return tuple(_seed_organization(plan, at) for plan in PLANS)


def _seed_organization(plan: _Plan, at: datetime) -> Organization:
    organization = Organization.objects.filter(key=plan.key).first()
    organization = organization or create_organization(key=plan.key, name=plan.name, at=at)
    cohorts = [_cohort(organization, name, at) for name in plan.cohorts]
    well_known = (
        (Role.ADMINISTRATOR, "admin"),
        (Role.TRAINER, "trainer"),
        (Role.LEARNER, "learner"),
    )
    for role, name in well_known:
        membership = _member(organization, f"{name}{plan.suffix}", "", "en", role, at)
        if role != Role.ADMINISTRATOR:
            _place(cohorts[0], membership, at)
    for number, (name, alias, language) in enumerate(plan.people):
        membership = _member(organization, name, alias, language, Role.LEARNER, at)
        _place(cohorts[0] if number < 7 else cohorts[1], membership, at)
    return organization


def _cohort(organization: Organization, name: str, at: datetime) -> Cohort:
    found: Cohort
    found, _created = Cohort.objects.get_or_create(
        organization=organization, name=name, defaults={"created_at": at}
    )
    return found


def _member(
    organization: Organization, name: str, alias: str, language: str, role: Role, at: datetime
) -> Membership:
    user = User.objects.filter(username=name).first() or create_person(
        username=name,
        display_name=alias,
        language=language,
        password=make_password(None),
        at=at,
    )
    found: Membership | None = (
        Membership.objects.in_organization(organization).filter(user=user).first()
    )
    return found or create_membership(organization=organization, user=user, role=role, at=at)


def _place(cohort: Cohort, membership: Membership, at: datetime) -> None:
    CohortMember.objects.get_or_create(
        organization_id=cohort.organization_id,
        cohort_id=cohort.id,
        membership_id=membership.id,
        defaults={"joined_at": at},
    )
    note_stays(organization_id=cohort.organization_id, people=[membership.id], at=at)
