"""The tables of the top floor. Import models from here."""

from modules.models.content import Lesson, LessonVersion, Module, ModuleVersion
from modules.models.programme import Completion, Cycle, FactModel
from modules.models.progress import LessonCompletion, LessonPlace

__all__ = [
    "Completion",
    "Cycle",
    "FactModel",
    "Lesson",
    "LessonCompletion",
    "LessonPlace",
    "LessonVersion",
    "Module",
    "ModuleVersion",
]
