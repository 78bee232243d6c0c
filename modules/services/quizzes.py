"""The quizzes of one person, as the way through the course sees them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from course.models import Membership
from modules.next_step import MyQuiz
from modules.services.completing import FIRST_CYCLE, Round, completions_of
from quizzes.duties import Duty
from quizzes.listing import Entry, entries_for
from quizzes.policy import Reason, assigned_as

ON_THE_WAY = ("pre-test", "module", "final")


def my_quizzes(
    membership: Membership,
    *,
    at: datetime,
    duties: Sequence[Duty] | None = None,
    now: Round | None = None,
) -> list[MyQuiz]:
    """Pre-test, module quizzes and final of this person, and whatever else is asked of them.

    The same queries whatever their number. `duties`: those of the person, where they are read
    already. `now`: their round, in which module quizzes and final are to be taken anew.
    """
    entries = [
        one
        for one in entries_for(membership, at=at, duties=duties)
        if one.quiz.kind in ON_THE_WAY or one.duty is not None
    ]
    behind = {one.quiz.key for one in entries if _is_behind(one, now)}
    taken = {one.quiz.kind for one in entries if one.quiz.key in behind}
    if "final" in taken and not _has_completed(membership, now):
        # It did not come out well yet: another form is the next thing, as soon as the wait is over.
        again = {one.quiz.key for one in entries if one.quiz.kind == "final" and one.allowed}
        behind -= again
        taken -= {"final"} if again else set()
    return [_my_quiz(entry, entry.quiz.key in behind, taken) for entry in entries]


def _has_completed(membership: Membership, now: Round | None) -> bool:
    """Whether the course is complete in this round: one query."""
    course = completions_of(membership).filter(scope="course")
    done: bool = course.filter(cycle=now.number if now is not None else FIRST_CYCLE).exists()
    return done


def _is_behind(entry: Entry, now: Round | None) -> bool:
    """Whether it was handed in, in this round where the round asks for it again."""
    kind, since = entry.quiz.kind, now.since if now is not None else None
    asked_again = kind == "final" or (kind == "module" and now is not None and not now.shortened)
    if since is None or not asked_again:
        return bool(entry.handed_in)
    ends = [one.submitted_at for one in entry.handed_in if one.submitted_at is not None]
    return any(end >= since for end in ends)


def _my_quiz(entry: Entry, behind: bool, taken: Collection[str]) -> MyQuiz:  # noqa: FBT001
    """Forms of one test are one thing on the way: whoever handed in one has taken the test.

    In a new round another form is next; the one of the round before is not offered again.
    """
    other_form = entry.allowed.reason == Reason.OTHER_FORM and entry.open is None
    quiz = entry.quiz
    return MyQuiz(
        key=quiz.key,
        quiz_kind=quiz.kind,
        module=quiz.module or "",
        minutes=quiz.minutes,
        titles={str(language): text for language, text in quiz.title.items()},
        summaries={str(language): text for language, text in quiz.summary.items()},
        taken=behind or other_form or (quiz.form is not None and quiz.kind in taken),
        attempt_id=entry.open.id if entry.open else None,
        touched_at=entry.open.started_at if entry.open else None,
        asked_as=assigned_as(quiz),
        can_begin=bool(entry.allowed),
    )
