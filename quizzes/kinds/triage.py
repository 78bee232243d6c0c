"""Sort short reports: no concern, note, refer, urgent. Pure.

Too low costs double, because a person stays in danger; too high costs as well. Urgent reports that
were missed are counted apart and shown first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from course.framework.schema import Key, Keys, Language, Strict
from quizzes import measures
from quizzes.kinds.common import (
    Feedback,
    InvalidResponse,
    Item,
    Kind,
    Outcome,
    PartFeedback,
    PartId,
    Person,
    Response,
    Result,
    Text,
    Told,
    Trial,
    as_tuple,
    head_shown,
    mixed,
    shaped,
    unique,
)

LEVELS = ("none", "note", "refer", "urgent")
TOP = len(LEVELS) - 1
Level = Literal["none", "note", "refer", "urgent"]


class Report(Strict):
    """One report and its level; `indicator` is its main sign, if it has one."""

    id: PartId
    text: Text
    level: Level
    indicator: Key | None = None
    person: Person | None = None
    why: Text
    sources: Keys = ()


class TriageItem(Item):
    """Reports that came in together."""

    kind: Literal["triage"]
    situation: Text | None = None
    reports: Annotated[
        tuple[Report, ...], BeforeValidator(as_tuple), Field(min_length=3, max_length=10)
    ]

    @model_validator(mode="after")
    def _levels_differ(self) -> Self:
        unique(report.id for report in self.reports)
        if len({report.level for report in self.reports}) < 2:
            raise ValueError("at least two levels are needed: nothing is to be sorted")
        return self

    def texts(self) -> Iterator[Told]:
        """Reports and reasons."""
        if self.situation:
            yield ("situation",), self.situation, "situation"
        for index, report in enumerate(self.reports):
            yield ("reports", index, "text"), report.text, "report"
            yield ("reports", index, "why"), report.why, "feedback"


class _Levels(Strict):
    levels: Annotated[dict[str, Level | None], Field(max_length=20)]


class Triage(Kind[TriageItem]):
    """Answer: `{"levels": {report id: "none" | "note" | "refer" | "urgent" | null}}`."""

    name = "triage"
    model = TriageItem

    def validate(self, item: TriageItem, response: object) -> Response | InvalidResponse:
        """A report that is left out has no level."""
        answer = shaped(_Levels, response)
        if isinstance(answer, InvalidResponse):
            return answer
        ids = [report.id for report in item.reports]
        if not set(answer.levels) <= set(ids):
            return InvalidResponse("unknown-part")
        return {"levels": {name: answer.levels.get(name) for name in ids}}

    def score(self, item: TriageItem, response: Response | None) -> Outcome:
        """1 minus the cost over that of the best single answer, not below 0."""
        given = _given(response)
        truth = [LEVELS.index(report.level) for report in item.reports]
        answers = [
            LEVELS.index(given[report.id]) if report.id in given else _worst(level)
            for report, level in zip(item.reports, truth, strict=True)
        ]
        result = measures.triage_score(truth=truth, response=answers, top=TOP)
        return Outcome(
            credit=float(result["score"] or 0.0) if given else 0.0,
            trials=tuple(_trial(item, report, given.get(report.id)) for report in item.reports),
            answered=bool(given),
            details={
                name: result[name] for name in ("cost", "under", "over", "missed_urgent", "qwk")
            }
            | {"urgent": truth.count(TOP)},
        )

    def feedback(self, item: TriageItem, response: Response | None) -> Feedback:
        """Urgent reports first."""
        given = _given(response)
        first = sorted(item.reports, key=lambda report: -LEVELS.index(report.level))
        return Feedback(
            tuple(
                PartFeedback(
                    part=report.id,
                    result=_result(report, given.get(report.id)),
                    why=report.why,
                    sources=report.sources or item.sources,
                    indicator=report.indicator,
                    chosen=report.id in given,
                )
                for report in first
            )
        )

    def shown(
        self,
        item: TriageItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """The reports, mixed, and the levels."""
        return head_shown(
            item,
            language,
            situation=item.situation[language] if item.situation else None,
            choices=list(LEVELS),
            reports=[
                {"id": report.id, "text": report.text[language]}
                for report in mixed(item.reports, item, seed)
            ],
        )


def _given(response: Response | None) -> dict[str, str]:
    levels = response["levels"] if response else {}
    return {name: level for name, level in levels.items() if level is not None}


def _worst(level: int) -> int:
    """No answer costs what the worst answer would: leaving a report out must never pay."""
    return max(range(TOP + 1), key=lambda answer: abs(level - answer))


def _trial(item: TriageItem, report: Report, level: str | None) -> Trial:
    place = item.place_of(report.indicator)
    return Trial(
        report.id,
        "decision",
        stage=place.stage if place else item.stage,
        tactic=place.tactic if place else None,
        indicator=report.indicator,
        chosen=level,
        credit=float(level == report.level),
    )


def _result(report: Report, level: str | None) -> Result:
    if level is None:
        return "unanswered"
    difference = LEVELS.index(level) - LEVELS.index(report.level)
    return "right" if difference == 0 else "missed" if difference < 0 else "false_alarm"
