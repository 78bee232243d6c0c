"""Invitations: made by administrators, printed as cards, used by people without an account."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from course.models import Cohort, CohortMember, Invitation, Membership, User
from course.roles import Role
from course.services import Refused, require_one_organization
from course.services.accounts import create_person
from course.services.audit import lock_organization, record_event
from course.services.codes import INVITATION_LENGTH, new_code, normalized
from course.services.placing import note_places, note_stays
from course.services.throttle import Origin, forgive_guess, hash_secret, reserve_guess

LONGEST_DAYS: Final = 30
MOST_USES: Final = 200


class InvitationIsOver(Refused):
    """One answer for unknown, used-up, revoked and expired codes."""

    def __init__(self) -> None:
        super().__init__(_("This code does not work. Check it, or ask for a new one."))


def create_invitation(
    *,
    actor: Membership,
    role: Role,
    cohort: Cohort | None,
    max_uses: int,
    days: int,
    at: datetime,
) -> tuple[Invitation, str]:
    """A new invitation and its code, which is stored as a hash and cannot be shown again later.

    `days` is its life, 1 to 30. A card for several people may only make learners.
    """
    if cohort is not None:
        require_one_organization(actor.organization_id, cohort.organization_id)
    if not 1 <= max_uses <= MOST_USES or not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("The number of people or days is out of range."))
    if role != Role.LEARNER and max_uses > 1:
        raise Refused(
            _("An invitation for a trainer or administrator works for one person only."),
            field="max_uses",
        )
    code = new_code(INVITATION_LENGTH)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            organization_id=actor.organization_id,
            role=role.value,
            cohort_id=cohort.id if cohort else None,
            code_hash=hash_secret(code, purpose="invitation"),
            max_uses=max_uses,
            created_at=at,
            expires_at=at + timedelta(days=days),
            created_by_id=actor.id,
        )
        record_event(
            organization=actor.organization,
            actor=actor,
            action="invitation.create",
            subject=f"invitation:{invitation.id}",
            after={"role": role.value, "uses": max_uses, "days": days},
            at=at,
        )
    return invitation, code


def revoke_invitation(*, invitation: Invitation, actor: Membership, at: datetime) -> None:
    """Make an invitation stop working. Harmless when it already has."""
    require_one_organization(invitation.organization_id, actor.organization_id)
    with transaction.atomic():
        lock_organization(actor.organization)
        rows = Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True)
        if rows.update(revoked_at=at):
            record_event(
                organization=actor.organization,
                actor=actor,
                action="invitation.revoke",
                subject=f"invitation:{invitation.id}",
                at=at,
            )


def revoke_invitations_of(*, maker: Membership, actor: Membership, at: datetime) -> None:
    """Make all open invitations of somebody stop working. Part of a larger transaction.

    Called when an administrator stops being one, who could otherwise come back through a card they
    made before.
    """
    rows = Invitation.objects.in_organization(maker.organization_id)
    for invitation in rows.filter(created_by_id=maker.id).open_at(at):
        revoke_invitation(invitation=invitation, actor=actor, at=at)


def find_invitation(*, text: str, origin: Origin, at: datetime) -> Invitation:
    """The open invitation a typed code means. Raises TooManyGuesses or InvitationIsOver."""
    code = normalized(text)
    guess = reserve_guess(origin=origin, at=at)
    if len(code) != INVITATION_LENGTH:
        raise InvitationIsOver
    rows = Invitation.objects.with_code_hash(hash_secret(code, purpose="invitation"))
    invitation = rows.open_at(at).select_related("organization", "cohort").first()
    if invitation is None:
        raise InvitationIsOver
    forgive_guess(guess=guess)
    found: Invitation = invitation
    return found


def accept_as_new_person(
    *,
    invitation: Invitation,
    username: str,
    display_name: str,
    language: str,
    password: str,
    at: datetime,
) -> Membership:
    """Make the account and let it in, or neither. `password` is already hashed."""
    with transaction.atomic():
        user = create_person(
            username=username,
            display_name=display_name,
            language=language,
            password=password,
            at=at,
        )
        return _let_in(invitation, user, at)


def accept_as_existing_person(*, invitation: Invitation, user: User, at: datetime) -> Membership:
    """Give somebody who is signed in a place in a further organisation."""
    with transaction.atomic():
        return _let_in(invitation, user, at)


def _let_in(invitation: Invitation, user: User, at: datetime) -> Membership:
    """Claim one use, then create the place. Two people never share the last use."""
    lock_organization(invitation.organization)
    rows = Invitation.objects.filter(pk=invitation.pk).open_at(at)
    if not rows.update(used_count=F("used_count") + 1):
        raise InvitationIsOver
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                organization_id=invitation.organization_id,
                user=user,
                role=invitation.role,
                joined_at=at,
            )
    except IntegrityError:
        raise Refused(_("You already have a place in this organisation.")) from None
    if invitation.cohort_id is not None:
        CohortMember.objects.create(
            organization_id=invitation.organization_id,
            cohort_id=invitation.cohort_id,
            membership_id=membership.id,
            joined_at=at,
        )
        note_stays(organization_id=invitation.organization_id, people=[membership.id], at=at)
    note_places(organization_id=invitation.organization_id, people=[membership.id], at=at)
    record_event(
        organization=invitation.organization,
        actor=membership,
        action="membership.create",
        subject=f"membership:{membership.id}",
        after={"role": invitation.role, "invitation": str(invitation.id)},
        at=at,
    )
    return membership
