"""The demo people have a past, and get it once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from course.models import CohortStay, Membership, Organization, Placement, User
from course.services.offices import office_tree
from course.services.placing import differences
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


def test_last_month_shows_people_and_less_than_today(small_course: Outline) -> None:
    now = timezone.now()
    call_command("seed_demo", stdout=StringIO())
    harbour = Organization.objects.get(key="harbour")
    month_ago = now - timedelta(days=31)
    then = Placement.objects.in_organization(harbour).on(month_ago)
    today = Placement.objects.in_organization(harbour).lasting()
    assert (then.count(), today.count()) == (14, 15)  # the printed learner came today
    assert then.filter(office_id__isnull=False).count() == 12
    assert then.filter(manager_id__isnull=False).count() == 4
    assert CohortStay.objects.in_organization(harbour).on(month_ago).count() == 13
    done = LessonCompletion.objects.in_organization(harbour)
    first = done.order_by("completed_at").first()
    there = Placement.objects.in_organization(harbour).on(first.completed_at)
    assert there.filter(membership_id=first.membership_id).count() == 1
    assert differences(harbour.pk) == []
    tree, branches = office_tree(harbour.pk)
    assert (len(tree), len(branches)) == (3, 5)
    assert sum(one.all_people for one in tree) == 12


def test_no_made_up_date_lies_in_the_future(small_course: Outline) -> None:
    call_command("seed_demo", stdout=StringIO())
    newest = LessonCompletion.objects.unscoped("demo").order_by("-completed_at").first()
    assert newest.completed_at <= timezone.now()
