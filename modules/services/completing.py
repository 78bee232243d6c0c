"""Rounds of the course, and granting what was completed: once, for ever."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from course.framework.loading import current_release_id
from course.models import Membership, uuid7
from modules.completion import (
    COURSE_KEY,
    MODULE_RULE,
    CourseEvidence,
    FinalFact,
    LessonFact,
    ModuleEvidence,
    Outcome,
    QuizFact,
    Rule,
    course_rule,
    decide_course,
    decide_module,
    newest_evidence,
)
from modules.models import Completion, Cycle, LessonCompletion
from modules.outline import Outline
from modules.published import current_outline
from quizzes.models import Attempt, AttemptItem, Evidence, Response
from quizzes.published import current_bank, quiz_version
from quizzes.summary import Counts

FIRST_CYCLE = 1


@dataclass(frozen=True, slots=True)
class Round:
    """The round somebody is in. `since` is None for the first: everything before counts."""

    number: int = FIRST_CYCLE
    since: datetime | None = None
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands in their round: granted facts, and what is missing for the rest."""

    round: Round
    granted: Mapping[tuple[str, str], Completion]
    modules: Mapping[str, Outcome]
    ids: Mapping[str, UUID | None]  # of the fact that each module is complete, granted or to be
    course: Outcome
    rule: Rule

    @property
    def course_fact(self) -> Completion | None:
        """The completion of the course in this round."""
        return self.granted.get(("course", COURSE_KEY))


def current_round(membership: Membership) -> Round:
    """The round of one person: one query."""
    newest = Cycle.objects.of_person(membership).order_by("-number").first()
    if newest is None:
        return Round()
    return Round(newest.number, newest.opened_at, newest.shortened)


def current_cycle(membership: Membership) -> int:
    """The number of the round of one person, from 1: one query."""
    return current_round(membership).number


def newest_cycle() -> Any:
    """For use inside another query on a table with `membership_id`: the number of the round."""
    rows = Cycle.objects.filter(
        organization_id=OuterRef("organization_id"), membership_id=OuterRef("membership_id")
    )
    return Coalesce(Subquery(rows.order_by("-number").values("number")[:1]), FIRST_CYCLE)


def completions_of(membership: Membership) -> QuerySet[Completion]:
    """Everything one person ever completed, the oldest first."""
    rows: QuerySet[Completion] = Completion.objects.of_person(membership)
    return rows.order_by("completed_at", "scope", "key")


def grant_completions(*, membership: Membership, at: datetime) -> list[Completion]:
    """Write down what is complete in the round and not yet granted; returns what was new.

    Safe to call as often as one likes, from several places at once: the person is locked, so that
    a lesson and a quiz that are finished in the same second see each other.
    """
    with transaction.atomic():
        people = Membership.objects.in_organization(membership.organization_id)
        people.select_for_update().get(id=membership.id)
        standing = read_standing(membership)
        fresh = list(_fresh_facts(membership, standing, at))
        if fresh:
            Completion.objects.bulk_create(fresh)
    return fresh


def _fresh_facts(membership: Membership, standing: Standing, at: datetime) -> Iterable[Completion]:
    release: Any = current_release_id()  # there is one: without a release nothing is complete
    scopes: list[tuple[str, str, Any, Rule, Outcome]] = [
        *(
            ("module", key, standing.ids[key], MODULE_RULE, outcome)
            for key, outcome in standing.modules.items()
        ),
        ("course", COURSE_KEY, uuid7(), standing.rule, standing.course),
    ]
    ends = [at, *(fact.completed_at for fact in standing.granted.values())]
    for scope, key, fact_id, rule, outcome in scopes:
        if outcome.complete and (scope, key) not in standing.granted:
            # News may arrive late and out of order: nothing is complete before what it rests on.
            end = max(at, newest_evidence(outcome.facts) or at)
            ends.append(end)
            yield Completion(
                organization_id=membership.organization_id,
                membership_id=membership.id,
                id=fact_id,
                scope=scope,
                key=key,
                cycle=standing.round.number,
                completed_at=max(ends) if scope == "course" else end,
                rule=rule.document(),
                facts=dict(outcome.facts),
                release_id=release,
            )


# --- evidence -------------------------------------------------------------------------------------


def read_standing(membership: Membership) -> Standing:
    """Where one person stands: at most eight queries, whatever the size of the course."""
    now, outline = current_round(membership), current_outline()
    mine = completions_of(membership).filter(cycle=now.number)
    granted = {(fact.scope, fact.key): fact for fact in mine}
    attempts = _attempts_in(membership, now)
    modules = _module_outcomes(membership, now, outline, attempts)
    ids = {key: _fact_id(granted, key, outcome) for key, outcome in modules.items()}
    has_final = any(one.quiz.kind == "final" for one in current_bank().quizzes.values())
    evidence = CourseEvidence(ids, has_final, _finals(membership, attempts))
    rule = course_rule(shortened=now.shortened)
    return Standing(now, granted, modules, ids, decide_course(evidence, rule), rule)


