"""The demo people have a past, and get it once."""

from io import StringIO

import pytest
from django.core.management import call_command

from course.models import Membership, Organization, User
from modules.models import LessonCompletion, LessonPlace
from modules.outline import Outline

pytestmark = pytest.mark.django_db


def facts() -> tuple[int, int]:
    rows = [
        model.objects.unscoped("a count over both demo organisations").count()
        for model in (LessonCompletion, LessonPlace)
    ]
    return rows[0], rows[1]


def test_seeding_gives_a_past_and_seeding_again_adds_nothing(small_course: Outline) -> None:
    call_command("seed_demo", stdout=StringIO())
    before = facts()
    assert before[0] > 10
    assert before[1] > before[0], "some people are in the middle of a lesson"
    call_command("seed_demo", stdout=StringIO())
    assert facts() == before


def test_the_printed_learner_begins_at_the_beginning(small_course: Outline) -> None:
    call_command("seed_demo", stdout=StringIO())
    harbour = Organization.objects.get(key="harbour")
    learner = Membership.objects.in_organization(harbour).get(
        user=User.objects.get(username="learner")
    )
    assert not LessonPlace.objects.of_person(learner).exists()


def test_no_made_up_date_lies_in_the_future(small_course: Outline) -> None:
    from django.utils import timezone

    call_command("seed_demo", stdout=StringIO())
    newest = LessonCompletion.objects.unscoped("demo").order_by("-completed_at").first()
    assert newest.completed_at <= timezone.now()
