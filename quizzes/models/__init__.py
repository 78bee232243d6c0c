"""The tables of the middle floor. Import models from here."""

from quizzes.models.assignments import Assignment, AssignmentException, Late, Target
from quizzes.models.attempts import Accommodation, Attempt, AttemptItem, Response
from quizzes.models.comments import Comment, CommentRead
from quizzes.models.content import Item, ItemVersion, Quiz, QuizVersion
from quizzes.models.corrections import Amendment, CorrectionUndo, KeyCorrection
from quizzes.models.evidence import Evidence, Tally
from quizzes.models.needs import ExtraDays
from quizzes.models.rooms import PaperEntry, PaperSheet, Room, RoomAnswer

__all__ = [
    "Accommodation",
    "Amendment",
    "Assignment",
    "AssignmentException",
    "Attempt",
    "AttemptItem",
    "Comment",
    "CommentRead",
    "CorrectionUndo",
    "Evidence",
    "ExtraDays",
    "Item",
    "ItemVersion",
    "KeyCorrection",
    "Late",
    "PaperEntry",
    "PaperSheet",
    "Quiz",
    "QuizVersion",
    "Response",
    "Room",
    "RoomAnswer",
    "Tally",
    "Target",
]
