"""Keys of an organisation for other programs: made, found, used, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from course.models import Membership
from course.services import Refused
from course.services.audit import lock_organization, record_event
from course.services.throttle import (
    SLICE,
    WINDOW,
    Origin,
    hash_secret,
    read_slices,
    spend,
)
from modules.models import ApiToken
from modules.models.tokens import KEY_PURPOSE
from modules.scopes import Scope
from modules.services.report_planning import today_of

PREFIX: Final = "kenali_"  # lets a scanner of secrets, and a person, see what it is
SECRET_BYTES: Final = 32
LONGEST_KEY: Final = 100  # signs; whatever is longer is none of ours
LONGEST_DAYS: Final = 365
MOST_TOKENS: Final = 20  # that are open, of one organisation

ASKED_AN_HOUR: Final = 1200  # with at most 200 lines each: 240,000 lines
WRONG_AN_HOUR: Final = 100  # of one network
ASKING: Final = "api"
WRONG: Final = "api wrong"


def make_token(
    *, actor: Membership, name: str, scopes: Collection[Scope], days: int, at: datetime
) -> tuple[ApiToken, str]:
    """A new key and its secret, which is kept nowhere. Raises Refused."""
    if not scopes:
        raise Refused(_("Choose what the program may read."), field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("A key holds for a year at most."), field="days")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        lock_organization(actor.organization)
        open_ones = ApiToken.objects.in_organization(actor.organization_id).open_at(at)
        if open_ones.count() >= MOST_TOKENS:
            raise Refused(_("There are 20 open keys already. Revoke one that is not needed."))
        token: ApiToken = ApiToken.objects.create(
            organization_id=actor.organization_id,
            name=name,
            token_hash=hash_secret(secret, purpose=KEY_PURPOSE),
            scopes=" ".join(sorted(scopes)),
            made_by_id=actor.id,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
        record_event(
            organization=actor.organization,
            actor=actor,
            action="api.token",
            subject=f"token:{token.id}",
            after={"scopes": token.scopes, "until": token.expires_at.date().isoformat()},
            at=at,
        )
    return token, secret


def revoke_token(*, token: ApiToken, actor: Membership, at: datetime) -> None:
    """End it at once. Repeating it changes nothing."""
    with transaction.atomic():
        lock_organization(actor.organization)
        rows = ApiToken.objects.in_organization(actor.organization_id)
        if rows.filter(id=token.id, revoked_at__isnull=True).update(revoked_at=at):
            record_event(
                organization=actor.organization,
                actor=actor,
                action="api.token_revoke",
                subject=f"token:{token.id}",
                at=at,
            )


def find_token(secret: str, *, at: datetime) -> ApiToken | None:
    """The open key with this secret. One query, none for what cannot be one.

    What is looked up is a keyed hash, so the time of the search tells nothing about a secret; the
    hashes are then compared in constant time all the same.
    """
    if not secret.startswith(PREFIX) or len(secret) > LONGEST_KEY or not secret.isascii():
        return None
    wanted = hash_secret(secret, purpose=KEY_PURPOSE)
    found: ApiToken | None = ApiToken.objects.with_hash(wanted).first()
    if found is None or not constant_time_compare(found.token_hash, wanted):
        return None
    return found if found.is_open(at) else None


def note_use(*, token: ApiToken, at: datetime) -> None:
    """Keep the day of its use, and say it in the record: once a day, however often it is used.

    The only thing that reading from outside writes into the tables of the organisation.
    """
    today = today_of(at)
    if token.last_used_on == today:
        return
    with transaction.atomic():
        rows = ApiToken.objects.in_organization(token.organization_id).filter(id=token.id)
        if rows.filter(_not_yet(today)).update(last_used_on=today):
            record_event(
                organization=token.organization,
                actor=None,  # a program
                action="api.use",
                subject=f"token:{token.id}",
                at=at,
            )


def _not_yet(today: date) -> Q:
    return Q(last_used_on__isnull=True) | Q(last_used_on__lt=today)


# --- limits -------------------------------------------------------------------------------------


def may_ask(token: ApiToken, *, at: datetime) -> bool:
    """Count one question of a key; False when its hour is used up."""
    key = str(token.id)
    return spend(purpose=ASKING, account=key, number=1, limit=ASKED_AN_HOUR, at=at)


def may_be_wrong(origin: Origin, *, at: datetime) -> bool:
    """Count one wrong key of a network; False when it has guessed too often in this hour."""
    return spend(purpose=WRONG, account=origin.network, number=1, limit=WRONG_AN_HOUR, at=at)


def seconds_to_wait(token: ApiToken | None, origin: Origin, *, at: datetime) -> int:
    """Until the oldest part of what was counted is over."""
    purpose, account = (WRONG, origin.network) if token is None else (ASKING, str(token.id))
    slices = [start for start, number in _slices(purpose, account, at) if number > 0]
    if not slices:
        return int(SLICE.total_seconds())
    return max(1, int((min(slices) + WINDOW + SLICE - at).total_seconds()) + 1)


def _slices(purpose: str, account: str, at: datetime) -> list[tuple[datetime, int]]:
    return list(read_slices(purpose=purpose, account=account, at=at).items())


def asked_lately(token: ApiToken, *, at: datetime) -> int:
    """How often a key was used within the last hour."""
    return sum(number for _start, number in _slices(ASKING, str(token.id), at))
