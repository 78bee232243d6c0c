"""First answers to one fixed form, as a table of credits: people down, items across.

One organisation at a time, as marked now, without a name: rows have a place and a language, no key
of a person leaves this room. Which people count is the caller's question.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from quizzes.item_credit import BY_CHOICE, Row, Sums, credit_of, credit_of_sums
from quizzes.kinds import Item
from quizzes.models import (
    Attempt,
    AttemptItem,
    Evidence,
    KeyCorrection,
    QuizVersion,
    Response,
)
from quizzes.models.attempts import UNKNOWN
from quizzes.published import item_versions, quiz_version
from quizzes.rekeying import is_best
from quizzes.schema import ACROSS_FORMS, SCHEDULED

# Newest first attempts that are read: at 1,000 a share is known to 3 in a hundred, r to .06.
MOST_ATTEMPTS: Final = 1_000
# Quizzes that draw a few cases of many: no two people have the same form.
WITHOUT_FORM: Final = ACROSS_FORMS | SCHEDULED | {"practice", "refresher"}
DROPPED: Final = "drop"
ANSWER: Final = "answer"  # the part of a question with one answer
WITH_OPTIONS: Final = frozenset({"choice", "next_step"})
MIXED: Final = "mixed"  # the language of an attempt that was answered in more than one


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
    columns: tuple[list[float | None], ...]
    languages: tuple[str, ...]
    left_out: int
    is_cut: bool
    attempts: Any  # of the same people, for a closer look at one item
    places: Mapping[UUID, int]  # attempt -> row

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
    out, as is whoever had met one of the cases before. None when nobody took it. Nine queries.
    """
    firsts = attempts.filter(quiz_version_id=version_id)
    drawn = AttemptItem.objects.in_organization(organization_id)
    versions = _form_of(drawn, firsts, item)
    if not versions:
        return None
    total = firsts.count()
    same = drawn.filter(exposure=1, item_version_id__in=versions).values("attempt_id")
    whole = same.annotate(n=Count("id")).filter(n=len(versions)).order_by()
    mine = firsts.filter(id__in=whole.values("attempt_id")).order_by("-submitted_at", "-id")
    rows = list(mine.values_list("id", flat=True)[: MOST_ATTEMPTS + 1])
    is_cut = len(rows) > MOST_ATTEMPTS
    rows = rows[:MOST_ATTEMPTS]
    places = {key: place for place, key in enumerate(rows)}
    chosen = mine.values("id")[:MOST_ATTEMPTS] if is_cut else mine.order_by().values("id")
    documents = item_versions(list(versions))
    columns = _kept_columns(organization_id, chosen, places, documents)
    kept = tuple(one for one in versions if any(cell is not None for cell in columns[one]))
    return FormAnswers(
        version_id=version_id,
        versions=kept,
        documents=documents,
        columns=tuple(columns[one] for one in kept),
        languages=_languages(organization_id, chosen, places),
        left_out=0 if is_cut else total - len(rows),
        is_cut=is_cut,
        attempts=chosen,
        places=places,
    )


def _form_of(drawn: Any, firsts: Any, item: UUID | None) -> list[UUID]:
    """The items of the newest first attempt, in the order of the bank: two queries."""
    newest = firsts.order_by("-submitted_at", "-id")
    if item is not None:
        newest = newest.filter(id__in=drawn.filter(item_version_id=item).values("attempt_id"))
    attempt_id = newest.values_list("id", flat=True).first()
    if attempt_id is None:
        return []
    rows = drawn.filter(attempt_id=attempt_id).order_by("item__position", "item__key")
    return list(rows.values_list("item_version_id", flat=True))


def _languages(organization_id: UUID, attempts: Any, places: Mapping[UUID, int]) -> tuple[str, ...]:
    """The language of each attempt. One query.

    Every answer has its say, also one that was given again later: it was read all the same.
    """
    rows: Any = Response.objects.in_organization(organization_id).filter(attempt_id__in=attempts)
    ends = rows.order_by().values_list("attempt_id").annotate(Min("language"), Max("language"))
    found = [UNKNOWN] * len(places)
    for attempt, first, last in ends.iterator(chunk_size=2000):
        if attempt in places:
            found[places[attempt]] = first if first in {UNKNOWN, last} else MIXED
    return tuple(found)


