"""Reading the published bank, kept in memory because it never changes under one release.

A room between models and everything that reads the bank (access, services, views).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from course.framework.loading import current_release_id
from quizzes import kinds
from quizzes.kinds import Item as ItemDocument
from quizzes.models import Item, ItemVersion, Quiz, QuizVersion
from quizzes.policy import Candidate
from quizzes.schema import Quiz as QuizDocument

KEPT_ITEMS = 800

Card = tuple[str, str]  # a tactic (or "") and signal or noise: what one short case is about


@dataclass(frozen=True, slots=True)
class PublishedQuiz:
    """A quiz that can be taken now."""

    id: UUID
    version_id: UUID
    quiz: QuizDocument


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """An item that can be drawn now."""

    id: UUID
    version_id: UUID
    candidate: Candidate
    sensitive: bool
    card: Card | None = None


@dataclass(frozen=True)
class PublishedBank:
    """All quizzes, in order, and all items, by key; `ever`: also the quizzes withdrawn since."""

    quizzes: Mapping[str, PublishedQuiz]
    items: Mapping[str, PublishedItem]
    ever: Mapping[str, PublishedQuiz]

    @cached_property
    def pools(self) -> frozenset[str]:
        """Pools that hold anything."""
        return frozenset(item.candidate.pool for item in self.items.values())

    def has_items_for(self, published: PublishedQuiz) -> bool:
        """Whether the bank holds anything for this quiz yet."""
        return not self.pools.isdisjoint(published.quiz.pools)

    @property
    def candidates(self) -> list[Candidate]:
        """What draws choose from."""
        return [item.candidate for item in self.items.values()]

    @property
    def sensitive(self) -> set[str]:
        """Keys of heavy items."""
        return {key for key, item in self.items.items() if item.sensitive}


def current_bank() -> PublishedBank:
    """The bank as published now: one query when nothing was published meanwhile."""
    return _bank_of(current_release_id())


@lru_cache(maxsize=2)
def _bank_of(_release_id: UUID | None) -> PublishedBank:
    """Two queries. Everything under one release id is immutable, so a process may keep it."""
    quizzes: Any = Quiz.objects
    items: Any = Item.objects
    ever = {
        row.key: (
            row.position,
            PublishedQuiz(row.pk, row.current_id, _read_quiz(row.current.document)),
        )
        for row in quizzes.ever_published()
    }
    return PublishedBank(
        quizzes={key: one for key, (place, one) in ever.items() if place is not None},
        ever={key: one for key, (_place, one) in ever.items()},
        items={
            row.key: PublishedItem(
                row.pk,
                row.current_id,
                Candidate(
                    row.key, row.kind, row.pool, row.stage, row.current.document.get("twin") or ""
                ),
                row.current.document["sensitive"],
                _card_of(row.current.document),
            )
            for row in items.in_place()
        },
    )


def ever_published() -> Mapping[str, PublishedQuiz]:
    """Every quiz by key as it was last published, also those withdrawn since.

    For what was done with them: it stays true, whatever can be taken now.
    """
    return current_bank().ever


def _card_of(document: Any) -> Card | None:
    """What a case is about, for items that are one case."""
    case = document.get("vignette")
    if case is None:
        return None
    place = document["places"].get(case["indicator"] or case["imitates"])
    return ((place and place["tactic"]) or "", case["kind"])


def _read_quiz(document: Any) -> QuizDocument:
    return QuizDocument.model_validate(document)


@lru_cache(maxsize=64)
def quiz_version(version_id: UUID) -> QuizDocument:
    """The rules of a quiz as they were: no query when this process has read them before."""
    versions: Any = QuizVersion.objects
    return _read_quiz(versions.get(pk=version_id).document)


@lru_cache(maxsize=KEPT_ITEMS)
def item_version(version_id: UUID) -> ItemDocument:
    """An item as it was published: no query when this process has read it before."""
    versions: Any = ItemVersion.objects
    return kinds.parse(versions.get(pk=version_id).document)


def item_versions(version_ids: list[UUID]) -> dict[UUID, ItemDocument]:
    """Many items at once: one query for all that this process has not read yet."""
    versions: Any = ItemVersion.objects
    rows = versions.filter(pk__in=version_ids)
    return {row.pk: kinds.parse(row.document) for row in rows}


def version_numbers(version_ids: Iterable[UUID]) -> dict[UUID, tuple[str, int]]:
    """Version -> key of its item and its number: one query."""
    versions: Any = ItemVersion.objects
    rows = versions.filter(pk__in=list(version_ids))
    return {pk: (key, number) for pk, key, number in rows.values_list("pk", "thing__key", "number")}


TESTS = frozenset({"pre-test", "final", "follow-up", "check-up"})
PRACTICE = frozenset({"practice", "taster"})


def protected_pools() -> frozenset[str]:
    """Pools that tests draw from: their texts are never printed or shown to a room."""
    return _pools_of(TESTS)


def practice_pools() -> frozenset[str]:
    """Pools that only practice draws from: nobody's result depends on them."""
    quizzes = [one.quiz for one in current_bank().quizzes.values()]
    counting = {pool for quiz in quizzes if quiz.counts for pool in quiz.pools}
    return _pools_of(PRACTICE) - counting - protected_pools()


def _pools_of(wanted: frozenset[str]) -> frozenset[str]:
    quizzes = [one.quiz for one in current_bank().quizzes.values()]
    return frozenset(pool for quiz in quizzes if quiz.kind in wanted for pool in quiz.pools)
