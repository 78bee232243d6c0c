"""A class that takes a form of twelve items: skill differs, one item may be keyed wrongly."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from course.models import Cohort, Membership
from quizzes import kinds
from quizzes.models import Attempt, AttemptItem, Evidence, Response
from quizzes.published import PublishedQuiz, current_bank, item_version
from quizzes.services.amending import amend_new, move_tallies, sums_of_marks
from quizzes.services.grading import Graded, evidence_of
from tests.modules.finishing import publish_framework
from tests.personas import AT, Place, make_membership, make_user, put_into
from tests.quizzes.making import eight_verdicts, highlight, next_step, published, quiz

Json = dict[str, Any]
KEYS = [*(f"pp-v{n}" for n in range(1, 9)), "pp-h1", "pp-h2", "pp-n1", "pp-n2"]


def publish_form(**changes: Any) -> PublishedQuiz:
    """Eight cases, two texts and two next steps, all of them for everybody."""
    publish_framework()
    items = [
        *eight_verdicts(),
        highlight("pp-h1", "pp", "control", signals=2, noise=2),
        highlight("pp-h2", "pp", "movement", signals=1, noise=3),
        next_step("pp-n1", "pp", "control"),
        next_step("pp-n2", "pp"),
    ]
    draws = [
        {"kind": "verdict", "pools": ["pp"], "take": 8},
        {"kind": "highlight", "pools": ["pp"], "take": 2},
        {"kind": "next_step", "pools": ["pp"], "take": 2},
    ]
    return published(items, quiz("short", draws=draws, **changes))[0]


def answerer(
    skill: float, dice: random.Random, backwards: str = "", nobody: str = ""
) -> Callable[[Any], Json]:
    """Somebody who gets each part right with this chance; of `backwards` the wrong way round.

    No part of `nobody` is ever right.
    """

    def answer(item: Any) -> Json:
        def knows() -> bool:
            if item.key == nobody:
                return False
            chance = 1 - skill if item.key == backwards else skill
            return dice.random() < chance

        if item.kind == "verdict":
            return {"concern": (item.vignette.kind == "signal") is knows(), "confidence": 80}
        if item.kind == "highlight":
            marked = [name for name, part in item.scored() if (part.kind == "signal") is knows()]
            return {"marked": marked}
        return {"chosen": "a" if knows() else dice.choice("bd")}

    return answer


def learners(place: Place, number: int, *, language: str = "en", word: str = "l") -> list[Any]:
    """So many more learners of the first cohort."""
    return [_learner(place, place.first_cohort, f"{word}{n}", language) for n in range(number)]


def _learner(place: Place, cohort: Cohort, name: str, language: str) -> Membership:
    user = make_user(f"{place.organization.key}-{name}", display_name=f"{place.canary} {name}")
    user.language = language
    user.save(update_fields=["language"])
    membership = make_membership(place.organization, user)
    put_into(cohort, membership)
    return membership


def take_all(
    people: list[Any],
    form: PublishedQuiz,
    *,
    seed: int = 1,
    backwards: str = "",
    nobody: str = "",
    languages: Sequence[str] = (),
) -> None:
    """Everybody hands it in once; the first knows least, the last most.

    Everybody reads in the language of their account, or each one case after the other in
    `languages` in turn. The same rows that handing in makes, written for all at once: a class
    costs six statements.
    """
    dice = random.Random(seed)  # noqa: S311
    spread = max(1, len(people) - 1)
    bank = current_bank()
    items = [(bank.items[key], item_version(bank.items[key].version_id)) for key in KEYS]
    attempts, drawn, answers, evidence = [], [], [], []
    for rank, person in enumerate(people):
        answer = answerer(0.15 + 0.8 * rank / spread, dice, backwards, nobody)
        attempt = Attempt(
            organization_id=person.organization_id,
            membership_id=person.id,
            quiz_id=form.id,
            quiz_version_id=form.version_id,
            number=1,
            seed="1",
            started_at=AT,
            submitted_at=AT,
        )
        attempts.append(attempt)
        graded = []
        for position, (known, document) in enumerate(items, 1):
            row = AttemptItem(
                organization_id=person.organization_id,
                attempt_id=attempt.id,
                membership_id=person.id,
                position=position,
                item_id=known.id,
                item_version_id=known.version_id,
                exposure=1,
            )
            drawn.append(row)
            given = kinds.validate(document, answer(document))
            answers.append(
                Response(
                    organization_id=person.organization_id,
                    attempt_id=attempt.id,
                    position=position,
                    sequence=position,
                    client_key=uuid4(),
                    answer=given,
                    language=languages[position % len(languages)]
                    if languages
                    else person.user.language,
                    answered_at=AT,
                )
            )
            outcome = kinds.score(document, given)
            graded.append(Graded(row, document, None, outcome))
        evidence += evidence_of(attempt, graded, AT)
    Attempt.objects.bulk_create(attempts)
    AttemptItem.objects.bulk_create(drawn)
    Response.objects.bulk_create(answers)
    Evidence.objects.bulk_create(evidence)
    for organization in {person.organization_id for person in people}:
        mine = [row for row in evidence if row.organization_id == organization]
        move_tallies(organization, sums_of_marks(amend_new(mine)))
