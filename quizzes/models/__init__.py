"""The tables of the middle floor. Import models from here."""

from quizzes.models.assignments import Assignment, AssignmentException, Late, Target
from quizzes.models.attempts import Accommodation, Attempt, AttemptItem, Response
from quizzes.models.comments import Comment, CommentRead
from quizzes.models.content import Item, ItemVersion, Quiz, QuizVersion
from quizzes.models.evidence import Evidence, Tally

__all__ = [
    "Accommodation",
    "Assignment",
    "AssignmentException",
    "Attempt",
    "AttemptItem",
    "Comment",
    "CommentRead",
    "Evidence",
    "Item",
    "ItemVersion",
    "Late",
    "Quiz",
    "QuizVersion",
    "Response",
    "Tally",
    "Target",
]
