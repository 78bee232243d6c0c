"""My team: for whoever has people reporting to them, those people, and what they finished."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.urls import reverse

from course.framework.loading import current_release_id
from course.models import Membership
from course.services.several import set_manager
from modules.models import Completion, Cycle, LessonCompletion
from modules.outline import Outline
from tests.personas import ADMINISTRATOR, AT, LEARNER, TRAINER, World, make_membership, make_user

pytestmark = pytest.mark.django_db


def report_to(world: World, manager: Membership | None, *people: Membership) -> None:
    set_manager(people=people, manager=manager, actor=world.harbour.administrator, at=AT)


def finish(outline: Outline, person: Membership, *, cycle: int = 1) -> None:
    """The first module with its lessons, and the course."""
    module = outline.modules[0]
    for lesson in module.lessons:
        LessonCompletion.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            lesson_id=lesson.id,
            lesson_version_id=lesson.version_id,
            cycle=cycle,
            completed_at=AT,
        )
    for scope, key in (("module", module.key), ("course", "")):
        Completion.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            scope=scope,
            key=key,
            cycle=cycle,
            completed_at=AT,
            rule={},
            facts={},
            release_id=current_release_id(),
        )


def page_of(world: World, persona: str) -> str:
    answer = world.client(persona).get(reverse("modules:team"))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_learner_who_leads_sees_their_own_people_and_nobody_else(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    report_to(world, place.learner, place.stranger)
    text = page_of(world, LEARNER)
    assert "canaryharbour stranger" in text
    assert "1 person reports to you" in text
    for other in (place.trainer, place.administrator):
        assert other.user.display_name not in text
    assert world.lighthouse.canary not in text


def test_people_below_one_s_people_are_not_one_s_team(world: World, small_course: Outline) -> None:
    place = world.harbour
    report_to(world, place.learner, place.stranger)
    report_to(world, place.trainer, place.learner)
    text = page_of(world, TRAINER)
    assert "canaryharbour learner" in text
    assert "canaryharbour stranger" not in text


def test_it_holds_from_today_and_ends_today(world: World, small_course: Outline) -> None:
    place, client = world.harbour, world.client(LEARNER)
    address = reverse("modules:team")
    assert client.get(address).status_code == 403
    assert "My team" not in client.get("/reference/").content.decode()
    report_to(world, place.learner, place.stranger)
    assert client.get(address).status_code == 200
    assert "My team" in client.get("/reference/").content.decode()
    report_to(world, None, place.stranger)
    assert client.get(address).status_code == 403
    report_to(world, place.learner, place.stranger)
    Membership.objects.filter(pk=place.stranger.pk).update(is_active=False)
    answer = client.get(address)
    assert answer.status_code == 403
    assert "to whom others report" in answer.content.decode()


def test_no_role_opens_it_by_itself(world: World, small_course: Outline) -> None:
    for persona in (LEARNER, TRAINER, ADMINISTRATOR):
        assert world.client(persona).get(reverse("modules:team")).status_code == 403


def test_what_is_finished_is_shown_with_its_day(world: World, small_course: Outline) -> None:
    place = world.harbour
    report_to(world, place.learner, place.stranger, place.trainer)
    finish(small_course, place.stranger)
    text = page_of(world, LEARNER)
    assert "Complete since" in text
    assert "1 of 2" in text  # modules
    assert "2 of 4" in text  # lessons
    assert "Not started" in text  # the trainer


def test_a_new_round_begins_at_nothing(world: World, small_course: Outline) -> None:
    place = world.harbour
    report_to(world, place.learner, place.stranger)
    finish(small_course, place.stranger)
    Cycle.objects.create(
        organization_id=place.organization.pk,
        membership_id=place.stranger.id,
        number=2,
        opened_at=AT + timedelta(days=365),
    )
    text = page_of(world, LEARNER)
    assert "Complete since" not in text
    assert "0 of 4" in text


def test_the_page_costs_the_same_for_a_large_team(
    world: World,
    small_course: Outline,
    queries: Callable[[], AbstractContextManager[list[int]]],
) -> None:
    place, client = world.harbour, world.client(LEARNER)
    report_to(world, place.learner, place.stranger)
    client.get(reverse("modules:team"))  # the outline is now in memory
    numbers = []
    for more in (0, 15):
        people = [
            make_membership(place.organization, make_user(f"team-{number}"))
            for number in range(more)
        ]
        for person in people:
            finish(small_course, person)
        if people:
            report_to(world, place.learner, *people)
        with queries() as counted:
            assert client.get(reverse("modules:team")).status_code == 200
        numbers += counted
    assert numbers[0] == numbers[1]
