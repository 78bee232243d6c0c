"""How the questions of a form work: what the pages and the file on items are made of.

First answers of active learners within the viewer's reach, never a name. Numbers come from
`quizzes.item_statistics`, rows from `quizzes.form_answers`; here they meet the words of the items.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from course.models import Cohort, CohortMember
from course.models.base import Viewer
from modules.learning import tellable
from modules.reports.queries import learners_for
from quizzes.form_answers import (
    FormAnswers,
    FormLine,
    first_attempts,
    forms_taken,
    read_form,
)
from quizzes.form_table import Choices
from quizzes.item_languages import (
    Comparison,
    Matched,
    compare,
    mantel_haenszel,
    may_match,
    strata_of,
)
from quizzes.item_statistics import (
    HIDE,
    Flag,
    FormNumbers,
    ItemNumbers,
    PartNumbers,
    Share,
    analyse,
    complete_rows,
    part_numbers,
    share_of,
    totals_of,
)
from quizzes.kinds import Item
from quizzes.labels import choices_of, item_label
from quizzes.models import Attempt
from quizzes.published import version_numbers

FIRST, SECOND = "en", "ms"
PRE_TEST: Final = "pre-test"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of a form: its number, its words, its numbers and what to look at."""

    version_id: UUID
    key: str
    number: int
    document: Item
    label: str
    numbers: ItemNumbers
    flags: tuple[Flag, ...]
    options: PartNumbers | None  # of a question with one right option
    names: Mapping[str, str]  # option -> its words
    languages: Comparison | None
    matched: Matched | None

    @property
    def harder(self) -> str:
        """Which language version seems harder than its readers explain: "first", "second", ""."""
        if self.matched is not None:
            return self.matched.harder
        return self.languages.harder if self.languages else ""

    @property
    def is_striking(self) -> bool:
        """Whether there is anything to look at."""
        options = self.options
        return bool(self.flags or self.harder or (options and (options.preferred or options.idle)))


@dataclass(frozen=True, slots=True)
class StageLine:
    """The items of one stage together: points of all answers to them."""

    stage: str
    items: int
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class FormReport:
    """A form with all its items, in the order of the bank."""

    line: FormLine
    answers: FormAnswers
    numbers: FormNumbers
    lines: tuple[ItemLine, ...]
    stages: tuple[StageLine, ...]
    again: int = 0  # of those who took the form: who had taken another form of the test before

    @property
    def shown(self) -> list[ItemLine]:
        """Items with enough answers, what to look at first, then the hardest first."""
        known = [one for one in self.lines if one.numbers.facility.gate != HIDE]
        return sorted(known, key=lambda one: (not one.is_striking, one.numbers.facility.p or 0.0))

    def line_of(self, version_id: UUID) -> ItemLine | None:
        """The item with this version, if it is in the form."""
        return next((one for one in self.lines if one.version_id == version_id), None)


def attempts_for(viewer: Viewer, cohort: Cohort | None = None) -> Any:
    """First attempts of the learners whom the viewer may see, of one cohort if given."""
    if viewer.organization_id is None:
        return first_attempts(UUID(int=0)).none()
    people = learners_for(viewer, cohort).values("id")
    return first_attempts(viewer.organization_id, people)


def forms_for(viewer: Viewer, cohort: Cohort | None = None) -> list[FormLine]:
    """The forms these learners took: two queries."""
    return forms_taken(attempts_for(viewer, cohort))


class GivesAway(Exception):
    """What was asked, beside what is told of others, would tell what a few people answered."""


