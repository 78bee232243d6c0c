"""The tables of the middle floor. Import models from here."""

from quizzes.models.attempts import Accommodation, Attempt, AttemptItem, Response
from quizzes.models.content import Item, ItemVersion, Quiz, QuizVersion
from quizzes.models.evidence import Evidence, Tally

__all__ = [
    "Accommodation",
    "Attempt",
    "AttemptItem",
    "Evidence",
    "Item",
    "ItemVersion",
    "Quiz",
    "QuizVersion",
    "Response",
    "Tally",
]