def _fact_id(
    granted: Mapping[tuple[str, str], Completion], key: str, outcome: Outcome
) -> UUID | None:
    fact = granted.get(("module", key))
    if fact is not None:
        return fact.id
    return uuid7() if outcome.complete else None


def _attempts_in(membership: Membership, now: Round) -> list[Attempt]:
    """Module quizzes and finals handed in during the round, the oldest first: one query."""
    rows = Attempt.objects.of_person(membership).filter(
        submitted_at__isnull=False, quiz__kind__in=["module", "final"]
    )
    if now.since is not None:
        rows = rows.filter(submitted_at__gte=now.since)
    return list(rows.select_related("quiz").order_by("submitted_at", "id"))


def _module_outcomes(
    membership: Membership, now: Round, outline: Outline, attempts: list[Attempt]
) -> dict[str, Outcome]:
    """What each module of the course comes to, in order: at most four queries."""
    rows = LessonCompletion.objects.of_person(membership).filter(cycle=now.number)
    facts = {
        lesson: LessonFact(key, at)
        for lesson, key, at in rows.values_list("lesson_id", "id", "completed_at")
    }
    bank = current_bank()
    with_quiz = {
        one.quiz.module
        for one in bank.quizzes.values()
        if one.quiz.kind == "module" and bank.has_items_for(one)
    }
    taken = _module_quizzes(membership, [one for one in attempts if one.quiz.kind == "module"])
    return {
        module.key: decide_module(
            ModuleEvidence(
                key=module.key,
                lessons={lesson.id: facts.get(lesson.id) for lesson in module.lessons},
                has_quiz=module.key in with_quiz,
                quizzes=taken[module.key],
            ),
        )
        for module in outline.modules
    }


def _module_quizzes(
    membership: Membership, attempts: list[Attempt]
) -> defaultdict[str, list[QuizFact]]:
    """Module key -> what was handed in, with how much of it has an answer: two queries."""
    taken: defaultdict[str, list[QuizFact]] = defaultdict(list)
    ids = [attempt.id for attempt in attempts]
    questions = _counted(AttemptItem, membership, ids)
    answered = _counted(Response, membership, ids)
    for attempt in attempts:
        fact = QuizFact(
            attempt.id,
            _end(attempt),
            questions=questions.get(attempt.id, 0),
            answered=answered.get(attempt.id, 0),
        )
        taken[attempt.quiz.module].append(fact)
    return taken


def _counted(model: Any, membership: Membership, attempts: list[UUID]) -> dict[UUID, int]:
    """Attempt -> how many of its positions have a row. No query when there is no attempt."""
    if not attempts:
        return {}
    rows = model.objects.in_organization(membership.organization_id)
    grouped = rows.filter(attempt_id__in=attempts).order_by().values_list("attempt_id")
    return dict(grouped.annotate(positions=Count("position", distinct=True)))


def _finals(membership: Membership, attempts: list[Attempt]) -> list[FinalFact]:
    """Each final with its counts by stage: one query, and none when there is no final."""
    finals = [one for one in attempts if one.quiz.kind == "final"]
    if not finals:
        return []
    rows = Evidence.objects.in_organization(membership.organization_id).corrected()
    trials: defaultdict[UUID, list[Trial]] = defaultdict(list)
    columns = ("attempt_id", "marked_kind", "stage", "flagged", "marked_critical", "exposure")
    for attempt_id, *trial in rows.filter(attempt_id__in=[one.id for one in finals]).values_list(
        *columns
    ):
        trials[attempt_id].append(Trial(*trial))
    return [_final(attempt, trials[attempt.id]) for attempt in finals]


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial of a final, as it is marked now."""

    kind: str
    stage: str
    flagged: bool | None
    critical_error: bool
    exposure: int


def _final(attempt: Attempt, trials: list[Trial]) -> FinalFact:
    """The counts of one final; an unanswered trial is not right.

    Every trial counts, also of a case that was met before: the forms go round, and whoever comes
    back after years must be able to pass. How many those were is kept in the fact.
    """
    draws = quiz_version(attempt.quiz_version_id).draws
    stages = dict.fromkeys(draw.stage for draw in draws if draw.stage is not None)
    scored = [one for one in trials if one.kind in {"signal", "noise"}]
    return FinalFact(
        attempt=attempt.id,
        at=_end(attempt),
        stages={stage: _counts([one for one in scored if one.stage == stage]) for stage in stages},
        critical_errors=sum(one.critical_error for one in trials),
        met_before=sum(one.exposure > 1 for one in scored),
    )


def _counts(trials: list[Trial]) -> Counts:
    signals = [one for one in trials if one.kind == "signal"]
    noise = [one for one in trials if one.kind == "noise"]
    return Counts(
        n_signal=len(signals),
        hits=sum(one.flagged is True for one in signals),
        n_noise=len(noise),
        false_alarms=sum(one.flagged is not False for one in noise),
    )


def _end(attempt: Attempt) -> datetime:
    if attempt.submitted_at is None:  # the query leaves them out
        raise ValueError("an attempt that is not handed in")
    return attempt.submitted_at
