"""The page on one item of a form: its answers, whom it separates, its languages, its curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from course.framework.schema import Framework
from modules.reports.charts import Frame, Series, item_curve
from modules.reports.item_list import FormPage, bar_of, card_of, decimal, per_cent, points
from modules.reports.item_words import (
    SAID_WORDS,
    TICK_WORDS,
    about_languages,
    option_findings,
    separates_words,
)
from modules.reports.items import (
    FIRST,
    SECOND,
    FormReport,
    ItemLine,
    answers_to_part,
    curve_of,
)
from quizzes import kinds
from quizzes.form_answers import ItemAnswers, read_item
from quizzes.item_statistics import (
    HIDE,
    PROVISIONAL,
    OptionNumbers,
    PartNumbers,
    Share,
    complete_rows,
    totals_of,
)
from quizzes.kinds.triage import LEVELS
from quizzes.labels import choices_of
from quizzes.rekeying import is_best
from quizzes.telling import parts_of

RATINGS = ("1", "2", "3", "4", "5")
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One answer in a table."""

    text: str
    is_key: bool
    count: int
    n: int
    share: int
    upper: int
    lower: int
    r: str


@dataclass(frozen=True, slots=True)
class PartTable:
    """One question of an item with its answers."""

    text: str
    rows: list[OptionRow]
    findings: list[str]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One part that can be marked: a segment, a case, a line."""

    text: str
    key: str
    row: OptionRow


class ItemPage(FormPage):
    """One item of a form."""

    def __init__(
        self,
        organization_id: UUID,
        report: FormReport,
        line: ItemLine,
        cohort_name: str,
        framework: Framework,
        language: Any,
    ) -> None:
        super().__init__(report, cohort_name, framework, language)
        self.line = line
        self.card = card_of(line)
        self.document: Any = line.document
        self.shown = kinds.shown(line.document, language)
        self.is_shown = line.numbers.facility.gate != HIDE
        self.place = report.answers.place_of(line.version_id)
        self.not_compared = about_languages(report)
        self._organization_id = organization_id

    @cached_property
    def _answers(self) -> ItemAnswers:
        return read_item(self._organization_id, self.report.answers, self.line.version_id)

    @property
    def separates(self) -> dict[str, Any] | None:
        """The correlation with the rest in words and numbers; None below its gate."""
        found = self.line.numbers
        if found.gate == HIDE or found.separates.r is None:
            return None
        return {
            "words": separates_words(self.line),
            "r": decimal(found.separates.r),
            "low": decimal(found.separates.low),
            "high": decimal(found.separates.high),
            "index": decimal(found.index),
            "provisional": found.gate == PROVISIONAL,
        }

    @property
    def dropped(self) -> dict[str, str] | None:
        """What the reliability of the form would be without this item."""
        before, after = self.numbers.alpha, self.line.numbers.alpha_if_dropped
        if self.numbers.gate == HIDE or before is None or after is None or min(before, after) < 0:
            return None
        return {"before": decimal(before), "after": decimal(after)}

    @cached_property
    def _parts(self) -> list[PartNumbers]:
        answers = self.report.answers
        rows = complete_rows(answers.columns, answers.people)
        totals = totals_of(answers.columns, rows)
        found, column = self._answers, answers.columns[self.place]
        order = {name: place for place, name in enumerate(self._texts)}
        names = sorted(found.answers, key=lambda one: (order.get(one, len(order)), one))
        return [
            answers_to_part(
                part,
                found.answers[part],
                rows,
                totals,
                column,
                self._offered(part),
                found.rights[part] | self._keys(part),
            )
            for part in names
            if part != "order"  # every order is an answer of its own
        ]

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        texts = {
            name: (getattr(part, "text", None) or {}).get(self.language, "")
            for name, part in parts_of(self.document)
        }
        nodes = {node.id: node.says[self.language] for node in getattr(self.document, "nodes", ())}
        return nodes | texts

    def _is_marked(self, part: str) -> bool:
        """Whether a part is answered with yes or no."""
        said = next((one for one in self._answers.answers[part] if one), "")
        return self._answers.kinds[part] != "decision" or said in YES_NO

    def _offered(self, part: str) -> list[str]:
        document = self.document
        if self._is_marked(part):
            return list(YES_NO)
        if document.kind == "triage":
            return list(LEVELS)
        if document.kind == "rate_actions":
            return list(RATINGS)
        if document.kind == "match":
            return [target.tactic for target in document.targets]
        if document.kind == "dialogue":
            return [reply.id for reply in document.node(part).replies]
        return [option.id for option in getattr(document, "options", ())]

    def _keys(self, part: str) -> frozenset[str]:
        """What is right by the bank, for questions that nobody got right."""
        document = self.document
        if self._is_marked(part):
            return frozenset()
        if document.kind == "triage":
            return frozenset(one.level for one in document.reports if one.id == part)
        if document.kind == "match":
            tactics = {target.id: target.tactic for target in document.targets}
            return frozenset(tactics[one.target] for one in document.signs if one.id == part)
        if document.kind == "dialogue":
            return frozenset(one.id for one in document.node(part).replies if is_best(one))
        return frozenset(one.id for one in getattr(document, "options", ()) if is_best(one))

    @property
    def compares(self) -> bool:
        """Whether the best and the weakest are told apart."""
        return self.line.numbers.gate != HIDE

    @property
    def marks(self) -> list[MarkRow]:
        """Parts that are marked or left: who saw a concern, or ticked."""
        rows = []
        for part in self._parts if self.is_shown else ():
            if not self._is_marked(part.part):
                continue
            said = next(one for one in part.options if one.option == "yes")
            text = self._texts.get(part.part, "")
            rows.append(MarkRow(text, self._key_words(part), self._row(said, "")))
        return rows

    def _key_words(self, part: PartNumbers) -> str:
        right = any(one.is_key for one in part.options if one.option == "yes")
        if self._answers.kinds[part.part] == "decision":
            return str(_("Right") if right else _("Not right"))
        return str(_("Should raise a concern") if right else _("Ordinary"))

    @property
    def questions(self) -> list[PartTable]:
        """Parts with an answer to choose."""
        tables = []
        for part in self._parts if self.is_shown else ():
            if self._is_marked(part.part):
                continue
            names = self._names(part)
            rows = [self._row(one, names.get(one.option, one.option)) for one in part.options]
            # Levels and ratings are a scale: an end that nobody picks need not be replaced.
            told = option_findings(part, names) if self.document.kind in _REPLACEABLE else []
            text = self._texts.get(part.part, "") if part.part != "answer" else ""
            tables.append(PartTable(text, rows, told))
        return tables

    def _names(self, part: PartNumbers) -> dict[str, str]:
        if self.document.kind == "triage":
            return {level: str(SAID_WORDS[level]) for level in LEVELS}
        names = choices_of(self.document, self.language)
        if self.document.kind == "dialogue":
            return {
                one.option: names.get(f"{part.part}/{one.option}", one.option)
                for one in part.options
            }
        return names

    def _row(self, one: OptionNumbers, text: str) -> OptionRow:
        return OptionRow(
            text or str(TICK_WORDS["yes"]),
            one.is_key,
            one.count,
            one.n,
            per_cent(one.share),
            per_cent(one.upper),
            per_cent(one.lower),
            decimal(one.r),
        )

    @property
    def languages(self) -> dict[str, Any] | None:
        """The item in two languages; None when only one has readers."""
        found = self.line.languages
        if found is None:
            return None
        matched = self.line.matched
        return {
            "shown": found.is_shown,
            "first": found.first,
            "second": found.second,
            "bars": (bar_of(found.first), bar_of(found.second)),
            "difference": points(found.difference),
            "low": points(found.low),
            "high": points(found.high),
            "others": points(found.others),
            "letter": matched.letter if matched else "",
            "delta": decimal(matched.delta) if matched else "",
        }

    @cached_property
    def curve(self) -> dict[str, Any] | None:
        """Share right from the weakest fifth to the strongest: picture and table."""
        if not self.compares:
            return None
        answers, place = self.report.answers, self.place
        whole = curve_of(answers, place)
        if not whole:
            return None
        series = [(_("All"), "circle", whole)]
        for name, shape, code in ((_("English"), "square", FIRST), (_("Malay"), "diamond", SECOND)):
            part = curve_of(answers, place, code)
            if part and {FIRST, SECOND} <= set(answers.languages):
                series.append((name, shape, part))
        groups = [str(place) for place in range(1, len(whole) + 1)]
        frame = Frame(
            key="item-curve",
            title=_("Who gets it right"),
            desc=_(
                "From the weakest fifth of people, %(first)s of 100, to the strongest, %(last)s."
            )
            % {"first": per_cent(whole[0].p), "last": per_cent(whole[-1].p)},
        )
        return {
            "svg": item_curve(
                frame,
                groups,
                [Series(name, shape, _points(part)) for name, shape, part in series],
                ticks=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")),
            ),
            "rows": list(zip(groups, whole, [bar_of(one) for one in whole], strict=True)),
        }


_REPLACEABLE = frozenset({"choice", "next_step"})


def _points(part: list[Share]) -> list[tuple[float, float, float] | None]:
    return [
        (one.p, one.low, one.high)
        if one.p is not None and one.low is not None and one.high is not None
        else None
        for one in part
    ]