KEPT: Final = 16  # tables a process keeps; one of 1,000 people and 53 items takes half a megabyte
_kept: OrderedDict[object, dict[UUID, list[float | None]]] = OrderedDict()


def _kept_columns(
    organization_id: UUID, attempts: Any, places: Mapping[UUID, int], documents: Mapping[UUID, Item]
) -> dict[UUID, list[float | None]]:
    """The same as `_columns`, from memory where nothing can have changed. One query at least.

    Never stale: evidence of a handed-in attempt is never changed, so these attempts under these
    standing corrections have these credits for ever. Whoever is erased is another set of attempts.
    """
    rows: Any = KeyCorrection.objects.in_organization(organization_id)
    standing = rows.standing().filter(item_version_id__in=list(documents))
    decided = frozenset(standing.values_list("id", flat=True))
    key = (organization_id, tuple(documents), tuple(places), decided)
    if key not in _kept:
        _kept[key] = _columns(organization_id, attempts, places, documents)
    _kept.move_to_end(key)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return _kept[key]


def _columns(
    organization_id: UUID, attempts: Any, places: Mapping[UUID, int], documents: Mapping[UUID, Item]
) -> dict[UUID, list[float | None]]:
    """Item -> a credit a person. Counted by the database where counts are enough."""
    cells: dict[UUID, list[float | None]] = {one: [None] * len(places) for one in documents}
    dropped = _dropped_parts(organization_id, documents)
    single = {one for one, item in documents.items() if item.kind in BY_CHOICE} | set(dropped)
    rows = Evidence.objects.in_organization(organization_id).filter(attempt_id__in=attempts)
    counted = rows.filter(item_version_id__in=documents.keys() - single)
    known: dict[tuple[str, Sums], float | None] = {}
    for attempt, version, *numbers in _summed(counted).iterator(chunk_size=2000):
        key = (documents[version].kind, Sums(*numbers))
        if key not in known:
            known[key] = credit_of_sums(*key)
        if attempt in places:
            cells[version][places[attempt]] = known[key]
    for (attempt, version), answers in _rows_of(rows, single, dropped).items():
        if attempt in places:
            cells[version][places[attempt]] = credit_of(documents[version], answers)
    return cells


