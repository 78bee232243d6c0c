"""What handed-in attempts at the same items are worth, item by item: read once and then kept.

One organisation at a time, as marked now. Rows are places in a list: no key of a person comes in,
none goes out.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import CharField, Count, Max, Min, Q, Sum
from django.db.models.functions import Cast, Coalesce

from quizzes.item_credit import BY_CHOICE, DECISION, Row, Sums, credit_of, credit_of_sums
from quizzes.kinds import Item
from quizzes.models import Evidence, KeyCorrection, Response
from quizzes.models.attempts import UNKNOWN
from quizzes.rekeying import is_best

DROPPED: Final = "drop"
ANSWER: Final = "answer"  # the part of a question with one answer
WITH_OPTIONS: Final = frozenset({"choice", "next_step"})
MIXED: Final = "mixed"  # the language of an attempt that was answered in more than one
AT_ONCE: Final = 2000  # rows that are fetched together

Column = list[float | None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen in a question with one answer, row by row (None: not asked), and the keys."""

    chosen: tuple[str | None, ...]
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Item -> a credit for each row; item -> its choices; the language of each row."""

    columns: Mapping[UUID, Column]
    choices: Mapping[UUID, Choices]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt: a credit for each item, the language, the answers to questions with options."""

    credits: tuple[float | None, ...]
    language: str
    answers: Mapping[UUID, Row]


V = TypeVar("V")


class Kept(Generic[V]):
    """What is known of handed-in attempts, so that it is not read again. Kept by each process.

    Never stale: what was drawn and answered, and its evidence, is never changed after handing in;
    all else that it hangs on is in the `key`. A thousand attempts at 53 items are half a megabyte.
    """

    MOST_KEYS: Final = 16
    MOST_ATTEMPTS: Final = 3_000

    def __init__(self) -> None:
        self._of: OrderedDict[object, Mapping[UUID, V]] = OrderedDict()

    def read(
        self,
        key: object,
        attempts: Sequence[UUID],
        read: Callable[[Sequence[UUID]], Mapping[UUID, V]],
    ) -> Mapping[UUID, V]:
        """At least these attempts; `read` is asked for those that are new."""
        known = self._of.get(key, {})
        if new := [one for one in attempts if one not in known]:
            known = {**known, **read(new)}
            if len(known) > self.MOST_ATTEMPTS:
                known = {one: known[one] for one in attempts}
            self._of[key] = known
            while len(self._of) > self.MOST_KEYS:
                self._of.popitem(last=False)
        if key in self._of:
            self._of.move_to_end(key)
        return known

    def forget(self) -> None:
        """As after a start."""
        self._of.clear()


LINES: Final[Kept[Line]] = Kept()


def kept_table(
    organization_id: UUID, attempts: Sequence[UUID], documents: Mapping[UUID, Item]
) -> Table:
    """The table of these attempts, in their order, as corrections stand now.

    One query, and those of `read_lines` when there is somebody new.
    """
    rows: Any = KeyCorrection.objects.in_organization(organization_id)
    standing = rows.standing().filter(item_version_id__in=list(documents))
    decided = frozenset(standing.values_list("id", flat=True))
    lines = LINES.read(
        (organization_id, tuple(documents), decided),
        attempts,
        lambda new: read_lines(organization_id, new, documents),
    )
    return table_of([lines[one] for one in attempts], documents)


def table_of(lines: Sequence[Line], documents: Mapping[UUID, Item]) -> Table:
    """Lines one below the other."""
    across = zip(*(one.credits for one in lines), strict=True) if lines else ([] for _ in documents)
    return Table(
        columns={one: list(column) for one, column in zip(documents, across, strict=True)},
        choices={
            version: _choices(version, document, lines)
            for version, document in documents.items()
            if any(version in one.answers for one in lines)
        },
        languages=tuple(one.language for one in lines),
    )


def _choices(version_id: UUID, document: Any, lines: Sequence[Line]) -> Choices:
    """What was chosen, and what is right: by the marks, and by the bank where nobody chose it."""
    rows = [one.answers.get(version_id) for one in lines]
    rights = {one.id for one in getattr(document, "options", ()) if is_best(one)}
    for row in rows:
        rights |= right_of(row) if row else set()
    return Choices(tuple(row.chosen if row else None for row in rows), frozenset(rights))


def read_lines(
    organization_id: UUID, attempts: Sequence[UUID], documents: Mapping[UUID, Item]
) -> dict[UUID, Line]:
    """The lines from the database: five queries at most, counted there where counts are enough."""
    dropped = dropped_parts(organization_id, documents)
    single = {one for one, item in documents.items() if item.kind in BY_CHOICE} | set(dropped)
    rows = Evidence.objects.in_organization(organization_id).filter(attempt_id__in=attempts)
    credit: dict[UUID, list[float | None]] = {one: [None] * len(documents) for one in attempts}
    answers: dict[UUID, dict[UUID, Row]] = {one: {} for one in attempts}
    of_attempt = _Written({one: (credit[one], answers[one]) for one in attempts})
    items = [
        _Counted(place, version, item)
        for place, (version, item) in enumerate(documents.items())
        if version not in single
    ]
    of_item = _Written({one.version_id: one for one in items})
    for attempt, version, chosen, best, *numbers in _summed(rows).iterator(chunk_size=AT_ONCE):
        line, item = of_attempt[attempt], of_item[version]
        if line is None or item is None:
            continue
        line[0][item.place] = item.credit(tuple(numbers))
        if chosen is not None and item.has_options:
            line[1][item.version_id] = Row(ANSWER, DECISION, None, chosen, best)
    places = {version: place for place, version in enumerate(documents)}
    for (attempt_id, version_id), found in rows_of(rows, single, dropped).items():
        document = documents[version_id]
        credit[attempt_id][places[version_id]] = credit_of(document, found)
        for row in found if document.kind in WITH_OPTIONS else ():
            if row.part == ANSWER and row.flagged is None:
                answers[attempt_id][version_id] = row
    languages = _languages(organization_id, attempts)
    return {
        one: Line(tuple(credit[one]), languages.get(one, UNKNOWN), answers[one]) for one in attempts
    }


