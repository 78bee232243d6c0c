"""Erasing a person takes what is about them on every floor, and leaves results and other people."""

from __future__ import annotations

import pytest
from django.core.management import load_command_class
from django.urls import reverse

from course.models import Membership
from modules.models import CalendarFeed, Notice, NoticeKind, NoticePreference
from modules.services.feeds import make_feed
from modules.services.noticing import Wishes, save_wishes
from quizzes.models import Accommodation, Attempt
from quizzes.policy import Needs
from quizzes.services.accommodating import set_accommodation
from tests.modules.finishing import publish_course, take
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
ABOUT_THEM = (Accommodation, NoticePreference, Notice, CalendarFeed)


def counts(person: Membership) -> list[int]:
    return [
        table.objects.in_organization(person.organization_id)
        .filter(membership_id=person.id)
        .count()
        for table in ABOUT_THEM
    ]


def fill(person: Membership, actor: Membership) -> str:
    set_accommodation(membership=person, actor=actor, needs=Needs(extra_time=50), at=AT)
    save_wishes(membership=person, wishes=Wishes(mail=False), at=AT)
    Notice.objects.create(
        organization_id=person.organization_id,
        membership_id=person.id,
        kind=next(iter(NoticeKind)).value,
        dedupe=f"test/{person.id}",
        facts={},
        made_at=AT,
    )
    return make_feed(membership=person, at=AT)


def test_what_is_about_a_person_goes_and_results_stay(world: World) -> None:
    _outline, short, _final = publish_course()
    learner, other = world.harbour.learner, world.harbour.stranger
    take(learner, short, at=AT)
    code, _kept = fill(learner, world.harbour.administrator), fill(other, world.harbour.trainer)
    assert counts(learner) == counts(other) == [1, 1, 1, 1]
    load_command_class("modules", "erase_person").erase(learner.user, "")
    assert counts(learner) == [0, 0, 0, 0]
    assert counts(other) == [1, 1, 1, 1]
    assert Attempt.objects.of_person(learner).count() == 1
    client = world.client("anonymous")
    assert client.get(reverse("modules:feed", args=[code])).status_code == 404
