"""A cohort on one screen: who has not started, who is stuck, what is due, what needs a look.

In words, as the page says them too:
- *Not started*: a learner who has opened no lesson and no quiz.
- *Stuck*: a learner who has started, has something in the middle or something due that is not done,
  and has touched nothing for seven days.
- *Needs a look*: an attempt of the last two weeks with a step that was not safe, on which no note
  was written yet.

The number of queries does not depend on how many people there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q

from course.models import Cohort, Membership
from course.models.base import Viewer
from modules.models import LessonCompletion, LessonPlace
from modules.outline import Outline
from modules.reports.queries import learners_for
from modules.services.finished import Finished, finished_by
from modules.targets import Titles
from quizzes.duties import Duty, duties_of_many
from quizzes.models import Attempt, Comment, Evidence, Response, Target
from quizzes.published import quiz_version
from quizzes.schema import SCHEDULED

STUCK_AFTER: Final = timedelta(days=7)
LOOK_BACK: Final = timedelta(days=14)
MOST_LOOKS: Final = 20


@dataclass(frozen=True, slots=True)
class Stuck:
    """Who is stuck: since when nothing was touched, and where; `title` is empty for what is due."""

    person: Membership
    last_at: datetime
    days: int
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing asked of the cohort: its title, and how many have done it.

    `due_at` is the date without anybody's own extension: the earliest of all.
    """

    title: str
    opens_at: datetime | None
    due_at: datetime | None
    people: int
    done: int
    late: tuple[Membership, ...]

    @property
    def open(self) -> int:
        """How many still have it before them."""
        return self.people - self.done


@dataclass(frozen=True, slots=True)
class Look:
    """An attempt with unsafe steps: whose, of which quiz, how many."""

    person: Membership
    attempt_id: UUID
    title: Mapping[str, str]
    submitted_at: datetime
    unsafe: int


@dataclass(frozen=True, slots=True)
class Room:
    """Everything of the page."""

    people: int
    not_started: tuple[Membership, ...]
    stuck: tuple[Stuck, ...]
    due: tuple[Due, ...]
    looks: tuple[Look, ...]
    going_on: int


def read_room(
    outline: Outline, viewer: Viewer, cohort: Cohort, *, language: str, at: datetime
) -> Room:
    """The page of one cohort at `at`."""
    people = list(learners_for(viewer, cohort).select_related("user"))
    people.sort(key=lambda one: (one.user.shown_name.casefold(), str(one.id)))
    duties = duties_of_many(people, at=at)
    finished = finished_by(people)
    touched = _Touched(outline, cohort.organization_id, [one.id for one in people])
    stuck = [
        found
        for person in people
        if (found := _stuck(touched, person, _open(person, duties, finished, at), at))
    ]
    not_started = tuple(one for one in people if one.id not in touched.last)
    return Room(
        people=len(people),
        not_started=not_started,
        stuck=tuple(sorted(stuck, key=lambda one: one.last_at)),
        due=tuple(_dues(people, duties, finished, Titles(outline, language), at)),
        looks=tuple(_looks(people, at)),
        going_on=len(people) - len(not_started) - len(stuck),
    )


# --- who is stuck ---------------------------------------------------------------------------------


class _Touched:
    """When each person last touched anything, and what they left in the middle: five queries.

    `last` holds only people who have begun; `middle`: what was left last, as (since, title).
    """

    def __init__(self, outline: Outline, organization: UUID, ids: Sequence[UUID]) -> None:
        self.last: dict[UUID, datetime] = {}
        self.middle: dict[UUID, tuple[datetime, Mapping[str, str]]] = {}
        named = Q(organization_id=organization, membership_id__in=ids)
        self._lessons(outline, named)
        self._quizzes(organization, named)

    def _touch(self, person: UUID, at: datetime) -> None:
        self.last[person] = max(at, self.last.get(person, at))

    def _leave(self, person: UUID, at: datetime, title: Mapping[str, str]) -> None:
        if person not in self.middle or self.middle[person][0] < at:
            self.middle[person] = (at, title)

    def _lessons(self, outline: Outline, named: Q) -> None:
        titles = {lesson.id: lesson.titles for lesson in outline.lessons()}
        finished = LessonCompletion.objects.filter(named)
        done = set(finished.values_list("membership_id", "lesson_id"))
        places = LessonPlace.objects.filter(named)
        for person, lesson, moved_at in places.values_list(
            "membership_id", "lesson_id", "moved_at"
        ):
            self._touch(person, moved_at)
            if (person, lesson) not in done and lesson in titles:
                self._leave(person, moved_at, titles[lesson])

    def _quizzes(self, organization: UUID, named: Q) -> None:
        columns = ("id", "membership_id", "quiz_version_id", "started_at", "submitted_at")
        rows = list(Attempt.objects.filter(named).values_list(*columns))
        open_ids = [row[0] for row in rows if row[4] is None]
        answers = Response.objects.filter(organization_id=organization, attempt_id__in=open_ids)
        newest = dict(
            answers.order_by().values_list("attempt_id").annotate(newest=Max("answered_at"))
        )
        for attempt, person, version, started_at, submitted_at in rows:
            touched_at = submitted_at or newest.get(attempt, started_at)
            self._touch(person, touched_at)
            if submitted_at is None and (quiz := quiz_version(version)).kind not in SCHEDULED:
                self._leave(person, touched_at, _spoken(quiz.title))


