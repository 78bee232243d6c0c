"""The marks of views and the context, one by one; who sees what is the access table's work."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from course.access import (
    Context,
    KenaliRequest,
    MissingAbility,
    Rule,
    get_cohort_or_404,
    get_invitation_or_404,
    get_membership_or_404,
    get_or_404,
    public,
    reason_for,
    require_ability,
    requires,
)
from course.forms import PassphraseField, PlainTextField, parsed_uuid
from course.models import Cohort, CohortMember, Membership, Organization, User, uuid7
from course.roles import Ability
from course.templatetags.kenali_forms import first_control
from tests.personas import AT, World

pytestmark = pytest.mark.django_db


def context_of(membership: Membership | None, user: User | None = None) -> Context:
    return Context(
        user=membership.user if membership else user,
        membership=membership,
        organization=membership.organization if membership else None,
        language="en",
        at=AT,
    )


def request_of(context: Context, method: str = "GET") -> HttpRequest:
    request = RequestFactory().generic(method, "/somewhere/?page=2")
    cast("KenaliRequest", request).kenali = context
    return request


NOBODY = context_of(None)


# --- the context --------------------------------------------------------------------------------


def test_a_visitor_is_nobody_and_can_nothing() -> None:
    assert (NOBODY.role, NOBODY.organization_id, NOBODY.membership_id) == (None, None, None)
    assert NOBODY.abilities == frozenset()
    assert NOBODY.places == []
    assert not any(NOBODY.can(ability) for ability in Ability)


def test_a_member_is_somebody(world: World) -> None:
    context = context_of(world.harbour.trainer)
    assert context.role == "trainer"
    assert context.organization_id == world.harbour.organization.pk
    assert context.can(Ability.SEE_REPORTS)
    assert not context.can(Ability.MANAGE_PEOPLE)
    assert [place.id for place in context.places] == [world.harbour.trainer.id]


def test_nobody_sees_no_row(world: World) -> None:
    for rows in (Membership.objects, Cohort.objects, CohortMember.objects):
        assert list(rows.visible_to(NOBODY)) == []
    half = SimpleNamespace(
        organization_id=world.harbour.organization.pk, membership_id=None, role="trainer"
    )
    assert list(Membership.objects.visible_to(half)) == []
    assert list(Cohort.objects.visible_to(half)) == []


def test_the_language_of_the_person_wins_over_the_one_of_the_browser(world: World) -> None:
    User.objects.filter(pk=world.users["learner"].pk).update(language="ms")
    client = world.client("learner")
    answer = client.get("/account/", headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "ms"
    assert 'lang="ms"' in answer.content.decode()


# --- the marks ----------------------------------------------------------------------------------


def view(_request: KenaliRequest, word: str = "") -> HttpResponse:
    return HttpResponse(f"reached {word}")


def test_a_mark_can_be_read_and_keeps_the_name() -> None:
    marked = requires(Ability.TAKE_COURSE, methods=("GET",))(view)
    assert cast("Any", marked).kenali_rule == Rule(Ability.TAKE_COURSE, ("GET",))
    assert cast("Any", marked).__name__ == "view"
    opened = public(methods=("POST",))(view)
    assert cast("Any", opened).kenali_rule == Rule(None, ("POST",))
    assert cast("Any", opened).login_required is False


def test_a_stranger_is_sent_to_the_door_even_without_the_middleware() -> None:
    marked = requires(Ability.TAKE_COURSE, methods=("GET",))(view)
    answer = marked(request_of(NOBODY))
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/sign-in/?next=/somewhere/%3Fpage%3D2",
    )


def test_ability_first_then_method(world: World) -> None:
    marked = requires(Ability.MANAGE_PEOPLE, methods=("GET",))(view)
    learner, boss = (
        context_of(one) for one in (world.harbour.learner, world.harbour.administrator)
    )
    for method in ("GET", "POST", "DELETE"):
        with pytest.raises(MissingAbility):
            marked(request_of(learner, method))
    assert marked(request_of(boss)).content == b"reached "
    assert marked(request_of(boss), word="it").content == b"reached it"
    assert marked(request_of(boss, "HEAD")).status_code == 200
    assert marked(request_of(boss, "POST")).status_code == 405


def test_head_is_for_those_who_may_get() -> None:
    assert public(methods=("POST",))(view)(request_of(NOBODY, "HEAD")).status_code == 405
    assert public(methods=("GET",))(view)(request_of(NOBODY, "HEAD")).status_code == 200


def test_every_refusal_has_a_reason(world: World) -> None:
    with pytest.raises(MissingAbility, match="no active place"):
        require_ability(context_of(None, world.users["suspended"]), Ability.TAKE_COURSE)
    for ability in Ability:
        assert reason_for(ability).endswith(".")
    assert "trainers and administrators" in reason_for(Ability.SEE_REPORTS)


# --- from an id to an object --------------------------------------------------------------------


def test_foreign_absent_and_nonsense_are_one_and_the_same(world: World) -> None:
    boss, there = context_of(world.harbour.administrator), world.lighthouse
    for fetch, foreign in (
        (get_membership_or_404, there.learner.id),
        (get_cohort_or_404, there.first_cohort.id),
        (get_invitation_or_404, there.invitation.id),
    ):
        for wrong in (foreign, uuid7()):
            with pytest.raises(Http404):
                fetch(boss, wrong)
        with pytest.raises(Http404):
            fetch(NOBODY, foreign)
    rows = Cohort.objects.visible_to(boss)
    assert get_or_404(rows, id=world.harbour.first_cohort.id) == world.harbour.first_cohort
    with pytest.raises(Http404):
        get_or_404(Organization.objects.all(), created_at__year="x" * 5)


def test_a_trainer_fetches_the_own_cohort_only(world: World) -> None:
    context, place = context_of(world.harbour.trainer), world.harbour
    assert get_cohort_or_404(context, place.first_cohort.id) == place.first_cohort
    assert get_membership_or_404(context, place.learner.id) == place.learner
    for fetch, wrong in (
        (get_cohort_or_404, place.second_cohort.id),
        (get_membership_or_404, place.stranger.id),
    ):
        with pytest.raises(Http404):
            fetch(context, wrong)


def test_words_for_objects(world: World) -> None:
    """What the administration pages and error messages show."""
    place = world.harbour
    assert str(place.organization) == place.organization.name
    assert str(place.learner) == place.learner.user.shown_name == str(place.learner.user)
    assert str(place.first_cohort) == place.first_cohort.name
    assert str(place.invitation) == "learner 0/3"
    member = CohortMember.objects.filter(cohort=place.first_cohort).first()
    assert str(place.first_cohort.id) in str(member)
    assert AnonymousUser().is_authenticated is False


# --- single answers -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "x", "9" * 5000, "0190b6a0-0000-7000-8000-00000000000g"])
def test_no_uuid(text: str) -> None:
    assert parsed_uuid(text) is None


def test_a_uuid() -> None:
    wanted = uuid7()
    assert parsed_uuid(str(wanted)) == parsed_uuid(wanted.hex) == wanted


def test_text_that_no_database_takes_is_refused_before() -> None:
    for text in ("a\0b", "\ud800", "a\u202eb", "a\u200bb"):
        with pytest.raises(ValidationError):
            PlainTextField().clean(text)
    for text in ("a\0b", "\ud800 and eleven more"):
        with pytest.raises(ValidationError):
            PassphraseField(autocomplete="off").clean(text)


def test_the_first_control_of_a_field_without_choices_is_the_field() -> None:
    from django import forms

    class Empty(forms.Form):
        one = forms.ChoiceField(choices=[], widget=forms.RadioSelect)

    assert first_control(Empty()["one"]) == "id_one"


def test_one_instant_for_the_whole_request(world: World) -> None:
    from django.urls import reverse

    before = timezone.now()
    answer = world.client("administrator").get(reverse("course:invitations"))
    assert before <= answer.context["at"] <= before + timedelta(minutes=1)
