"""What an answer does to the schedule: reviews, and the cards that follow from them.

Reviews are drawn from a session after it was handed in. Should the site die between the two, they
are made up before the next session begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from course.models import Membership
from modules.coming_back import due_after, rate
from modules.models import Review, ReviewCard
from quizzes.measures.schedule import PastReview
from quizzes.models import Attempt, Evidence, Response
from quizzes.published import current_bank

REFRESHER = "refresher"


def record_reviews(attempt: Attempt) -> list[Review]:
    """Move the cards that a handed-in session answered. Again: nothing happens.

    What was skipped or left open costs nothing and stays due.
    """
    with transaction.atomic():
        people = Membership.objects.in_organization(attempt.organization_id).select_for_update()
        person = people.get(id=attempt.membership_id)
        reviews = list(_fresh_reviews(attempt, person))
        Review.objects.bulk_create(reviews)
        _put_cards(person, reviews)
    return reviews


def _fresh_reviews(attempt: Attempt, person: Membership) -> Iterable[Review]:
    mine = Review.objects.of_person(person)
    if mine.filter(attempt_id=attempt.id).exists():
        return
    histories: dict[tuple[str, str], list[PastReview]] = defaultdict(list)
    for old in mine.order_by("at", "id"):
        histories[old.tactic, old.kind].append(PastReview(rating=old.rating, reviewed=old.at))
    answered = dict(
        Response.objects.of_attempt(attempt)
        .order_by()
        .values_list("position")
        .annotate(last=Max("answered_at"))
    )
    rows = Evidence.objects.of_person(person).filter(
        attempt_id=attempt.id, kind__in=["signal", "noise"], flagged__isnull=False
    )
    for row in sorted(rows, key=lambda row: (answered[row.position], row.position)):
        history = histories[row.tactic, row.kind]
        right = row.flagged == (row.kind == "signal")
        rating = rate(right=right, confidence=row.confidence)
        when = max([answered[row.position], *(one["reviewed"] for one in history[-1:])])
        history.append(PastReview(rating=rating, reviewed=when))
        yield Review(
            organization_id=attempt.organization_id,
            membership_id=attempt.membership_id,
            tactic=row.tactic,
            kind=row.kind,
            attempt_id=attempt.id,
            position=row.position,
            rating=rating,
            credit=float(right),
            at=when,
            due_at=due_after(history, spread=settings.KENALI_SPREAD_REVIEWS),
        )


def _put_cards(person: Membership, reviews: Iterable[Review]) -> None:
    """Let the cards say what their last review says."""
    rows = {(card.tactic, card.kind): card for card in ReviewCard.objects.of_person(person)}
    fresh: list[ReviewCard] = []
    changed: dict[tuple[str, str], ReviewCard] = {}
    for review in reviews:
        key = review.tactic, review.kind
        card = rows.get(key)
        if card is None:
            card = rows[key] = ReviewCard(
                organization_id=person.organization_id,
                membership_id=person.id,
                tactic=review.tactic,
                kind=review.kind,
                reviews=0,
            )
            fresh.append(card)
        elif card not in fresh:
            changed[key] = card
        card.reviews += 1
        card.last_at, card.due_at = review.at, review.due_at
    ReviewCard.objects.bulk_create(fresh)
    columns = ["reviews", "last_at", "due_at"]
    ReviewCard.objects.in_organization(person.organization_id).bulk_update(
        changed.values(), columns
    )


def rebuild_cards(membership: Membership) -> None:
    """Make the cards again from the reviews."""
    with transaction.atomic():
        people = Membership.objects.in_organization(membership.organization_id)
        people.select_for_update().get(id=membership.id)
        ReviewCard.objects.of_person(membership).delete()
        _put_cards(membership, Review.objects.of_person(membership).order_by("at", "id"))


def make_up_reviews(membership: Membership) -> None:
    """Reviews of sessions that were handed in just before the site died: usually one query."""
    quiz = current_bank().quizzes.get(REFRESHER)
    if quiz is None:
        return
    known = Review.objects.of_person(membership).values("attempt_id")
    handed_in = Attempt.objects.of_person(membership).filter(
        quiz_id=quiz.id, submitted_at__isnull=False
    )
    for attempt in handed_in.exclude(id__in=known).order_by("submitted_at"):
        record_reviews(attempt)


def on_graded(*, attempt: Attempt, **_kwargs: Any) -> None:
    """Listens to `attempt_graded`: a session moves its cards."""
    quiz = current_bank().quizzes.get(REFRESHER)
    if quiz is not None and attempt.quiz_id == quiz.id:
        record_reviews(attempt)
