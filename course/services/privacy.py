"""Taking a person out of the site without taking out what the organisation must account for."""

from datetime import datetime
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction

from course.models import Language, Membership, User
from course.models.people import ERASED, new_session_seed
from course.services.audit import lock_organization, record_event
from course.services.members import refuse_last_administrator
from course.services.placing import note_places


def erase_person(*, user: User, reason: str = "", at: datetime) -> None:
    """Replace everything that says who somebody is, close the account, end sessions and links.

    What stays hangs on the membership and names nobody: results, places in cohorts, entries of the
    record. Run from the console, so the record says "server". Afterwards `checkpoint` must empty
    SQLite's log, where old pages still lie. Raises Refused for the last administrator of an
    organisation that has other people.
    """
    with transaction.atomic():
        places = list(Membership.objects.of_user(user).order_by("organization_id"))
        for place in places:
            lock_organization(place.organization)
            refuse_last_administrator(place, unless_alone=True)
        _blank(user)
        for place in places:
            Membership.objects.filter(pk=place.pk).update(is_active=False)
            note_places(organization_id=place.organization_id, people=[place.id], at=at)
            record_event(
                organization=place.organization,
                actor=None,
                action="person.erase",
                subject=f"membership:{place.id}",
                reason=reason,
                at=at,
            )


def _blank(user: User) -> None:
    user.username = f"{ERASED}{uuid4().hex[:24]}"
    user.display_name = user.email = ""
    user.language = Language.ENGLISH.value
    user.password = make_password(None)
    user.session_seed = new_session_seed()
    user.is_active = user.is_operator = False
    user.save()
    user.sign_in_links.all().delete()
