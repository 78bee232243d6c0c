"""Items and quizzes as published: lasting rows with immutable versions. Decision 0007."""

from typing import ClassVar

from django.db import models

from course.models import PublishedThing, ThingVersion

WORD_LENGTH = 60


class Item(PublishedThing):
    """One item of the bank. No personal data."""

    kind = models.CharField(max_length=WORD_LENGTH)
    pool = models.CharField(max_length=WORD_LENGTH)
    stage = models.CharField(max_length=WORD_LENGTH, blank=True)
    current = models.ForeignKey(
        "quizzes.ItemVersion", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # A quiz draws from a few pools.
            models.Index(fields=["pool", "kind"], name="quizzes_item_pool"),
        ]


class ItemVersion(ThingVersion):
    """Text, key and feedback of an item from one release on. No personal data.

    `document` is `item.model_dump(mode="json")`; `quizzes.kinds.parse` reads it back.
    """

    thing = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thing", "number"], name="quizzes_item_number"),
            # The same words are the same version, however often they come back.
            models.UniqueConstraint(fields=["thing", "digest"], name="quizzes_item_digest"),
        ]


class Quiz(PublishedThing):
    """One quiz. No personal data. `module` is the key of the module it belongs to, or ""."""

    kind = models.CharField(max_length=WORD_LENGTH)
    module = models.CharField(max_length=WORD_LENGTH, blank=True)
    current = models.ForeignKey(
        "quizzes.QuizVersion", on_delete=models.PROTECT, related_name="+", null=True
    )


class QuizVersion(ThingVersion):
    """Title, rules and draws of a quiz from one release on. No personal data.

    `document` is `quiz.model_dump(mode="json")` of `quizzes.schema.Quiz`.
    """

    thing = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thing", "number"], name="quizzes_quiz_number"),
            models.UniqueConstraint(fields=["thing", "digest"], name="quizzes_quiz_digest"),
        ]
