"""What should be published of the bank."""

from course.services.publishing import Shelf, Wanted
from quizzes.models import Item, ItemVersion, Quiz, QuizVersion
from quizzes.schema import Bank


def bank_shelves(bank: Bank) -> list[Shelf]:
    """Items and quizzes, in file order."""
    items = [
        Wanted(
            key=key,
            position=place,
            document=item.model_dump(mode="json"),
            columns={"kind": item.kind, "pool": item.pool, "stage": item.stage or ""},
        )
        for place, (key, item) in enumerate(bank.items.items(), 1)
    ]
    quizzes = [
        Wanted(
            key=key,
            position=place,
            document=quiz.model_dump(mode="json"),
            columns={"kind": quiz.kind, "module": quiz.module or ""},
        )
        for place, (key, quiz) in enumerate(bank.quizzes.items(), 1)
    ]
    return [
        Shelf(name="items", things=Item, versions=ItemVersion, wanted=items),
        Shelf(name="quizzes", things=Quiz, versions=QuizVersion, wanted=quizzes),
    ]
