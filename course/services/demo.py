"""Two made-up organisations to look around in. Never on a server that others can reach."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from course.models import Cohort, CohortMember, Membership, Office, Organization, User
from course.roles import Role
from course.services.accounts import create_person
from course.services.members import create_membership, create_organization
from course.services.offices import create_office
from course.services.placing import note_stays
from course.services.several import set_manager, set_office

PEOPLE_PER_ORGANIZATION: Final = 12
# They came before the first thing that the upper floors let them do, so that a report about last
# month finds them there, with less done than today.
HERE_SINCE: Final = timedelta(days=62)
NEWCOMERS: Final = ("learner", "learner2")  # begin today, whoever follows the printed link
LEADS: Final = 8  # the number of the person to whom the rest of the second cohort reports


@dataclass(frozen=True, kw_only=True)
class _Plan:
    key: str
    name: str
    suffix: str  # learner, learner2: the three well-known names
    cohorts: tuple[str, str]
    offices: tuple[tuple[str, str], ...]  # name, name of the office above or ""
    people: tuple[tuple[str, str, str], ...]  # sign-in name, alias, language


PLANS: Final = (
    _Plan(
        key="harbour",
        name="Harbour",
        suffix="",
        cohorts=("Monday group", "Evening group"),
        offices=(
            ("Head office", ""),
            ("North region", ""),
            ("Hill Street branch", "North region"),
            ("River Road branch", "North region"),
            ("East branch", ""),
        ),
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
        offices=(
            ("Main office", ""),
            ("Coast region", ""),
            ("Jetty branch", "Coast region"),
            ("Bay branch", "Coast region"),
        ),
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
    back = at - HERE_SINCE
    organization = organization or create_organization(key=plan.key, name=plan.name, at=back)
    cohorts = [_cohort(organization, name, back) for name in plan.cohorts]
    well_known = (
        (Role.ADMINISTRATOR, "admin"),
        (Role.TRAINER, "trainer"),
        (Role.LEARNER, "learner"),
    )
    for role, name in well_known:
        since = at if f"{name}{plan.suffix}" in NEWCOMERS else back
        membership = _member(organization, f"{name}{plan.suffix}", "", "en", role, since)
        if role != Role.ADMINISTRATOR:
            _place(cohorts[0], membership, since)
    for number, (name, alias, language) in enumerate(plan.people):
        membership = _member(organization, name, alias, language, Role.LEARNER, back)
        _place(cohorts[0] if number < 7 else cohorts[1], membership, back)
    if not Office.objects.in_organization(organization).exists():
        _seed_offices(organization, plan, back)
    return organization


def _seed_offices(organization: Organization, plan: _Plan, at: datetime) -> None:
    """The tree, people in turn in its offices, and one to whom a part of a cohort reports."""
    rows = Membership.objects.in_organization(organization).select_related("user", "organization")
    people = {one.user.username: one for one in rows}
    actor = people[f"admin{plan.suffix}"]
    offices: dict[str, Office] = {}
    for name, above in plan.offices:
        offices[name] = create_office(name=name, parent=offices.get(above), actor=actor, at=at)
    team = [people[name] for name, _alias, _language in plan.people]
    for number, office in enumerate(offices.values()):
        set_office(people=team[number :: len(offices)], office=office, actor=actor, at=at)
    below = [one for number, one in enumerate(team) if number > 6 and number != LEADS]
    set_manager(people=below, manager=team[LEADS], actor=actor, at=at)


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
