"""What administrators do with one person or many in one step: cohorts, offices, managers.

All or nothing: a refusal for one person is a refusal of the whole step.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Cohort, Membership, Office
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from course.services.members import add_to_cohort, remove_from_cohort, set_active
from course.services.placing import note_places
from course.services.planning import in_circles


def move_people(
    *,
    people: Sequence[Membership],
    out_of: Cohort | None,
    into: Cohort | None,
    actor: Membership,
    reason: str = "",
    at: datetime,
) -> None:
    """Take people out of one cohort and put them into another; either may be left out.

    What they have learned, answered and been given hangs on the person and goes with them.
    """
    if out_of is None and into is None:
        raise Refused(_("Choose a cohort."), field="into")
    if out_of is not None and into is not None and out_of.id == into.id:
        raise Refused(_("They are in this cohort already."), field="into")
    with transaction.atomic():
        lock_organization(actor.organization)
        for person in people:
            if into is not None:
                add_to_cohort(cohort=into, membership=person, actor=actor, reason=reason, at=at)
            if out_of is not None:
                remove_from_cohort(
                    cohort=out_of, membership=person, actor=actor, reason=reason, at=at
                )


def set_several_active(
    *,
    people: Sequence[Membership],
    active: bool,
    actor: Membership,
    reason: str = "",
    at: datetime,
) -> None:
    """Pause places, or let people in again. Refused as a whole for oneself and the last one."""
    with transaction.atomic():
        lock_organization(actor.organization)
        for person in people:
            set_active(membership=person, active=active, actor=actor, reason=reason, at=at)


def set_manager(
    *,
    people: Sequence[Membership],
    manager: Membership | None,
    actor: Membership,
    reason: str = "",
    at: datetime,
) -> None:
    """Say whom people report to from now on, or that they report to nobody.

    Refused when somebody would report to themselves, directly or in a circle.
    """
    places = [*people, *([manager] if manager else [])]
    require_one_organization(actor.organization_id, *(one.organization_id for one in places))
    with transaction.atomic():
        lock_organization(actor.organization)
        rows = Membership.objects.in_organization(actor.organization_id)
        if manager is not None:
            _refuse_manager(rows, people, manager)
        for person in rows.filter(id__in=[one.id for one in people]).order_by("id"):
            _set_one(person, manager, actor, reason, at)


def _refuse_manager(rows: Any, people: Sequence[Membership], manager: Membership) -> None:
    if not rows.filter(id=manager.id, is_active=True).exists():
        raise Refused(_("The place of this manager is paused."), field="manager")
    above = dict(rows.filter(manager_id__isnull=False).values_list("id", "manager_id"))
    above |= {one.id: manager.id for one in people}
    if in_circles(above) & {one.id for one in people}:
        raise Refused(
            _("Somebody would report to themselves. Choose another manager."), field="manager"
        )


def set_office(
    *,
    people: Sequence[Membership],
    office: Office | None,
    actor: Membership,
    reason: str = "",
    at: datetime,
) -> None:
    """Say in which office people work from now on, or in none. Refused when it is closed."""
    require_one_organization(actor.organization_id, *(one.organization_id for one in people))
    if office is not None:
        require_one_organization(actor.organization_id, office.organization_id)
    wanted = office.id if office else None
    with transaction.atomic():
        lock_organization(actor.organization)
        rows = Membership.objects.in_organization(actor.organization_id)
        rows = rows.filter(id__in=[one.id for one in people]).order_by("id")
        moved = [one for one in rows if one.office_id != wanted]
        if office is not None and moved and Office.objects.get(pk=office.pk).closed_at is not None:
            raise Refused(_("This office is closed and takes nobody new."), field="office")
        rows.filter(id__in=[one.id for one in moved]).update(office_id=wanted)
        note_places(organization_id=actor.organization_id, people=[one.id for one in moved], at=at)
        for person in moved:
            record_event(
                organization=actor.organization,
                actor=actor,
                action="membership.office",
                subject=f"membership:{person.id}",
                before={"office": str(person.office_id or "")},
                after={"office": str(wanted or "")},
                reason=reason,
                at=at,
            )


def _set_one(
    person: Membership, manager: Membership | None, actor: Membership, reason: str, at: datetime
) -> None:
    wanted = manager.id if manager else None
    if person.manager_id == wanted:
        return
    Membership.objects.filter(pk=person.pk).update(manager_id=wanted)
    note_places(organization_id=person.organization_id, people=[person.id], at=at)
    record_event(
        organization=actor.organization,
        actor=actor,
        action="membership.manager",
        subject=f"membership:{person.id}",
        before={"manager": str(person.manager_id or "")},
        after={"manager": str(wanted or "")},
        reason=reason,
        at=at,
    )
