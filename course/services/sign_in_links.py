"""One-time codes that sign one person in within a day: a link, or the same signs on paper."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Membership, SignInLink, User
from course.roles import Role
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from course.services.codes import SIGN_IN_LENGTH, new_code, normalized
from course.services.throttle import Origin, hash_secret, reserve_guess

LIFETIME: Final = timedelta(hours=24)


class LinkIsOver(Refused):
    """One answer for unknown, used and expired codes."""

    def __init__(self) -> None:
        super().__init__(
            _("This link or code does not work any more. Ask your administrator for a new one.")
        )


def create_sign_in_link(*, user: User, at: datetime) -> str:
    """A new code for a person, shown once and stored as a hash. Older open ones stop working."""
    code = new_code(SIGN_IN_LENGTH)
    with transaction.atomic():
        SignInLink.objects.filter(user=user).delete()
        SignInLink.objects.create(
            user=user,
            token_hash=hash_secret(code, purpose="sign-in"),
            created_at=at,
            expires_at=at + LIFETIME,
        )
    return code


def create_link_for_member(*, membership: Membership, actor: Membership, at: datetime) -> str:
    """A code made by an administrator for somebody who cannot get in any more.

    Refused for administrators and for people who also belong elsewhere: otherwise one
    organisation's administrator could act in another organisation under a borrowed name.
    """
    require_one_organization(membership.organization_id, actor.organization_id)
    with transaction.atomic():
        lock_organization(actor.organization)  # the role must not change meanwhile
        _refuse_borrowed_name(Membership.objects.get(pk=membership.pk))
        code = create_sign_in_link(user=membership.user, at=at)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="sign_in_link.create",
            subject=f"membership:{membership.id}",
            at=at,
        )
    return code


def _refuse_borrowed_name(membership: Membership) -> None:
    if not membership.is_active:
        raise Refused(_("Let this person in again first."))
    elsewhere = Membership.objects.of_user(membership.user_id).count() > 1
    if membership.role == Role.ADMINISTRATOR or elsewhere:
        # One sentence for both, so that it does not tell where else somebody belongs.
        raise Refused(_("A link for this person must be made by the people who run the server."))


def use_sign_in_link(*, text: str, origin: Origin, at: datetime) -> User:
    """The person a code belongs to; it works for exactly one caller, however many try at once.

    The right code is never refused, whatever the throttle has counted; wrong ones are counted.
    Raises TooManyGuesses or LinkIsOver.
    """
    user = _claim(normalized(text), at)
    if user is None:
        reserve_guess(origin=origin, at=at)
        raise LinkIsOver
    return user


def _claim(code: str, at: datetime) -> User | None:
    """Mark the link as used and return its person, or None when there is nothing to claim.

    Of two simultaneous requests only one changes the row. The condition must stay on the row
    itself: a join would move it into a subquery, which PostgreSQL does not look at again after
    waiting for the other request, and both would win.
    """
    if len(code) != SIGN_IN_LENGTH:
        return None
    rows = SignInLink.objects.filter(token_hash=hash_secret(code, purpose="sign-in"))
    if not rows.open_at(at).update(used_at=at):
        return None
    user = rows.select_related("user").get().user
    return user if user.is_active else None