class _Written(dict[str, V | None]):
    """A key as the database writes it -> what belongs to it, or None. Each is looked up once.

    The key of a hundred rows is not made into a UUID a hundred times: that took half of the time.
    """

    def __init__(self, known: Mapping[UUID, V]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, written: str) -> V | None:
        self[written] = found = self._known.get(UUID(written))
        return found


class _Counted:
    """An item whose credit is told from counts. Equal counts are marked once."""

    def __init__(self, place: int, version_id: UUID, document: Item) -> None:
        self.place = place
        self.version_id = version_id
        self.has_options = document.kind in WITH_OPTIONS
        self._kind = document.kind
        self._known: dict[tuple[Any, ...], float | None] = {}

    def credit(self, numbers: tuple[Any, ...]) -> float | None:
        """What the item is worth where this was counted, in the order of `Sums`."""
        if numbers not in self._known:
            self._known[numbers] = credit_of_sums(self._kind, Sums(*numbers))
        return self._known[numbers]


def _languages(organization_id: UUID, attempts: Sequence[UUID]) -> dict[UUID, str]:
    """The language of each attempt that was answered. One query.

    Every answer has its say, also one that was given again later: it was read all the same.
    """
    rows: Any = Response.objects.in_organization(organization_id).filter(attempt_id__in=attempts)
    ends = rows.order_by().values_list("attempt_id").annotate(Min("language"), Max("language"))
    return {
        attempt: first if first in {UNKNOWN, last} else MIXED
        for attempt, first, last in ends.iterator(chunk_size=AT_ONCE)
    }


def dropped_parts(organization_id: UUID, versions: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Items with a standing correction -> their parts that count for nobody. One query."""
    rows: Any = KeyCorrection.objects.in_organization(organization_id)
    standing = rows.standing().filter(item_version_id__in=list(versions))
    found: dict[UUID, set[str]] = defaultdict(set)
    for version, part, change in standing.values_list("item_version_id", "part", "change"):
        found[version] |= {part} if change == DROPPED else set()
    return found


IS_DECISION: Final = Q(kind=DECISION)
IS_TRIAL: Final = ~IS_DECISION
IS_ANSWER: Final = IS_DECISION & Q(part=ANSWER, flagged__isnull=True)  # one row at most


class _Count(Count):
    """A count as the database gives it: a whole number, which Django would make one once more."""

    def get_db_converters(self, connection: Any) -> list[Any]:  # noqa: ARG002
        return []


def _summed(rows: Any) -> Any:
    """(attempt, item, the chosen option, its credit, ...) with the counts in the order of `Sums`.

    All items of the attempts, without naming them: whoever met the whole form met little else, and
    the database is a third faster when it need not look for thirty keys in every row.
    """
    right, wrong = Q(credit__gt=0), Q(credit=0)
    return (
        rows.order_by()
        .values_list(Cast("attempt_id", CharField()), Cast("item_version_id", CharField()))
        .annotate(
            answer=Max("chosen", filter=IS_ANSWER),
            best=Max("credit", filter=IS_ANSWER),
            n_signal=_Count("id", filter=Q(kind="signal")),
            hits=_Count("id", filter=Q(kind="signal", flagged=True)),
            n_noise=_Count("id", filter=Q(kind="noise")),
            alarms=_Count("id", filter=Q(kind="noise", flagged=True)),
            blank=_Count("id", filter=IS_TRIAL & Q(flagged__isnull=True)),
            decisions=_Count("id", filter=IS_DECISION & Q(credit__isnull=False)),
            earned=Coalesce(Sum("credit", filter=IS_DECISION), 0.0),
            ticked_right=_Count("id", filter=IS_DECISION & Q(flagged=True) & right),
            ticked_wrong=_Count("id", filter=IS_DECISION & Q(flagged=True) & wrong),
            missed=_Count("id", filter=IS_DECISION & Q(flagged=False) & wrong),
            left=_Count("id", filter=IS_DECISION & Q(flagged=False) & right),
        )
    )


def rows_of(
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
        one.iterator(chunk_size=AT_ONCE) for one in asked
    ):
        row = Row(*values)
        gone = dropped.get(version, set())
        # A moment that was tried again is the same moment.
        if row.part not in gone and row.part.partition("/")[0] not in gone:
            found[attempt, version].append(row)
    return found


def right_of(row: Row) -> set[str]:
    """What this row proves to be right, as it is marked."""
    if row.kind != DECISION:
        return {"yes" if row.kind == "signal" else "no"}
    if row.flagged is not None:
        return {"yes" if row.flagged == bool(row.credit) else "no"}
    return {row.chosen} if row.credit == 1.0 and row.chosen else set()
