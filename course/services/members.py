"""What administrators do with people and cohorts of their organisation."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from course.models import Cohort, CohortMember, Membership, Organization, User
from course.roles import Role
from course.services import Refused, require_one_organization
from course.services.accounts import rotate_sessions
from course.services.audit import lock_organization, record_event
from course.services.invitations import revoke_invitations_of
from course.services.placing import note_places, note_stays


def create_organization(*, key: str, name: str, at: datetime) -> Organization:
    """A new organisation without people. Raises Refused when key or name will not do."""
    organization = Organization(key=key, name=name, created_at=at)
    try:
        organization.clean_fields()
        with transaction.atomic():
            organization.save(force_insert=True)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    except IntegrityError:
        raise Refused(_("An organisation with this key exists already.")) from None
    return organization


def create_membership(
    *, organization: Organization, user: User, role: Role, at: datetime
) -> Membership:
    """A place given from the console, without an invitation."""
    with transaction.atomic():
        membership = Membership.objects.create(
            organization=organization, user=user, role=role.value, joined_at=at
        )
        note_places(organization_id=organization.pk, people=[membership.id], at=at)
        record_event(
            organization=organization,
            actor=None,
            action="membership.create",
            subject=f"membership:{membership.id}",
            after={"role": role.value},
            at=at,
        )
    return membership


def change_role(
    *, membership: Membership, role: Role, actor: Membership, reason: str = "", at: datetime
) -> None:
    """Give a person another role and end their sessions; a former administrator's cards end too.

    Refused for oneself and for the last active administrator: an organisation that nobody runs
    could only be rescued from the console.
    """
    require_one_organization(membership.organization_id, actor.organization_id)
    with transaction.atomic():
        lock_organization(actor.organization)
        fresh = Membership.objects.get(pk=membership.pk)
        if fresh.role == role.value:
            return
        _refuse_self(fresh, actor)
        refuse_last_administrator(fresh)
        if fresh.role == Role.ADMINISTRATOR:
            revoke_invitations_of(maker=fresh, actor=actor, at=at)
        Membership.objects.filter(pk=fresh.pk).update(role=role.value)
        note_places(organization_id=fresh.organization_id, people=[fresh.id], at=at)
        rotate_sessions(user_id=fresh.user_id)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="membership.role",
            subject=f"membership:{fresh.id}",
            before={"role": fresh.role},
            after={"role": role.value},
            reason=reason,
            at=at,
        )


def set_active(
    *, membership: Membership, active: bool, actor: Membership, reason: str = "", at: datetime
) -> None:
    """Pause a person's place, or let them in again. Nothing they did is lost. Ends sessions."""
    require_one_organization(membership.organization_id, actor.organization_id)
    with transaction.atomic():
        lock_organization(actor.organization)
        fresh = Membership.objects.get(pk=membership.pk)
        if fresh.is_active == active:
            return
        _refuse_self(fresh, actor)
        if fresh.role == Role.ADMINISTRATOR and not active:
            refuse_last_administrator(fresh)
            revoke_invitations_of(maker=fresh, actor=actor, at=at)
        Membership.objects.filter(pk=fresh.pk).update(is_active=active)
        note_places(organization_id=fresh.organization_id, people=[fresh.id], at=at)
        rotate_sessions(user_id=fresh.user_id)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="membership.activate" if active else "membership.deactivate",
            subject=f"membership:{fresh.id}",
            before={"active": fresh.is_active},
            after={"active": active},
            reason=reason,
            at=at,
        )


def _refuse_self(membership: Membership, actor: Membership) -> None:
    if membership.id == actor.id:
        raise Refused(_("You cannot change your own place. Ask another administrator."))


def refuse_last_administrator(membership: Membership, *, unless_alone: bool = False) -> None:
    """Raise Refused when nobody else could run the organisation. Call it under its lock.

    `unless_alone`: an organisation without other active people needs nobody to run it.
    """
    if membership.role != Role.ADMINISTRATOR or not membership.is_active:
        return
    rows = Membership.objects.in_organization(membership.organization_id).active()
    others = rows.exclude(id=membership.id)
    if unless_alone and not others.exists():
        return
    if not others.filter(role=Role.ADMINISTRATOR.value).exists():
        raise Refused(_("This is the last administrator. Name another one first."))


# --- cohorts ------------------------------------------------------------------------------------


def create_cohort(*, name: str, actor: Membership, at: datetime) -> Cohort:
    """A new, empty cohort. Raises Refused when the name is taken."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                cohort = Cohort.objects.create(
                    organization_id=actor.organization_id, name=name, created_at=at
                )
        except IntegrityError:
            raise _name_is_taken() from None
        _record_cohort(cohort, actor, "cohort.create", at, after={"name": name})
    return cohort


def rename_cohort(*, cohort: Cohort, name: str, actor: Membership, at: datetime) -> None:
    """Give a cohort another name. Raises Refused when the name is taken."""
    require_one_organization(cohort.organization_id, actor.organization_id)
    with transaction.atomic():
        before = Cohort.objects.get(pk=cohort.pk).name
        if before == name:
            return
        try:
            with transaction.atomic():
                Cohort.objects.filter(pk=cohort.pk).update(name=name)
        except IntegrityError:
            raise _name_is_taken() from None
        _record_cohort(
            cohort, actor, "cohort.rename", at, before={"name": before}, after={"name": name}
        )


def add_to_cohort(
    *, cohort: Cohort, membership: Membership, actor: Membership, reason: str = "", at: datetime
) -> None:
    """Put a person into a cohort. Harmless when they are in it already."""
    require_one_organization(
        cohort.organization_id, membership.organization_id, actor.organization_id
    )
    with transaction.atomic():
        _place, created = CohortMember.objects.get_or_create(
            organization_id=cohort.organization_id,
            cohort_id=cohort.id,
            membership_id=membership.id,
            defaults={"joined_at": at},
        )
        if created:
            note_stays(organization_id=cohort.organization_id, people=[membership.id], at=at)
            after = {"membership": str(membership.id)}
            _record_cohort(cohort, actor, "cohort.add", at, after=after, reason=reason)


def remove_from_cohort(
    *, cohort: Cohort, membership: Membership, actor: Membership, reason: str = "", at: datetime
) -> None:
    """Take a person out of a cohort. Harmless when they are not in it."""
    require_one_organization(
        cohort.organization_id, membership.organization_id, actor.organization_id
    )
    with transaction.atomic():
        places = CohortMember.objects.in_organization(cohort.organization_id)
        deleted, _kinds = places.filter(cohort_id=cohort.id, membership_id=membership.id).delete()
        if deleted:
            note_stays(organization_id=cohort.organization_id, people=[membership.id], at=at)
            before = {"membership": str(membership.id)}
            _record_cohort(cohort, actor, "cohort.remove", at, before=before, reason=reason)


def _name_is_taken() -> Refused:
    return Refused(_("There is a cohort with this name already."), field="name")


def _record_cohort(
    cohort: Cohort,
    actor: Membership,
    action: str,
    at: datetime,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    record_event(
        organization=actor.organization,
        actor=actor,
        action=action,
        subject=f"cohort:{cohort.id}",
        before=before,
        after=after,
        reason=reason,
        at=at,
    )
