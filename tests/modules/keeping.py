"""A small world that keeps skill alive: framework, one stage to learn, refreshers, finals."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from course.framework.loading import framework_shelf
from course.models import ContentRelease, Membership
from course.services.publishing import apply_changes, plan_shelves
from modules.models import Completion
from quizzes import kinds
from quizzes.kinds import Item
from quizzes.models import Attempt
from quizzes.published import current_bank, item_version
from quizzes.schema import Quiz
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from quizzes.services.publishing import bank_shelves
from tests.modules.making import Size, made_up_shelves
from tests.personas import AT
from tests.quizzes.making import STAGES, bank_of, both, quiz, right_answer, verdict
from tests.quizzes.sampled import samples

DAY = timedelta(days=1)
CONTROL_MODULE = "m2"  # of the made-up course
TACTICS = ("debt-control", "surveillance-isolation", "earnings-control", "document-confiscation")
KINDS = ("signal", "noise")


def micro(tactic: str, kind: str, number: int, *, stage: str = "control") -> Item:
    """A micro item of a card."""
    scored: dict[str, Any] = {"kind": kind, "text": both(f"Words {number} on {tactic}, {kind}.")}
    if kind == "signal":
        scored |= {"indicator": "its-sign", "feedback": {"hit": both("Yes."), "miss": both("No.")}}
    else:
        scored |= {
            "imitates": "its-sign",
            "lure": "ordinary-practice",
            "feedback": {"false_alarm": both("No.")},
        }
    return kinds.parse(
        {
            "key": f"{tactic}-{'ab'[kind == 'noise']}{number}",
            "kind": "refresher",
            "pool": "refresher",
            "stage": stage,
            "setting": "outreach",
            "exploitation": "none",
            "sources": ["a-report"],
            "places": {"its-sign": {"stage": stage, "tactic": tactic}},
            "vignette": scored,
        }
    )


def scheduled_quizzes() -> list[Quiz]:
    """The two quizzes that a schedule begins, as the real bank has them."""
    read = samples()[1].quizzes
    return [read["refresher"], read["check-up"]]


def form_quiz(kind: str, form: str, pools: list[str]) -> Quiz:
    """A pre-test or final of single cases, all that its pools have."""
    return quiz(
        f"{kind.removesuffix('-test')}-{form}",
        kind=kind,
        form=form,
        module=None,
        feedback="after-form",
        draws=[{"kind": "verdict", "pools": pools, "stage": stage, "take": 60} for stage in STAGES],
    )


def cases(pool: str, each: int) -> list[Item]:
    """So many signs and so many look-alikes for each stage."""
    return [
        verdict(f"{pool}-{stage}-{number}", pool, stage, signal=bool(number % 2))
        for stage in STAGES
        for number in range(1, 2 * each + 1)
    ]


def publish_keeping(
    *, per_card: int = 3, tests: int = 2, without: Collection[str] = (), at: datetime = AT
) -> None:
    """Publish all of it. `tests`: signs a stage of each part of a form; `without`: keys of quizzes.

    A quiz that was there and is left out is withdrawn.
    """
    items = [
        micro(tactic, kind, number)
        for tactic in TACTICS
        for kind in KINDS
        for number in range(1, per_card + 1)
    ]
    quizzes = scheduled_quizzes()
    for form in "ab":
        items += [*cases(f"pre-{form}", tests), *cases(f"final-{form}", tests)]
        quizzes.append(form_quiz("pre-test", form, [f"pre-{form}"]))
        quizzes.append(form_quiz("final", form, [f"pre-{form}", f"final-{form}"]))
    items += cases("final-c", tests)
    quizzes.append(form_quiz("final", "c", ["final-c"]))
    with transaction.atomic():
        there = [one for one in quizzes if one.key not in without]
        shelves = [
            framework_shelf(samples()[0]),
            *bank_shelves(bank_of(items, *there)),
            *made_up_shelves(Size()),
        ]
        apply_changes(plan_shelves(shelves), at=at)


def complete(person: Membership, *, at: datetime, key: str = "", cycle: int = 1) -> Completion:
    """Grant the completion of a module, or of the course."""
    fact: Completion = Completion.objects.create(
        organization_id=person.organization_id,
        membership_id=person.id,
        scope="module" if key else "course",
        key=key,
        cycle=cycle,
        completed_at=at,
        rule={"needs": ["modules", "final"]},
        facts={},
        release=ContentRelease.objects.latest("number"),
    )
    return fact


Answer = Callable[[Any], dict[str, Any] | None]


def well(item: Any) -> dict[str, Any]:
    """The right answer, surely."""
    if item.kind == "refresher":
        return {"concern": item.vignette.kind == "signal", "confidence": 80}
    return right_answer(item)


def badly(item: Any) -> dict[str, Any]:
    """The wrong answer."""
    return {"concern": item.vignette.kind != "signal", "confidence": 80}


def answer_all(attempt: Attempt, answer: Answer = well, *, at: datetime) -> Attempt:
    """Answer every item (none where the answer is None) and hand in."""
    for drawn in items_of(attempt):
        given = answer(item_version(drawn.item_version_id))
        if given is not None:
            record_response(
                attempt=attempt,
                position=drawn.position,
                client_key=uuid4(),
                answer=given,
                at=at,
            )
    return submit_attempt(attempt=attempt, at=at)


def take(person: Membership, key: str, answer: Answer = well, *, at: datetime) -> Attempt:
    """Take a whole quiz."""
    published = current_bank().quizzes[key]
    return answer_all(start_attempt(membership=person, quiz=published, at=at), answer, at=at)