def _dropped_parts(organization_id: UUID, versions: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Items with a standing correction -> their parts that count for nobody. One query."""
    rows: Any = KeyCorrection.objects.in_organization(organization_id)
    standing = rows.standing().filter(item_version_id__in=list(versions))
    found: dict[UUID, set[str]] = defaultdict(set)
    for version, part, change in standing.values_list("item_version_id", "part", "change"):
        found[version] |= {part} if change == DROPPED else set()
    return found


IS_DECISION: Final = Q(kind="decision")
IS_TRIAL: Final = ~IS_DECISION


def _summed(rows: Any) -> Any:
    """(attempt, item, ...) with the counts in the order of `Sums`."""
    right, wrong = Q(credit__gt=0), Q(credit=0)
    return (
        rows.order_by()
        .values_list("attempt_id", "item_version_id")
        .annotate(
            n_signal=Count("id", filter=Q(kind="signal")),
            hits=Count("id", filter=Q(kind="signal", flagged=True)),
            n_noise=Count("id", filter=Q(kind="noise")),
            alarms=Count("id", filter=Q(kind="noise", flagged=True)),
            blank=Count("id", filter=IS_TRIAL & Q(flagged__isnull=True)),
            decisions=Count("id", filter=IS_DECISION & Q(credit__isnull=False)),
            earned=Coalesce(Sum("credit", filter=IS_DECISION), 0.0),
            ticked_right=Count("id", filter=IS_DECISION & Q(flagged=True) & right),
            ticked_wrong=Count("id", filter=IS_DECISION & Q(flagged=True) & wrong),
            missed=Count("id", filter=IS_DECISION & Q(flagged=False) & wrong),
            left=Count("id", filter=IS_DECISION & Q(flagged=False) & right),
        )
    )


def _rows_of(
    rows: Any, versions: Iterable[UUID], dropped: Mapping[UUID, set[str]]
) -> dict[tuple[UUID, UUID], list[Row]]:
    """The rows of these items as they are marked now, without what counts for nobody.

    Two queries: only items with a correction ask for their corrected marks, row by row.
    """
    found: dict[tuple[UUID, UUID], list[Row]] = defaultdict(list)
    wanted, fixed = ("attempt_id", "item_version_id", "part"), ("flagged", "chosen")
    plain = rows.filter(item_version_id__in=set(versions) - set(dropped)).order_by()
    marked = rows.filter(item_version_id__in=set(versions) & set(dropped)).corrected().order_by()
    asked = (
        plain.values_list(*wanted, "kind", *fixed, "credit"),
        marked.values_list(*wanted, "marked_kind", *fixed, "marked_credit"),
    )
    for attempt, version, *values in chain.from_iterable(
        one.iterator(chunk_size=2000) for one in asked
    ):
        row = Row(*values)
        gone = dropped.get(version, set())
        # A moment that was tried again is the same moment.
        if row.part not in gone and row.part.partition("/")[0] not in gone:
            found[attempt, version].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen in a question with one answer, row by row (None: not asked), and the keys."""

    chosen: tuple[str | None, ...]
    rights: frozenset[str]


def read_choices(organization_id: UUID, form: FormAnswers) -> dict[UUID, Choices]:
    """The answers to every question of a form that has one right option: three queries."""
    asked = {one for one in form.versions if form.documents[one].kind in WITH_OPTIONS}
    dropped = _dropped_parts(organization_id, asked)
    rows = Evidence.objects.in_organization(organization_id).filter(
        attempt_id__in=form.attempts, part=ANSWER, flagged__isnull=True
    )
    chosen: dict[UUID, list[str | None]] = {}
    rights: dict[UUID, set[str]] = defaultdict(set)
    for (attempt, version), found in _rows_of(rows, asked, dropped).items():
        place = form.places.get(attempt)
        if place is not None:
            chosen.setdefault(version, [None] * form.people)[place] = found[0].chosen
            rights[version] |= _right_of(found[0])
    for version in chosen:
        options: Any = getattr(form.documents[version], "options", ())
        rights[version] |= {one.id for one in options if is_best(one)}
    return {one: Choices(tuple(column), frozenset(rights[one])) for one, column in chosen.items()}


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
    dropped = _dropped_parts(organization_id, [version_id])
    rows = Evidence.objects.in_organization(organization_id).filter(attempt_id__in=form.attempts)
    answers: dict[str, list[str | None]] = {}
    marked: dict[str, str] = {}
    rights: dict[str, set[str]] = defaultdict(set)
    for (attempt, _version), found in _rows_of(rows, [version_id], dropped).items():
        place = form.places.get(attempt)
        if place is None:
            continue
        for row in found:
            if row.part.count("/") or (row.kind == "decision" and row.credit is None):
                continue  # a second try at the same moment
            marked.setdefault(row.part, row.kind)
            column = answers.setdefault(row.part, [None] * form.people)
            column[place] = _said(row)
            rights[row.part] |= _right_of(row)
    return ItemAnswers(marked, answers, {one: frozenset(rights[one]) for one in answers})


def _said(row: Row) -> str:
    if row.flagged is not None:
        return "yes" if row.flagged else "no"
    return row.chosen


def _right_of(row: Row) -> set[str]:
    """What this row proves to be right, as it is marked."""
    if row.kind != "decision":
        return {"yes" if row.kind == "signal" else "no"}
    if row.flagged is not None:
        return {"yes" if row.flagged == bool(row.credit) else "no"}
    return {row.chosen} if row.credit == 1.0 and row.chosen else set()


def version_of_item(attempts: Any, organization_id: UUID, item: UUID) -> UUID | None:
    """The version of a form in which most people met an item; None when nobody did. One query."""
    drawn = AttemptItem.objects.in_organization(organization_id).filter(item_version_id=item)
    rows = attempts.order_by().filter(id__in=drawn.values("attempt_id"))
    counts = rows.values_list("quiz_version_id").annotate(people=Count("id"))
    found: UUID | None = next(
        (pk for pk, _n in counts.order_by("-people", "quiz_version_id")), None
    )
    return found
