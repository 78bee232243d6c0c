"""Beginning another round of the course. Nothing that was done before is touched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.framework.loading import published_framework
from course.models import Membership
from course.services import Refused
from modules.certificates import SOLID_WITHIN, add_months, may_renew, still_solid
from modules.completion import COURSE_KEY
from modules.models import Certificate, Completion, Cycle
from modules.services.completing import completions_of, current_round
from modules.services.noticing import close_asked
from quizzes.models import Evidence
from quizzes.reading import FIELDS, fact_of, model_of
from quizzes.summary import TrialFact


def end_of_validity(completion: Completion) -> datetime:
    """Until when what was shown counts, with a certificate or without."""
    return add_months(completion.completed_at, settings.KENALI_CERTIFICATE_MONTHS)


def can_renew(membership: Membership, *, at: datetime) -> bool:
    """Whether another round may begin: the course is complete in this one and its end is near.

    A certificate that an administrator withdrew without another in its place opens it at once.
    """
    return _why_renew(membership, at) is not None


def renew_course(*, membership: Membership, at: datetime) -> Cycle:
    """Begin the next round; again, or from two devices, it is the same one. Raises Refused.

    It is shortened to the final for those who are still solid by what they showed in the last 180
    days; never after a certificate was withdrawn.
    """
    with transaction.atomic():
        people = Membership.objects.in_organization(membership.organization_id)
        people.select_for_update().get(id=membership.id)
        now = current_round(membership)
        why = _why_renew(membership, at)
        if why is None:
            return _begun_or_refuse(membership, now.number)
        solid, facts = still_solid(recent_trials(membership, at=at), _stages())
        cycle = Cycle(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            number=now.number + 1,
            opened_at=at,
            shortened=solid and why == "ending",
            facts={"why": why, "since": (at - SOLID_WITHIN).isoformat(), "stages": facts},
        )
        cycle.save(force_insert=True)
        close_asked(membership, at=at)
    return cycle


def _begun_or_refuse(membership: Membership, number: int) -> Cycle:
    """The second of two devices finds the round that the first began."""
    begun: Cycle | None = Cycle.objects.of_person(membership).filter(number=number).first()
    complete = completions_of(membership).filter(cycle=number, scope="course").exists()
    if begun is None or complete:
        raise Refused(_("A new round opens 90 days before your certificate runs out."))
    return begun


def _why_renew(membership: Membership, at: datetime) -> str | None:
    """The word "ending" or "withdrawn"; None while this round is not to be left."""
    now = current_round(membership)
    facts = completions_of(membership).filter(cycle=now.number, scope="course", key=COURSE_KEY)
    fact = facts.first()
    if fact is None:
        return None
    mine = Certificate.objects.of_person(membership).filter(cycle=now.number)
    papers = list(mine.with_standing())
    if papers and all(paper.withdrawn is not None for paper in papers):
        return "withdrawn"
    ends = max((paper.expires_at for paper in papers), default=end_of_validity(fact))
    return "ending" if may_renew(expires_at=ends, at=at) else None


def recent_trials(membership: Membership, *, at: datetime) -> list[TrialFact]:
    """Counted trials of the last 180 days, the newest first: one query."""
    rows: Any = Evidence.objects.of_person(membership).counted_now()
    recent = rows.filter(at__gt=at - SOLID_WITHIN, at__lte=at).order_by("-at", "-position", "part")
    return [fact_of(row) for row in recent.values_list(*FIELDS)]


def _stages() -> list[str]:
    return [stage for stage, _tactics in model_of(published_framework())]
