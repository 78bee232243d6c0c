"""First answers to one fixed form, as a table of credits: people down, items across.

One organisation at a time, as marked now, without a name: rows have a place and a language, no key
of a person leaves this room. Which people count is the caller's question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count

from quizzes.form_table import Choices, Column, Kept, dropped_parts, kept_table, right_of, rows_of
from quizzes.item_credit import DECISION, Row
from quizzes.kinds import Item
from quizzes.models import Attempt, AttemptItem, Evidence, QuizVersion
from quizzes.published import item_versions, quiz_version
from quizzes.schema import ACROSS_FORMS, SCHEDULED

# Newest first attempts that are read: at 1,000 a share is known to 3 in a hundred, r to .06.
MOST_ATTEMPTS: Final = 1_000
WINDOW: Final = 3 * MOST_ATTEMPTS // 2  # among so many of the newest are that many whole ones
# Quizzes that draw a few cases of many: no two people have the same form.
WITHOUT_FORM: Final = ACROSS_FORMS | SCHEDULED | {"practice", "refresher"}


@dataclass(frozen=True, slots=True)
class FormLine:
    """A version of a quiz that somebody handed in: the newest first."""

    key: str
    version_id: UUID
    number: int
    people: int

    @property
    def quiz(self) -> Any:
        """Its title and rules."""
        return quiz_version(self.version_id)


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """The table. `columns` has a list for each item of `versions`: a credit or None a person.

    `languages` has for each person the one language in which everything was shown that they
    answered, MIXED, or UNKNOWN: what is kept with the answers, not what they read the site in now.
    `left_out` first attempts had other wordings of the items, or cases the person had met before;
    `is_cut` says that there were more than are read.
    """

    version_id: UUID
    versions: tuple[UUID, ...]
    documents: Mapping[UUID, Item]
    columns: tuple[Column, ...]
    choices: Mapping[UUID, Choices]  # of the questions with one right option
    languages: tuple[str, ...]
    left_out: int
    is_cut: bool
    places: Mapping[UUID, int]  # attempt -> row; for a closer look at one item

    @property
    def people(self) -> int:
        """How many first attempts are in the table."""
        return len(self.languages)

    def place_of(self, version_id: UUID) -> int:
        """Which column an item is."""
        return self.versions.index(version_id)


def first_attempts(organization_id: UUID, people: Any = None) -> Any:
    """First attempts that were handed in; `people` narrows them to these memberships."""
    rows: Any = Attempt.objects.in_organization(organization_id)
    rows = rows.filter(number=1, submitted_at__isnull=False).exclude(quiz__kind__in=WITHOUT_FORM)
    return rows if people is None else rows.filter(membership_id__in=people)


def forms_taken(attempts: Any) -> list[FormLine]:
    """Every version of a form with its number of first attempts: two queries."""
    counts = dict(attempts.order_by().values_list("quiz_version_id").annotate(people=Count("id")))
    versions: Any = QuizVersion.objects
    rows = versions.filter(pk__in=list(counts)).order_by("thing__position", "-number")
    found = rows.values_list("thing__key", "pk", "number")
    return [FormLine(key, pk, number, counts[pk]) for key, pk, number in found]


def read_form(
    organization_id: UUID, attempts: Any, version_id: UUID, *, item: UUID | None = None
) -> FormAnswers | None:
    """The table of one version of a form, as it was drawn last (with `item`: last with that item).

    Items are versioned apart from the quiz: whoever had another wording of one of them is left
    out, as is whoever had met one of the cases before. None when nobody took it. Ten queries.
    """
    firsts = attempts.filter(quiz_version_id=version_id)
    newest = firsts.order_by("-submitted_at", "-id").values_list("id", flat=True)
    rows = list(newest[:WINDOW])
    versions = _form_of(organization_id, newest, rows, item)
    if not versions:
        return None
    whole = _whole(organization_id, newest, rows, versions)
    places = {key: place for place, key in enumerate(whole[:MOST_ATTEMPTS])}
    is_cut = len(whole) > len(places)
    total = len(rows) if len(rows) < WINDOW or is_cut else firsts.count()
    documents = item_versions(list(versions))
    table = kept_table(organization_id, list(places), documents)
    kept = tuple(one for one in versions if any(cell is not None for cell in table.columns[one]))
    return FormAnswers(
        version_id=version_id,
        versions=kept,
        documents=documents,
        columns=tuple(table.columns[one] for one in kept),
        choices=table.choices,
        languages=table.languages,
        left_out=0 if is_cut else total - len(places),
        is_cut=is_cut,
        places=places,
    )


def _form_of(organization_id: UUID, newest: Any, rows: list[UUID], item: UUID | None) -> list[UUID]:
    """The items of the newest first attempt, in the order of the bank: one query, or two."""
    drawn = AttemptItem.objects.in_organization(organization_id)
    attempt_id = rows[0] if rows else None
    if item is not None:
        with_it = drawn.filter(item_version_id=item).values("attempt_id")
        attempt_id = newest.filter(id__in=with_it).first()
    if attempt_id is None:
        return []
    found = drawn.filter(attempt_id=attempt_id).order_by("item__position", "item__key")
    return list(found.values_list("item_version_id", flat=True))


WHOLE: Final[Kept[bool]] = Kept()


def _whole(
    organization_id: UUID, newest: Any, rows: list[UUID], versions: list[UUID]
) -> list[UUID]:
    """The newest attempts in which all these items were met for the first time.

    One more than are read says that there are more. One query among the newest, where some are new;
    another one, which looks at all, only where hundreds of those had other wordings.
    """
    drawn = AttemptItem.objects.in_organization(organization_id)
    same = drawn.filter(exposure=1, item_version_id__in=versions).order_by()
    counts = same.values_list("attempt_id").annotate(n=Count("id")).filter(n=len(versions))

    def read(new: Sequence[UUID]) -> dict[UUID, bool]:
        found = set(counts.filter(attempt_id__in=new).values_list("attempt_id", flat=True))
        return {one: one in found for one in new}

    known = WHOLE.read((organization_id, tuple(versions)), rows, read)
    whole = [one for one in rows if known[one]]
    if len(rows) == WINDOW and len(whole) <= MOST_ATTEMPTS:
        return list(newest.filter(id__in=counts.values("attempt_id"))[: MOST_ATTEMPTS + 1])
    return whole[: MOST_ATTEMPTS + 1]


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """What was answered to one item: part -> the answer of each row of the table ("" left open).

    A trial is "yes" or "no", a ticked option the same; `kinds` says what each part is marked as.
    """

    kinds: Mapping[str, str]
    answers: Mapping[str, list[str | None]]
    rights: Mapping[str, frozenset[str]]


def read_item(organization_id: UUID, form: FormAnswers, version_id: UUID) -> ItemAnswers:
    """The answers to one item by the people of a form: two queries."""
    dropped = dropped_parts(organization_id, [version_id])
    rows = Evidence.objects.in_organization(organization_id).filter(attempt_id__in=form.places)
    answers: dict[str, list[str | None]] = {}
    marked: dict[str, str] = {}
    rights: dict[str, set[str]] = defaultdict(set)
    for (attempt, _version), found in rows_of(rows, [version_id], dropped).items():
        place = form.places.get(attempt)
        if place is None:
            continue
        for row in found:
            if row.part.count("/") or (row.kind == DECISION and row.credit is None):
                continue  # a second try at the same moment
            marked.setdefault(row.part, row.kind)
            column = answers.setdefault(row.part, [None] * form.people)
            column[place] = _said(row)
            rights[row.part] |= right_of(row)
    return ItemAnswers(marked, answers, {one: frozenset(rights[one]) for one in answers})


def _said(row: Row) -> str:
    if row.flagged is not None:
        return "yes" if row.flagged else "no"
    return row.chosen


def version_of_item(attempts: Any, organization_id: UUID, item: UUID) -> UUID | None:
    """The version of a form in which most people met an item; None when nobody did. One query."""
    drawn = AttemptItem.objects.in_organization(organization_id).filter(item_version_id=item)
    rows = attempts.order_by().filter(id__in=drawn.values("attempt_id"))
    counts = rows.values_list("quiz_version_id").annotate(people=Count("id"))
    found: UUID | None = next(
        (pk for pk, _n in counts.order_by("-people", "quiz_version_id")), None
    )
    return found
