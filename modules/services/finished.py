"""What people have already done of what can be asked of them, for many people at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from course.models import Membership
from modules.models import Completion, Cycle
from quizzes.duties import Duty
from quizzes.models import Attempt, Target
from quizzes.policy import assigned_as
from quizzes.published import ever_published


@dataclass(frozen=True, slots=True)
class Finished:
    """(person, target, key) -> when it was last done; and when each began their present round."""

    done: Mapping[tuple[UUID, Target, str], datetime]
    rounds: Mapping[UUID, datetime]

    def since(self, person: Membership, duty: Duty) -> bool:
        """True when the person has done it in their present round.

        What was done before it was asked for counts too. Nobody is reminded of what they have
        already done.
        """
        at = self.done.get((person.id, duty.target, duty.key))
        begun = self.rounds.get(person.id)
        return at is not None and (begun is None or at >= begun)


def finished_by(people: Sequence[Membership]) -> Finished:
    """For people of one organisation: three queries, and none for nobody."""
    if not people:
        return Finished({}, {})
    organization, ids = people[0].organization_id, [one.id for one in people]
    done: dict[tuple[UUID, Target, str], datetime] = {}
    facts = Completion.objects.filter(organization_id=organization, membership_id__in=ids)
    columns = facts.order_by().values_list("membership_id", "scope", "key")
    for person, scope, key, at in columns.annotate(Max("completed_at")):
        done[person, Target(scope), key] = at
    names = {key: assigned_as(one.quiz) for key, one in ever_published().items()}
    attempts = Attempt.objects.filter(
        organization_id=organization, membership_id__in=ids, submitted_at__isnull=False
    )
    taken = attempts.order_by().values_list("membership_id", "quiz__key")
    for person, key, at in taken.annotate(Max("submitted_at")):
        place = (person, Target.QUIZ, names.get(key, key))
        done[place] = max(at, done.get(place, at))
    rounds = Cycle.objects.filter(organization_id=organization, membership_id__in=ids)
    begun = rounds.order_by().values_list("membership_id").annotate(Max("opened_at"))
    return Finished(done, dict(begun))
