"""One case for a whole room: open it, count, reveal, close. Nothing about who answered is kept."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from course.models import Cohort, Membership
from course.services import Refused, require_one_organization
from course.services.codes import new_code
from course.services.throttle import hash_secret
from quizzes.models import Room, RoomAnswer
from quizzes.published import item_version
from quizzes.roomwork import choices_in_room, fits_a_room

OPEN_FOR = timedelta(hours=2)
CODE_LENGTH = 6  # 29 bits, for two hours, behind the throttle; all it opens is one practice case
MOST_ANSWERS = 300  # of phones in one room: more is no room but somebody's script
MOST_HANDS = 999


def open_room(*, cohort: Cohort, version_id: UUID, actor: Membership, at: datetime) -> Room:
    """Put one case on the wall; rooms of this cohort that are still open close. Raises Refused."""
    require_one_organization(cohort.organization_id, actor.organization_id)
    if not fits_a_room(item_version(version_id)):
        raise Refused(_("This case has no short answer that a room can give."))
    with transaction.atomic():
        rows = Room.objects.of_cohort(cohort).filter(closed_at__isnull=True)
        rows.update(closed_at=at)
        room = Room(
            organization_id=cohort.organization_id,
            cohort_id=cohort.id,
            item_version_id=version_id,
            code=_free_code(at),
            opened_by_id=actor.id,
            opened_at=at,
            closes_at=at + OPEN_FOR,
        )
        room.save(force_insert=True)
    return room


def _free_code(at: datetime) -> str:
    """A code that no open room of any organisation has."""
    while True:
        code = new_code(CODE_LENGTH)
        if not Room.objects.with_code(code, at).exists():
            return code


def find_room(code: str, *, at: datetime) -> Room | None:
    """The open room with this code."""
    found: Room | None = Room.objects.with_code(code, at).first()
    return found


def fresh_ticket() -> str:
    """A random word for one form."""
    return secrets.token_urlsafe(12)


def answer_in_room(*, room: Room, choice: str, ticket: str, at: datetime) -> None:
    """Count one answer of one form; the same form again counts nothing. Raises Refused."""
    if room.is_revealed or room.closed_at is not None or at > room.closes_at:
        raise Refused(_("This case is over. Look at the wall."))
    if choice not in {one.key for one in choices_in_room(item_version(room.item_version_id))}:
        raise Refused(_("Please choose one answer."))
    answers = RoomAnswer.objects.in_organization(room.organization_id).filter(room_id=room.id)
    if answers.count() >= MOST_ANSWERS:
        raise Refused(_("This case is over. Look at the wall."))
    try:
        with transaction.atomic():
            RoomAnswer(
                organization_id=room.organization_id,
                room_id=room.id,
                ticket=hash_secret(ticket, purpose="room"),
                choice=choice,
            ).save(force_insert=True)
    except IntegrityError:
        return  # sent twice


def count_hands(*, room: Room, hands: Mapping[str, int]) -> None:
    """Keep the numbers of raised hands as they were typed in, replacing those typed before."""
    known = {one.key for one in choices_in_room(item_version(room.item_version_id))}
    room.hands = {key: n for key, n in hands.items() if key in known and 0 <= n <= MOST_HANDS}
    room.save(update_fields=["hands"])


def reveal(*, room: Room, at: datetime) -> None:
    """Show what is right. Twice is once; phones cannot answer any more."""
    rows = Room.objects.in_organization(room.organization_id)
    rows.filter(id=room.id, revealed_at__isnull=True).update(revealed_at=at)


def answers_by_choice(room: Room) -> Counter[str]:
    """Phones and hands together, by answer: one query."""
    rows: Any = RoomAnswer.objects.in_organization(room.organization_id).filter(room_id=room.id)
    counted = Counter(rows.values_list("choice", flat=True))
    counted.update(room.hands)
    return counted
