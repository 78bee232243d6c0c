"""A person's own account: making it, signing in to it, changing what is in it."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from course.models import Membership, User
from course.models.people import is_erased_name, new_session_seed
from course.services import Refused
from course.services.audit import lock_organization, record_event, record_own_event
from course.services.throttle import (
    Origin,
    TooBusy,
    forgive_guess,
    hash_place,
    reserve_guess,
    security_log,
)


class WrongNameOrPassphrase(Refused):
    """One answer for an unknown name, a wrong passphrase and a closed account."""

    def __init__(self) -> None:
        super().__init__(_("This sign-in name and passphrase do not belong together."))


class NoActivePlace(Refused):
    """The person is who they say, but no organisation lets them in at present."""

    def __init__(self) -> None:
        super().__init__(
            _("You have no active place in an organisation. Ask your administrator to let you in.")
        )


def check_passphrase(*, username: str, passphrase: str, origin: Origin, at: datetime) -> User:
    """The person, if the passphrase is right. Same work and same answer when the name is unknown.

    Raises TooManyGuesses, TooBusy or WrongNameOrPassphrase.
    """
    name = User.normalize_username(username)
    if not name or not passphrase:
        raise WrongNameOrPassphrase  # nothing was guessed, so nothing is counted
    user = User.objects.filter(username=name).first()
    if not _guess(name, user, passphrase, origin=origin, at=at) or user is None:
        security_log.info("sign-in refused: name and passphrase do not belong together")
        raise WrongNameOrPassphrase
    return user


def _guess(name: str, user: User | None, passphrase: str, *, origin: Origin, at: datetime) -> bool:
    """True when the passphrase is right and the account open; only what was wrong stays counted."""
    guess = reserve_guess(origin=origin, account=name, user=user, at=at)
    try:
        right = _passphrase_fits(user, passphrase) and user is not None and user.is_active
    except TooBusy:
        forgive_guess(guess=guess)  # nothing was compared
        raise
    if right:
        forgive_guess(guess=guess)
    return right


def _passphrase_fits(user: User | None, passphrase: str) -> bool:
    """Always one slow hash, also for unknown people and those without a passphrase.

    A right passphrase whose hash was made with older values is hashed anew. That ends the person's
    other sessions, as every change of the stored hash does.
    """
    if user is None:
        with hash_place():
            return check_password(passphrase, UNUSABLE_PASSWORD_PREFIX)

    def renew(right: str) -> None:
        user.password = make_password(right)
        user.save(update_fields=["password"])

    with hash_place():
        return check_password(passphrase, user.password, setter=renew)


def hashed(passphrase: str) -> str:
    """What is stored: a slow hash, or an unusable mark when there is no passphrase."""
    if not passphrase:
        return make_password(None)
    with hash_place():
        return make_password(passphrase)


def create_person(
    *, username: str, display_name: str, language: str, password: str, at: datetime
) -> User:
    """A new account. `password` is already hashed. Raises Refused for a name that will not do."""
    user = User(
        username=User.normalize_username(username),
        display_name=display_name,
        language=language,
        password=password,
        joined_at=at,
    )
    if is_erased_name(user.username):
        raise Refused(_("A sign-in name may not begin with “erased-”."), field="username")
    try:
        user.clean_fields(exclude={"password"})
        with transaction.atomic():
            user.save(force_insert=True)
    except ValidationError as error:
        field, reasons = next(iter(error.message_dict.items()))
        raise Refused(reasons[0], field=field) from None
    except IntegrityError:
        raise Refused(
            _("This sign-in name is taken. Please choose another."), field="username"
        ) from None
    return user


def record_sign_in(*, membership: Membership, way: str, at: datetime) -> None:
    """Note in the organisation's audit that somebody came in, and by which way."""
    with transaction.atomic():
        record_event(
            organization=membership.organization,
            actor=membership,
            action="session.start",
            subject=f"membership:{membership.id}",
            after={"way": way},
            at=at,
        )


def change_passphrase(
    *, user: User, membership: Membership, old: str, new: str, origin: Origin, at: datetime
) -> None:
    """Replace the passphrase and end all sessions. The caller renews its own.

    `old` is not asked of people who have none. Raises what `check_passphrase` raises.
    """
    if user.has_usable_password() and not _guess(user.username, user, old, origin=origin, at=at):
        raise Refused(_("This is not your passphrase of today."), field="old")
    password = hashed(new)
    with transaction.atomic():
        lock_organization(membership.organization)
        user.password = password
        user.session_seed = new_session_seed()
        user.save(update_fields=["password", "session_seed"])
        user.sign_in_links.all().delete()
        record_own_event(membership, "account.passphrase", at=at)


def change_details(
    *, user: User, membership: Membership, display_name: str, email: str, at: datetime
) -> None:
    """Set alias and e-mail. Their values stay out of the audit."""
    with transaction.atomic():
        lock_organization(membership.organization)
        user.display_name = display_name
        user.email = email
        user.save(update_fields=["display_name", "email"])
        record_own_event(membership, "account.details", at=at)


def choose_language(*, user: User, language: str) -> None:
    """Remember the language of the person. One row, so nothing else is recorded."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def end_sessions(*, user: User, membership: Membership, at: datetime) -> None:
    """Sign the person out everywhere. The caller renews its own session."""
    with transaction.atomic():
        lock_organization(membership.organization)
        rotate_sessions(user_id=user.pk)
        user.refresh_from_db(fields=["session_seed"])
        record_own_event(membership, "session.end_all", at=at)


def rotate_sessions(*, user_id: UUID) -> None:
    """Make every session of the person void, at once. Part of a larger transaction."""
    User.objects.filter(pk=user_id).update(session_seed=new_session_seed())
