"""Publishing: one release a load, immutable versions, and nothing done twice."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from course.models import ContentRelease, ImmutableError
from course.services.publishing import apply_changes, plan_shelves
from modules.models import Lesson, LessonVersion, Module
from modules.published import current_outline
from tests.modules.making import Size, made_up_shelves, publish
from tests.personas import AT

pytestmark = pytest.mark.django_db
SIZE = Size()


def actions(words: dict[str, str] | None = None, size: Size = SIZE) -> list[tuple[str, str]]:
    plan = plan_shelves(made_up_shelves(size, words=words))
    return [(change.action, change.key) for change in plan]


def test_the_first_load_adds_everything_as_release_one() -> None:
    release = publish(made_up_shelves(SIZE))
    assert release is not None
    assert release.number == 1
    assert release.summary == {"lessons": {"add": 4}, "modules": {"add": 2}}
    assert [thing.current.number for thing in Lesson.objects.in_place()] == [1, 1, 1, 1]


def test_the_same_again_is_nothing_to_do_and_writes_nothing() -> None:
    publish(made_up_shelves(SIZE))
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        assert apply_changes(plan_shelves(made_up_shelves(SIZE)), at=AT) is None
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert ContentRelease.objects.count() == 1


def test_a_changed_lesson_gets_one_new_version_and_the_old_one_stays() -> None:
    publish(made_up_shelves(SIZE))
    changed = {"m1/l2": "Listen, then look."}
    assert actions(changed) == [("change", "m1/l2")]
    publish(made_up_shelves(SIZE, words=changed))
    lesson = Lesson.objects.select_related("current").get(key="m1/l2")
    assert lesson.current.number == 2
    old = LessonVersion.objects.get(thing=lesson, number=1)
    assert "Look, then listen." in str(old.document)
    assert LessonVersion.objects.count() == 5


def test_going_back_to_older_words_shows_the_older_version_again() -> None:
    publish(made_up_shelves(SIZE))
    publish(made_up_shelves(SIZE, words={"m1/l2": "Other words."}))
    publish(made_up_shelves(SIZE))
    assert Lesson.objects.select_related("current").get(key="m1/l2").current.number == 1
    assert LessonVersion.objects.count() == 5
    assert ContentRelease.objects.count() == 3


def test_what_is_no_longer_in_the_files_is_withdrawn_and_never_removed() -> None:
    publish(made_up_shelves(SIZE))
    smaller = Size(modules=1)
    assert actions(size=smaller) == [
        ("withdraw", "m2"),
        ("withdraw", "m2/l1"),
        ("withdraw", "m2/l2"),
    ]
    publish(made_up_shelves(smaller))
    assert [module.key for module in current_outline().modules] == ["m1"]
    assert Module.objects.get(key="m2").position is None
    assert ("restore", "m2") in actions()
    publish(made_up_shelves(SIZE))
    assert [module.key for module in current_outline().modules] == ["m1", "m2"]
    assert LessonVersion.objects.count() == 4


def test_a_new_order_moves_and_makes_no_version() -> None:
    shelves = made_up_shelves(SIZE)
    publish(shelves)
    first, second = shelves[0].wanted
    swapped = [
        type(first)(key=first.key, position=2, document=first.document),
        type(second)(key=second.key, position=1, document=second.document),
    ]
    modules = type(shelves[0])(
        name="modules", things=shelves[0].things, versions=shelves[0].versions, wanted=swapped
    )
    assert {change.action for change in plan_shelves([modules])} == {"move"}
    publish([modules])
    assert [module.key for module in current_outline().modules] == ["m2", "m1"]


def test_a_plan_costs_the_same_queries_for_a_small_and_a_large_course(
    django_assert_num_queries: Any,
) -> None:
    publish(made_up_shelves(SIZE))
    with django_assert_num_queries(6):  # things, newest numbers, digests; for each of two shelves
        actions()
    publish(made_up_shelves(Size(modules=20)))
    with django_assert_num_queries(6):
        actions(size=Size(modules=20))


def test_published_rows_cannot_be_changed_or_removed() -> None:
    publish(made_up_shelves(SIZE))
    version = LessonVersion.objects.first()
    assert version is not None
    version.document = {}
    refused = [
        version.save,
        version.delete,
        lambda: LessonVersion.objects.all().update(number=9),
        lambda: LessonVersion.objects.all().delete(),
        lambda: LessonVersion.objects.bulk_update([version], ["number"]),
        lambda: ContentRelease.objects.all().delete(),
    ]
    for attempt in refused:
        with pytest.raises(ImmutableError):
            attempt()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_applied() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        apply_changes(plan_shelves(made_up_shelves(SIZE)), at=AT)
    assert ContentRelease.objects.count() == 0


def test_releases_are_chained() -> None:
    one = publish(made_up_shelves(SIZE))
    two = publish(made_up_shelves(SIZE, words={"m1/l1": "New."}))
    assert one is not None
    assert two is not None
    assert one.digest != two.digest
    assert two.number == 2