def may_be_told(viewer: Viewer, cohort: Cohort | None, line: FormLine | None = None) -> bool:
    """Whether a cohort's answers may be told beside those of everybody within reach.

    No, when so few of those who took the form (None: any) are elsewhere that what everybody
    answered less what the cohort answered would be theirs. Three queries at most.
    """
    if cohort is None or viewer.organization_id is None:
        return True
    attempts = attempts_for(viewer)
    if line is not None:
        attempts = attempts.filter(quiz_version_id=line.version_id)
    takers = frozenset(attempts.order_by().values_list("membership_id", flat=True))
    rows = CohortMember.objects.in_organization(viewer.organization_id)
    rows = rows.filter(cohort_id__in=Cohort.objects.visible_to(viewer).values("id"))
    groups: dict[UUID, set[UUID]] = defaultdict(set)
    for group, person in rows.values_list("cohort_id", "membership_id"):
        groups[group].add(person)
    return cohort.id in tellable(takers, groups) or not takers & groups[cohort.id]


def form_report(
    viewer: Viewer,
    cohort: Cohort | None,
    line: FormLine,
    *,
    language: Any,
    item: UUID | None = None,
) -> FormReport | None:
    """One form with all its numbers; None when nobody took it. Queries do not grow with it.

    Raises GivesAway when telling of the cohort would tell of a few others as well.
    """
    if viewer.organization_id is None:
        return None
    if not may_be_told(viewer, cohort, line):
        raise GivesAway
    attempts = attempts_for(viewer, cohort)
    answers = read_form(viewer.organization_id, attempts, line.version_id, item=item)
    if answers is None:
        return None
    report = report_of(line, answers, language=language)
    return replace(report, again=_took_another(viewer.organization_id, attempts, line))


def _took_another(organization_id: UUID, attempts: Any, line: FormLine) -> int:
    """How many had handed in another form of the same test before: one query for tests.

    A third form is only drawn by those who take a test again. What looks hard in it may be hard for
    them, and not for everybody.
    """
    if line.quiz.form is None:
        return 0
    before = Attempt.objects.in_organization(organization_id).filter(
        membership_id=OuterRef("membership_id"),
        quiz__kind=line.quiz.kind,
        submitted_at__lte=OuterRef("started_at"),
    )
    before = before.exclude(quiz_id=OuterRef("quiz_id"))
    return int(attempts.filter(Exists(before), quiz_version_id=line.version_id).count())


def report_of(line: FormLine, answers: FormAnswers, *, language: Any) -> FormReport:
    """The numbers of a form from its table; no query but one for the names of versions."""
    numbers = analyse(answers.columns, answers.people)
    names = version_numbers(answers.versions)
    rows = complete_rows(answers.columns, answers.people)
    languages = _Languages(answers, rows)
    pre_test = line.quiz.kind == PRE_TEST
    lines = []
    for place, version in enumerate(answers.versions):
        document, item = answers.documents[version], numbers.items[place]
        options = options_of(answers, rows, languages.totals, place, answers.choices.get(version))
        plain, matched = languages.of_item(place)
        key, number = names[version]
        lines.append(
            ItemLine(
                version_id=version,
                key=key,
                number=number,
                document=document,
                label=item_label(document, language),
                numbers=item,
                flags=tuple(item.flags(pre_test=pre_test)),
                options=options,
                names=choices_of(document, language) if options else {},
                languages=plain,
                matched=matched,
            )
        )
    return FormReport(line, answers, numbers, tuple(lines), _stages(answers))


def options_of(
    answers: FormAnswers,
    rows: Sequence[int],
    totals: Sequence[float],
    place: int,
    choices: Choices | None,
) -> PartNumbers | None:
    """How the options of a question work, among people without a gap."""
    if choices is None:
        return None
    offered = [one.id for one in getattr(answers.documents[answers.versions[place]], "options", ())]
    return answers_to_part(
        "answer", choices.chosen, rows, totals, answers.columns[place], offered, choices.rights
    )


def answers_to_part(
    part: str,
    chosen: Sequence[str | None],
    rows: Sequence[int],
    totals: Sequence[float],
    column: Sequence[float | None],
    offered: Sequence[str],
    keys: frozenset[str],
) -> PartNumbers:
    """The same for any part: `chosen` has a place for everybody, None where it was not asked."""
    asked = [
        (one, total) for one, total in zip(rows, totals, strict=True) if chosen[one] is not None
    ]
    return part_numbers(
        part,
        [chosen[one] or "" for one, _total in asked],
        [round(total - (column[one] or 0.0), 9) for one, total in asked],
        offered=offered,
        keys=keys,
        totals=[total for _one, total in asked],
    )


