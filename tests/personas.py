"""Who knocks in the tests: always two organisations, always the same people.

| persona       | harbour                     | lighthouse    | what the persona proves            |
|---------------|-----------------------------|---------------|------------------------------------|
| anonymous     | -                           | -             | nothing is open by accident        |
| learner       | learner, first cohort       | -             | no trainer or administrator page   |
| trainer       | trainer, first cohort       | -             | own cohort yes, second cohort no   |
| administrator | administrator               | -             | everything of the own organisation |
| both          | learner (the session's one) | administrator | a role is not carried across       |
| suspended     | learner, paused             | -             | a live session of a paused person  |
| outsider      | -                           | administrator | the other house does not exist     |

Every text of an organisation holds its canary word, so that a leak is seen in the body of a page
and not only in its status.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client

from course.access import ORGANIZATION_KEY
from course.models import (
    Cohort,
    CohortMember,
    Invitation,
    Membership,
    Office,
    Organization,
    User,
    uuid7,
)
from course.roles import Role
from course.services.audit import record_event
from course.services.codes import INVITATION_LENGTH, new_code
from course.services.placing import note_offices, note_places, note_stays
from course.services.throttle import hash_secret

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSPHRASE = "four plain words together"

ANONYMOUS = "anonymous"
LEARNER = "learner"
TRAINER = "trainer"
ADMINISTRATOR = "administrator"
BOTH = "both"
SUSPENDED = "suspended"
OUTSIDER = "outsider"
PERSONAS = (ANONYMOUS, LEARNER, TRAINER, ADMINISTRATOR, BOTH, SUSPENDED, OUTSIDER)


@dataclass
class Place:
    """One organisation of the tests. `ids` names what an address may point to: kind -> id."""

    organization: Organization
    administrator: Membership
    trainer: Membership
    learner: Membership
    first_cohort: Cohort
    second_cohort: Cohort
    stranger: Membership  # a learner of the second cohort, whom the trainer must not see
    invitation: Invitation
    code: str
    canary: str
    ids: dict[str, UUID] = field(default_factory=dict)


@dataclass
class World:
    """Both organisations and the people of the table above."""

    harbour: Place
    lighthouse: Place
    users: dict[str, User]

    def client(self, persona: str) -> Client:
        """A browser in which this persona is signed in, acting in harbour where they can."""
        client = Client()
        if persona == ANONYMOUS:
            return client
        client.force_login(self.users[persona])
        if persona == BOTH:
            session = client.session
            session[ORGANIZATION_KEY] = str(self.harbour.organization.pk)
            session.save()
        return client


def make_user(username: str, *, passphrase: str = "", display_name: str = "") -> User:
    """A person; without a passphrase by default, because hashing one takes a while."""
    return User.objects.create(
        username=username,
        display_name=display_name,
        password=make_password(passphrase or None),
        joined_at=AT,
    )


def make_membership(
    organization: Organization, user: User, role: Role = Role.LEARNER, *, is_active: bool = True
) -> Membership:
    """A place in an organisation."""
    membership: Membership = Membership.objects.create(
        organization=organization, user=user, role=role.value, is_active=is_active, joined_at=AT
    )
    note_places(organization_id=organization.pk, people=[membership.id], at=AT)
    return membership


def put_into(cohort: Cohort, membership: Membership) -> CohortMember:
    """A place in a cohort."""
    place: CohortMember = CohortMember.objects.create(
        organization_id=cohort.organization_id,
        cohort=cohort,
        membership=membership,
        joined_at=AT,
    )
    note_stays(organization_id=cohort.organization_id, people=[membership.id], at=AT)
    return place


def office_of(
    place: "Place", word: str, *, parent: Office | None = None, closed_at: datetime | None = None
) -> Office:
    """An office of this organisation, with its canary in the name."""
    organization = place.organization
    office: Office = Office.objects.create(
        organization=organization,
        name=f"{place.canary} {word}",
        parent_id=parent.id if parent else None,
        created_at=AT,
        closed_at=closed_at,
    )
    note_offices(organization_id=organization.pk, offices=[office.id], at=AT)
    return office


def make_place(key: str) -> Place:
    """An organisation with three roles, two cohorts, an open invitation and an audit entry."""
    canary = f"canary{key}"
    organization = Organization.objects.create(key=key, name=f"{canary} house", created_at=AT)

    def person(word: str, role: Role) -> Membership:
        user = make_user(f"{key}-{word}", display_name=f"{canary} {word}")
        return make_membership(organization, user, role)

    administrator = person("administrator", Role.ADMINISTRATOR)
    trainer, learner = person("trainer", Role.TRAINER), person("learner", Role.LEARNER)
    stranger = person("stranger", Role.LEARNER)
    first, second = (
        Cohort.objects.create(organization=organization, name=f"{canary} {word}", created_at=AT)
        for word in ("first", "second")
    )
    for cohort, membership in ((first, trainer), (first, learner), (second, stranger)):
        put_into(cohort, membership)
    code = new_code(INVITATION_LENGTH)
    invitation = Invitation.objects.create(
        organization=organization,
        role=Role.LEARNER.value,
        cohort=first,
        code_hash=hash_secret(code, purpose="invitation"),
        max_uses=3,
        created_at=AT,
        expires_at=AT + timedelta(days=3650),
        created_by=administrator,
    )
    with transaction.atomic():
        record_event(
            organization=organization,
            actor=administrator,
            action="test.begin",
            subject=f"organization:{organization.pk}",
            after={"name": canary},
            at=AT,
        )
    ids = {
        "person": learner.id,
        "stranger": stranger.id,
        "cohort": first.id,
        "second_cohort": second.id,
        "invitation": invitation.id,
        "organization": organization.pk,
    }
    return Place(
        organization=organization,
        administrator=administrator,
        trainer=trainer,
        learner=learner,
        first_cohort=first,
        second_cohort=second,
        stranger=stranger,
        invitation=invitation,
        code=code,
        canary=canary,
        ids=ids,
    )


def make_world() -> World:
    """Two organisations and the seven personas."""
    harbour, lighthouse = make_place("harbour"), make_place("lighthouse")
    both, suspended = make_user("both-sides"), make_user("paused-person")
    make_membership(harbour.organization, both, Role.LEARNER)
    make_membership(lighthouse.organization, both, Role.ADMINISTRATOR)
    make_membership(harbour.organization, suspended, Role.LEARNER, is_active=False)
    users = {
        LEARNER: harbour.learner.user,
        TRAINER: harbour.trainer.user,
        ADMINISTRATOR: harbour.administrator.user,
        BOTH: both,
        SUSPENDED: suspended,
        OUTSIDER: lighthouse.administrator.user,
    }
    return World(harbour=harbour, lighthouse=lighthouse, users=users)


def absent_ids() -> dict[str, UUID]:
    """Ids of the same kinds that nothing has."""
    return {
        kind: uuid7() for kind in ("person", "stranger", "cohort", "second_cohort", "invitation")
    }