def _spoken(title: Mapping[Any, str]) -> Mapping[str, str]:
    return {str(language): text for language, text in title.items()}


def _open(
    person: Membership, duties: Mapping[UUID, list[Duty]], finished: Finished, at: datetime
) -> bool:
    """Whether something is asked of this person, open by now, and not done."""
    return any(
        not duty.excused
        and (duty.opens_at is None or duty.opens_at <= at)
        and not finished.since(person, duty)
        for duty in duties[person.id]
    )


def _stuck(touched: _Touched, person: Membership, has_open: bool, at: datetime) -> Stuck | None:  # noqa: FBT001 -- one caller
    last = touched.last.get(person.id)
    if last is None or at - last < STUCK_AFTER:
        return None
    left = touched.middle.get(person.id)
    if left is None and not has_open:
        return None
    return Stuck(person, last, (at - last).days, left[1] if left else {})


# --- what is due ----------------------------------------------------------------------------------


def _dues(
    people: Sequence[Membership],
    duties: Mapping[UUID, list[Duty]],
    finished: Finished,
    titles: Titles,
    at: datetime,
) -> Iterable[Due]:
    """Each thing that is asked of anybody here, the soonest due first."""
    asked: dict[tuple[Target, str], list[tuple[Membership, Duty]]] = defaultdict(list)
    for person in people:
        mine: dict[tuple[Target, str], Duty] = {}
        for duty in duties[person.id]:
            if not duty.excused:
                mine.setdefault((duty.target, duty.key), duty)
        for name, duty in mine.items():
            asked[name].append((person, duty))
    found = []
    for (target, key), pairs in asked.items():
        open_pairs = [(one, duty) for one, duty in pairs if not finished.since(one, duty)]
        late = [one for one, duty in open_pairs if duty.due_at is not None and duty.due_at < at]
        dates = [duty.due_at for _person, duty in pairs if duty.due_at is not None]
        opens = [duty.opens_at for _person, duty in pairs if duty.opens_at is not None]
        found.append(
            Due(
                title=titles.of(target, key),
                opens_at=min(opens, default=None) if len(opens) == len(pairs) else None,
                due_at=min(dates, default=None),
                people=len(pairs),
                done=len(pairs) - len(open_pairs),
                late=tuple(late),
            )
        )
    return sorted(
        found, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0.0)
    )


# --- what needs a look ----------------------------------------------------------------------------


def _looks(people: Sequence[Membership], at: datetime) -> Iterable[Look]:
    """Attempts with unsafe steps and without a note, the newest first. One query."""
    by_id = {one.id: one for one in people}
    if not by_id:
        return
    organization = people[0].organization_id
    noted = Comment.objects.filter(
        organization_id=OuterRef("organization_id"), attempt_id=OuterRef("attempt_id")
    )
    rows: Any = Evidence.objects.filter(organization_id=organization).corrected()
    unsafe = rows.filter(
        membership_id__in=list(by_id), marked_critical=True, at__gt=at - LOOK_BACK, at__lte=at
    ).exclude(Exists(noted))
    columns = ("membership_id", "attempt_id", "attempt__quiz_version_id", "attempt__submitted_at")
    grouped = unsafe.order_by().values_list(*columns).annotate(unsafe=Count("id"))
    for person, attempt, version, submitted_at, number in grouped.order_by(
        "-attempt__submitted_at", "attempt_id"
    )[:MOST_LOOKS]:
        title = _spoken(quiz_version(version).title)
        yield Look(by_id[person], attempt, title, submitted_at, number)
