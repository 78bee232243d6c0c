"""The quizzes of one person, as the way through the course sees them."""

from collections.abc import Collection
from datetime import datetime

from course.models import Membership
from modules.next_step import MyQuiz
from quizzes.listing import Entry, entries_for

ON_THE_WAY = ("pre-test", "module", "final")


def my_quizzes(membership: Membership, *, at: datetime) -> list[MyQuiz]:
    """Pre-test, module quizzes and final of this person: two queries, whatever their number."""
    entries = [one for one in entries_for(membership, at=at) if one.quiz.kind in ON_THE_WAY]
    taken = {one.quiz.kind for one in entries if one.handed_in}
    return [_my_quiz(entry, taken) for entry in entries]


def _my_quiz(entry: Entry, taken: Collection[str]) -> MyQuiz:
    """Forms of one test are one thing on the way: whoever handed in one has taken the test."""
    quiz = entry.quiz
    return MyQuiz(
        key=quiz.key,
        quiz_kind=quiz.kind,
        module=quiz.module or "",
        minutes=quiz.minutes,
        titles={str(language): text for language, text in quiz.title.items()},
        summaries={str(language): text for language, text in quiz.summary.items()},
        taken=bool(entry.handed_in) or (quiz.form is not None and quiz.kind in taken),
        attempt_id=entry.open.id if entry.open else None,
        touched_at=entry.open.started_at if entry.open else None,
    )
