"""Printed cards with one-time codes, for many people at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from course.models import Membership, SignInLink
from course.roles import Role
from course.services import require_one_organization
from course.services.audit import lock_organization, record_event
from course.services.codes import SIGN_IN_LENGTH, new_code
from course.services.throttle import hash_secret

# Paper is handed out at the next meeting, which a link's single day would not reach.
CARD_LIFETIME: Final = timedelta(days=7)


@dataclass(frozen=True)
class Card:
    """A new way in for one person. The code is nowhere else and cannot be shown again."""

    person: Membership
    code: str


def may_have_card(person: Membership, *, elsewhere: bool) -> bool:
    """Administrators and people of several organisations get theirs from the server's people.

    As for one-time links: otherwise somebody could act under a borrowed name where they may not.
    """
    return person.is_active and person.role != Role.ADMINISTRATOR and not elsewhere


def create_cards(
    *, people: Sequence[Membership], actor: Membership, at: datetime
) -> tuple[list[Card], list[Membership]]:
    """(cards, people left out), in the order given. Earlier unused codes of those people end."""
    require_one_organization(actor.organization_id, *(one.organization_id for one in people))
    with transaction.atomic():
        lock_organization(actor.organization)  # roles and places must not change meanwhile
        fresh = _read_again(actor, people)
        elsewhere = Membership.objects.people_in_several([one.user_id for one in fresh])
        chosen = [one for one in fresh if may_have_card(one, elsewhere=one.user_id in elsewhere)]
        cards = [Card(one, new_code(SIGN_IN_LENGTH)) for one in chosen]
        _store(cards, at)
        for card in cards:
            record_event(
                organization=actor.organization,
                actor=actor,
                action="sign_in_card.create",
                subject=f"membership:{card.person.id}",
                at=at,
            )
    left_out = [one for one in fresh if one not in chosen]
    return cards, left_out


def _read_again(actor: Membership, people: Sequence[Membership]) -> list[Membership]:
    rows = Membership.objects.in_organization(actor.organization_id).select_related("user")
    found = {one.id: one for one in rows.filter(id__in=[one.id for one in people])}
    return [found[one.id] for one in people if one.id in found]


def _store(cards: list[Card], at: datetime) -> None:
    SignInLink.objects.filter(user_id__in=[card.person.user_id for card in cards]).delete()
    SignInLink.objects.bulk_create(
        SignInLink(
            user_id=card.person.user_id,
            token_hash=hash_secret(card.code, purpose="sign-in"),
            created_at=at,
            expires_at=at + CARD_LIFETIME,
        )
        for card in cards
    )