class _Languages:
    """Compares the readers of two languages, item by item; sums are made once."""

    def __init__(self, answers: FormAnswers, rows: Sequence[int]) -> None:
        self.answers = answers
        self.rows = rows
        self.totals = totals_of(answers.columns, rows)
        self.places = {
            language: [i for i, one in enumerate(answers.languages) if one == language]
            for language in (FIRST, SECOND)
        }
        self.sums = [0.0] * answers.people
        self.counts = [0] * answers.people
        for column in answers.columns:
            for i, cell in enumerate(column):
                if cell is not None:
                    self.sums[i] += cell
                    self.counts[i] += 1

    def of_item(self, place: int) -> tuple[Comparison | None, Matched | None]:
        """The plain comparison, and the one at equal totals where the groups are large enough."""
        if not self.places[FIRST] or not self.places[SECOND]:
            return None, None
        column = self.answers.columns[place]
        first, second = (
            [(cell, i) for i in self.places[one] if (cell := column[i]) is not None]
            for one in (FIRST, SECOND)
        )
        plain = compare(
            [cell for cell, _i in first],
            [cell for cell, _i in second],
            others_first=[self._other(cell, i) for cell, i in first if self.counts[i] > 1],
            others_second=[self._other(cell, i) for cell, i in second if self.counts[i] > 1],
        )
        return plain, self._matched(column)

    def _other(self, cell: float, i: int) -> float:
        return (self.sums[i] - cell) / (self.counts[i] - 1)

    def _matched(self, column: Sequence[float | None]) -> Matched | None:
        spoken = [
            (column[i] or 0.0, total, self.answers.languages[i] == FIRST)
            for i, total in zip(self.rows, self.totals, strict=True)
            if self.answers.languages[i] in {FIRST, SECOND}
        ]
        in_first = sum(is_first for _cell, _total, is_first in spoken)
        if not may_match(in_first, len(spoken) - in_first):
            return None
        return mantel_haenszel(
            strata_of(
                [one[0] for one in spoken], [one[1] for one in spoken], [one[2] for one in spoken]
            )
        )


def _stages(answers: FormAnswers) -> tuple[StageLine, ...]:
    """Points by the stage that items are filed under, in the order they come in the bank."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, version in enumerate(answers.versions):
        groups[answers.documents[version].stage or ""].append(place)
    if len(groups) < 2:
        return ()
    lines = []
    for stage, places in groups.items():
        cells = [cell for place in places for cell in answers.columns[place] if cell is not None]
        share = math.fsum(cells) / len(cells) if cells else 0.0
        lines.append(StageLine(stage, len(places), answers.people, share))
    return tuple(lines)


CURVE_GROUPS: Final = 5
FEWEST_IN_GROUP: Final = 10


def curve_of(answers: FormAnswers, place: int, group: str | None = None) -> list[Share]:
    """Share right by fifths of the rest score, the weakest first; 95 % intervals.

    `group` narrows to the readers of a language. Ties share the fifth of the first of them, so the
    order of people never matters. Empty below ten people a fifth.
    """
    rows = complete_rows(answers.columns, answers.people)
    totals = totals_of(answers.columns, rows)
    column = answers.columns[place]
    known = sorted(
        (round(total - (column[i] or 0.0), 9), column[i] or 0.0)
        for i, total in zip(rows, totals, strict=True)
        if group is None or answers.languages[i] == group
    )
    if len(known) < CURVE_GROUPS * FEWEST_IN_GROUP:
        return []
    fifths: list[list[float]] = [[] for _ in range(CURVE_GROUPS)]
    first_of: dict[float, int] = {}
    for rank, (rest, cell) in enumerate(known):
        fifth = first_of.setdefault(rest, rank * CURVE_GROUPS // len(known))
        fifths[fifth].append(cell)
    return [share_of(math.fsum(cells), len(cells), 0.95) for cells in fifths]
