"""The table "these get mixed up": what is taken for what, from first answers of a group.

It is the best source for the next contrast pair. From ten people a pair, and never who.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from course.framework.schema import Framework
from course.models import Cohort
from course.models.base import Viewer
from modules.reports.item_words import SAID_WORDS
from modules.reports.queries import learners_for
from quizzes.cohort_answers import pairs_of
from quizzes.debriefing import is_enough, surely
from quizzes.kinds.triage import LEVELS
from quizzes.labels import choices_of, item_label, lookalike_label, short, sign_label
from quizzes.mixed_answers import Taken, answers_by_part, taken
from quizzes.published import item_versions, version_numbers

KINDS: Final = frozenset({"match", "triage", "sequence", "choice", "next_step"})
MOST: Final = 10  # lines of each table


@dataclass(frozen=True, slots=True)
class Mix:
    """`right` was taken for `taken_for` in `wrong` of `n` answers; `item` names the question."""

    right: str
    taken_for: str
    wrong: int
    n: int
    item: tuple[str, int] | None = None

    @property
    def per_cent(self) -> int:
        """For the page."""
        return round(100 * self.wrong / self.n) if self.n else 0

    @property
    def low(self) -> float:
        """The lower end of its interval, by which lines are ordered."""
        return surely(self.wrong, self.n)


@dataclass(frozen=True, slots=True)
class MixedUp:
    """The tables, each with its most certain lines first."""

    lookalikes: tuple[Mix, ...]
    tactics: tuple[Mix, ...]
    levels: tuple[Mix, ...]
    orders: tuple[Mix, ...]
    options: tuple[Mix, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell yet."""
        return not (self.lookalikes or self.tactics or self.levels or self.orders or self.options)


def mixed_up(viewer: Viewer, cohort: Cohort | None, framework: Framework, language: Any) -> MixedUp:
    """All tables. Look-alikes of single signs are told for a cohort only. Eight queries at most."""
    if viewer.organization_id is None:
        return MixedUp((), (), (), (), ())
    people = learners_for(viewer, cohort).values("id")
    found = taken(viewer.organization_id, people, KINDS)
    documents = item_versions(list({one.version_id for one in found}))
    names = version_numbers(documents)
    by_kind: dict[str, list[Taken]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one)
    words = _Words(documents, names, framework, language)
    return MixedUp(
        lookalikes=_best(_lookalikes(cohort, framework, language)),
        tactics=_best(_tactics(by_kind["match"], words)),
        levels=_best(_levels(by_kind["triage"], words)),
        orders=_best(_orders(by_kind["sequence"], words)),
        options=_best(_options([*by_kind["choice"], *by_kind["next_step"]], words)),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """Items by version, their keys, and the taught model in a language."""

    documents: Mapping[UUID, Any]
    names: Mapping[UUID, tuple[str, int]]
    framework: Framework
    language: Any

    def tactic(self, key: str) -> str:
        tactic = self.framework.tactics.get(key)
        return tactic.name[self.language] if tactic else key


def _best(mixes: Iterable[Mix]) -> tuple[Mix, ...]:
    enough = [one for one in mixes if one.wrong]
    enough.sort(key=lambda one: (-one.low, one.right, one.taken_for))
    return tuple(enough[:MOST])


def _lookalikes(cohort: Cohort | None, framework: Framework, language: Any) -> Iterator[Mix]:
    """A look-alike that was flagged as its sign."""
    for one in pairs_of(cohort) if cohort else ():
        if is_enough(one.people):
            yield Mix(
                right=lookalike_label(framework, one.lookalike, language),
                taken_for=sign_label(framework, one.sign, language),
                wrong=one.false_alarms,
                n=one.n_noise,
            )


def _tactics(found: list[Taken], words: _Words) -> Iterator[Mix]:
    """Two tactics, whichever of the two was right."""
    wrong: dict[tuple[str, str], int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    per_part = answers_by_part(found)
    for (version, part), n in per_part.items():
        tactic = next(one.tactic for one in found if (one.version_id, one.part) == (version, part))
        asked[tactic] += n
        people[tactic] = max(people[tactic], n)
    for one in found:
        if one.wrong and one.tactic != one.chosen:
            first, second = sorted((one.tactic, one.chosen))
            wrong[first, second] += one.wrong
    for (first, second), number in wrong.items():
        if is_enough(max(people[first], people[second])):
            n = asked[first] + asked[second]
            yield Mix(words.tactic(first), words.tactic(second), number, n)


def _levels(found: list[Taken], words: _Words) -> Iterator[Mix]:
    """A level of urgency that was taken for another."""
    totals = answers_by_part(found)
    wrong: dict[tuple[str, str], int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    truth = {
        (version, report.id): report.level
        for version, document in words.documents.items()
        if document.kind == "triage"
        for report in document.reports
    }
    for key, n in totals.items():
        if key in truth:
            asked[truth[key]] += n
            people[truth[key]] = max(people[truth[key]], n)
    for one in found:
        right = truth.get((one.version_id, one.part))
        if right and one.wrong and one.chosen in LEVELS:
            wrong[right, one.chosen] += one.wrong
    for (right, chosen), number in wrong.items():
        if is_enough(people[right]):
            yield Mix(str(SAID_WORDS[right]), str(SAID_WORDS[chosen]), number, asked[right])


def _orders(found: list[Taken], words: _Words) -> Iterator[Mix]:
    """Two events of which the later was put first."""
    totals = answers_by_part(found)
    turned: dict[tuple[UUID, str, str], int] = defaultdict(int)
    for one in found:
        document = words.documents[one.version_id]
        ranks = {event.id: event.rank for event in document.events}
        order = [event for event in one.chosen.split() if event in ranks]
        for first, second in combinations(order, 2):
            if ranks[first] > ranks[second]:
                turned[one.version_id, second, first] += one.n
    for (version, earlier, later), number in turned.items():
        n = totals[version, "order"]
        if is_enough(n):
            texts = {
                event.id: event.text[words.language] for event in words.documents[version].events
            }
            yield Mix(texts[earlier], texts[later], number, n, words.names[version])


def _options(found: list[Taken], words: _Words) -> Iterator[Mix]:
    """A wrong option, and the question it was chosen in."""
    totals = answers_by_part(found)
    for one in found:
        n = totals[one.version_id, one.part]
        if not one.wrong or not is_enough(n):
            continue
        document = words.documents[one.version_id]
        option = choices_of(document, words.language).get(one.chosen, one.chosen)
        label = item_label(document, words.language)
        yield Mix(label, short(option), one.wrong, n, words.names[one.version_id])
