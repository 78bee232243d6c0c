"""Taking a person out of the site without taking out what the organisation must account for.

Upper floors know more about people; `modules.services.erasing` calls these and adds theirs.
"""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _

from course import sqlite
from course.models import Invitation, Language, Membership, User
from course.models.people import ERASED, is_erased_name, new_session_seed
from course.services import Refused, require_one_organization
from course.services.accounts import rotate_sessions
from course.services.audit import lock_organization, record_event
from course.services.members import refuse_last_administrator
from course.services.placing import note_places


class Decided(StrEnum):
    """Who decided that somebody is erased. Kept in the record."""

    SELF = "self"
    ADMINISTRATOR = "administrator"
    SERVER = "server"
    TIME = "time"


def erase_person(
    *, user: User, decided: Decided = Decided.SERVER, reason: str = "", at: datetime
) -> None:
    """Replace everything that says who somebody is, close the account, end sessions and links.

    What stays hangs on the membership and names nobody: results, places in cohorts, entries of the
    record. By the person or from the console, so the record names the person or "server". After
    the transaction `empty_logs` must empty SQLite's log, where old pages still lie. Raises Refused
    for the last administrator of an organisation that has other people.
    """
    with transaction.atomic():
        places = list(Membership.objects.of_user(user).order_by("organization_id"))
        for place in places:
            lock_organization(place.organization)
            refuse_last_administrator(place, unless_alone=True)
        _blank(user)
        for place in places:
            actor = place if decided is Decided.SELF else None
            _end_place(place, actor=actor, decided=decided, reason=reason, at=at)


def erase_place(
    *,
    membership: Membership,
    actor: Membership | None,
    decided: Decided,
    reason: str = "",
    at: datetime,
) -> None:
    """Make one place in one organisation nameless and end it; by an administrator, or by time.

    Decision 0022: the account itself is erased when this is its only place. When the person also
    belongs elsewhere, the place here gets a nameless account of its own, so that nothing here leads
    to the person any more and nothing there changes. The same goes for accounts of operators, which
    no organisation may close. The words and the entry are the same either way: that somebody also
    belongs elsewhere is nobody's business here. Raises Refused.
    """
    with transaction.atomic():
        lock_organization(membership.organization)
        fresh = Membership.objects.get(pk=membership.pk)
        user = User.objects.select_for_update(no_key=True).get(pk=fresh.user_id)
        _refuse_erasing(fresh, user, actor)
        refuse_last_administrator(fresh, unless_alone=True)
        if Membership.objects.of_user(user).count() == 1 and not user.is_operator:
            _blank(user)
        else:
            rotate_sessions(user_id=user.pk)
            Membership.objects.filter(pk=fresh.pk).update(user_id=_nobody(at).pk)
        _end_place(fresh, actor=actor, decided=decided, reason=reason, at=at)


def is_erased(user: User) -> bool:
    """Whether this account is what is left of somebody who was erased."""
    return not user.is_active and is_erased_name(user.username)


def empty_logs() -> bool:
    """Empty SQLite's logs of what was just deleted; False when somebody was reading or writing.

    The chores of the next hour then do it. Nothing to do inside a transaction, which only tests
    have here, and on PostgreSQL, which looks after its own log.
    """
    whole = True
    for alias, path in sqlite.sqlite_files().items():
        if not connections[alias].in_atomic_block:
            result = sqlite.checkpoint(path)
            whole = whole and result is not None and result.complete
    return whole


def _refuse_erasing(place: Membership, user: User, actor: Membership | None) -> None:
    if is_erased(user):
        raise Refused(_("This person was erased already."))
    if actor is None:
        return
    require_one_organization(place.organization_id, actor.organization_id)
    if place.id == actor.id:
        raise Refused(_("To delete your own account, go to “My account”."))


def _end_place(
    place: Membership,
    *,
    actor: Membership | None,
    decided: Decided,
    reason: str,
    at: datetime,
) -> None:
    # As when an administrator stops being one: nobody comes back through a card they made before.
    made = Invitation.objects.in_organization(place.organization_id).filter(created_by_id=place.id)
    ended = made.open_at(at).update(revoked_at=at)
    Membership.objects.filter(pk=place.pk).update(is_active=False)
    note_places(organization_id=place.organization_id, people=[place.id], at=at)
    record_event(
        organization=place.organization,
        actor=actor,
        action="person.erase",
        subject=f"membership:{place.id}",
        after={"decided": decided.value, **({"invitations_ended": ended} if ended else {})},
        reason=reason,
        at=at,
    )


def _nobody(at: datetime) -> User:
    """An account that names nobody and lets nobody in."""
    nobody = User(joined_at=at)
    _blank(nobody)
    return nobody


def _blank(user: User) -> None:
    known = not user._state.adding
    user.username = f"{ERASED}{uuid4().hex[:24]}"
    user.display_name = user.email = ""
    user.language = Language.ENGLISH.value
    user.password = make_password(None)
    user.session_seed = new_session_seed()
    user.is_active = user.is_operator = False
    user.save()
    if known:
        user.sign_in_links.all().delete()
