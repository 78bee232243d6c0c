"""The page of the record: every action in words, filters that each mean one thing, one price."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from course.audit_reading import Wanted, entries
from course.audit_words import Group, actions_of, known_actions, known_fields
from course.models import AuditEntry, Membership
from course.roles import Role
from course.services.audit import record_event
from course.services.members import change_role, set_active
from course.services.privacy import erase_person
from course.services.several import set_manager
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db
FLOORS = ("course", "quizzes", "modules")
WRITERS = ("record_event", "record_own_event")


# --- words for everything -----------------------------------------------------------------------


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for floor in FLOORS:
        for path in sorted((Path(settings.BASE_DIR) / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text())


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def forwarders() -> dict[tuple[Path, str], int]:
    """Functions that hand an `action` of their own on to the record, with its position."""
    found = {}
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            names = [one.arg for one in [*node.args.args, *node.args.kwonlyargs]]
            writes = any(
                isinstance(one, ast.Call) and called(one) in WRITERS for one in ast.walk(node)
            )
            if "action" in names and (writes or node.name in WRITERS):
                found[(path, node.name)] = names.index("action")
    return found


def literal_actions(node: ast.expr, around: ast.AST | None = None) -> list[str] | None:
    """The strings an expression can be; None when it is made up. A name is looked up `around`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Name) and around is not None:
        for one in ast.walk(around):
            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id:
                return literal_actions(one.value)
    if isinstance(node, ast.IfExp):
        both = [literal_actions(node.body), literal_actions(node.orelse)]
        return None if None in both else [one for some in both for one in some or []]
    return None


def written_actions() -> tuple[set[str], list[str]]:
    """(every action the code can write, the places where that cannot be read off)."""
    known, actions, unread = forwarders(), set(), []
    anywhere = {"record_own_event": 1}
    for path, tree in trees():
        around = {
            id(one): function
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for one in ast.walk(function)
        }
        inside = {key for key, function in around.items() if (path, function.name) in known}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = called(node)
            if name == "record_export":
                what = next(one.value for one in node.keywords if one.arg == "what")
                found = literal_actions(what)
                actions |= {f"export.{one}" for one in found or []}
                if found is None:
                    unread.append(f"{path.name}:{node.lineno}")
                continue
            place = known.get((path, name), anywhere.get(name))
            if name != "record_event" and place is None:
                continue
            value = next((one.value for one in node.keywords if one.arg == "action"), None)
            if value is None and place is not None and len(node.args) > place:
                value = node.args[place]
            found = literal_actions(value, around.get(id(node))) if value else None
            if found is not None:
                actions |= set(found)
            elif id(node) not in inside and not _is_an_export(value):
                unread.append(f"{path.name}:{node.lineno}")
    return actions, unread


def _is_an_export(value: ast.expr | None) -> bool:
    """`record_export` puts "export." before a word that is read where it is called."""
    return isinstance(value, ast.JoinedStr) and ast.unparse(value) == "f'export.{what}'"


def test_every_action_of_the_code_has_words() -> None:
    actions, unread = written_actions()
    assert {"membership.role", "cohort.add", "account.details", "key.undo"} <= actions
    assert unread == [], "write the action as a string, so that it can be found"
    assert actions - known_actions().keys() == set(), "register them in audit_words.py"


def test_every_word_of_a_change_has_a_title() -> None:
    words = set()
    for _path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in (*WRITERS, "_record_cohort"):
                for one in node.keywords:
                    if one.arg in {"before", "after"} and isinstance(one.value, ast.Dict):
                        keys = [key for key in one.value.keys if isinstance(key, ast.Constant)]
                        words |= {str(key.value) for key in keys}
    assert {"role", "manager", "membership"} <= words
    assert words - known_fields().keys() == set()


def test_every_action_belongs_to_one_group() -> None:
    assert sum(len(actions_of(group)) for group in Group) == len(known_actions())


# --- the page -----------------------------------------------------------------------------------


@pytest.fixture
def told(world: World) -> World:
    """Harbour with changes of a role, a manager and a place, each with its reason."""
    place = world.harbour
    actor = place.administrator
    change_role(
        membership=place.learner, role=Role.TRAINER, actor=actor, reason="evening group", at=AT
    )
    set_manager(people=[place.stranger], manager=place.trainer, actor=actor, reason="", at=AT)
    later = AT + timedelta(days=3)
    set_active(membership=place.stranger, active=False, actor=actor, reason="on leave", at=later)
    return world


def rows(world: World, **query: str) -> list[str]:
    page = world.client("administrator").get(reverse("course:audit"), query, follow=True)
    return [one.action for one in page.context["told"]]


def test_an_entry_reads_as_a_sentence(told: World) -> None:
    page = told.client("administrator").get(reverse("course:audit")).content.decode()
    assert "Role changed" in page
    assert "Role: Learner → Trainer" in page
    assert "Manager: canaryharbour trainer" in page
    assert "Place active: yes → no" in page
    assert reverse("course:person", args=[told.harbour.learner.id]) in page
    assert "membership.role" not in page


def test_each_filter_means_one_thing(told: World) -> None:
    learner, stranger = told.harbour.learner, told.harbour.stranger
    assert rows(told) == [
        "membership.deactivate",
        "membership.manager",
        "membership.role",
        "test.begin",
    ]
    assert rows(told, group="people")[-1] == "membership.role"
    assert rows(told, group="papers") == []
    assert rows(told, about=str(learner.id)) == ["membership.role"]
    assert rows(told, about="harbour-stranger") == ["membership.deactivate", "membership.manager"]
    # the manager is a value of the change, so the entry concerns them too
    assert rows(told, about="canaryharbour trainer") == ["membership.manager"]
    assert rows(told, who="server") == []
    assert len(rows(told, who="harbour-administrator")) == 4
    assert rows(told, words="LEAVE") == ["membership.deactivate"]
    day = timezone.localdate(AT + timedelta(days=3)).isoformat()
    assert rows(told, first=day) == ["membership.deactivate"]
    before = timezone.localdate(AT + timedelta(days=2)).isoformat()
    assert "membership.deactivate" not in rows(told, last=before)
    assert rows(told, group="people", about=str(stranger.id), words="leave") == [
        "membership.deactivate"
    ]


def test_the_last_day_is_whole_and_in_the_zone_of_the_site(world: World) -> None:
    """17:00 UTC on the 1st is the 2nd in Malaysia."""
    with transaction.atomic():
        record_event(
            organization=world.harbour.organization,
            actor=None,
            action="people.import",
            subject="x:1",
            at=AT.replace(year=2026, month=3, day=1, hour=17),
        )
    with timezone.override(settings.KENALI_TIME_ZONE):
        assert "people.import" in rows(world, first="2026-03-02", last="2026-03-02")
        assert "people.import" not in rows(world, first="2026-03-01", last="2026-03-01")


def test_a_name_does_not_stay_in_the_address(told: World) -> None:
    client = told.client("administrator")
    answer = client.get(reverse("course:audit"), {"about": "harbour-stranger"})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?about={told.harbour.stranger.id}")
    page = client.get(answer["Location"])
    assert 'value="canaryharbour stranger"' in page.content.decode()


def test_a_wrong_filter_is_said_and_narrows_nothing(told: World) -> None:
    client = told.client("administrator")
    for name, text, words in (
        ("who", "nobody-here", "Nobody and nothing here is called this."),
        ("about", "lighthouse-learner", "Nobody and nothing here is called this."),
        ("first", "yesterday", "Write the day like this"),
        ("last", "0001-01-01", "Choose a day in this century"),
    ):
        page = client.get(reverse("course:audit"), {name: text})
        assert page.status_code == 200
        assert words in page.content.decode()
        assert len(page.context["told"]) == 4
    for text in ("x", "-1", "9" * 5000, "1e3", "٣", "\0"):
        page = client.get(reverse("course:audit"), {"below": text, "group": text, "words": ""})
        assert page.status_code == 200


def test_somebody_of_another_organisation_is_found_by_no_filter(told: World) -> None:
    there = told.lighthouse
    for thing in (there.learner.id, there.first_cohort.id, there.administrator.id):
        for name in ("who", "about"):
            page = told.client("administrator").get(reverse("course:audit"), {name: str(thing)})
            assert there.canary not in page.content.decode()
            assert page.context["told"] == []


def test_an_erased_person_has_no_name_in_the_record(told: World) -> None:
    erase_person(user=told.harbour.learner.user, at=AT)
    page = told.client("administrator").get(reverse("course:audit")).content.decode()
    assert "somebody who was erased" in page
    assert "Person erased" in page
    assert "canaryharbour learner" not in page


def fill(world: World, number: int) -> None:
    for _one in range(number):
        known = AuditEntry.objects.in_organization(world.harbour.organization).count()
        person = make_membership(world.harbour.organization, make_user(f"p-{known}"))
        with transaction.atomic():
            record_event(
                organization=world.harbour.organization,
                actor=person,
                action="membership.manager",
                subject=f"membership:{person.id}",
                after={"manager": str(person.id)},
                at=AT,
            )


def test_pages_by_number_and_one_price_at_two_sizes(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = world.client("administrator")
    # person and place, entries, names of people; PostgreSQL has the session there too
    price = 3 if connection.vendor == "sqlite" else 4
    fill(world, 5)
    client.get(reverse("course:audit"))
    with django_assert_num_queries(price):
        client.get(reverse("course:audit"))
    fill(world, 100)
    with django_assert_num_queries(price):
        first = client.get(reverse("course:audit"))
    second = client.get(f"{reverse('course:audit')}?{first.context['older']}")
    third = client.get(f"{reverse('course:audit')}?{second.context['older']}")
    numbers = [[one.number for one in page.context["told"]] for page in (first, second, third)]
    assert [one for some in numbers for one in some] == list(range(106, 0, -1))
    assert third.context["older"] == ""
    back = client.get(f"{reverse('course:audit')}?{third.context['newer']}")
    assert [one.number for one in back.context["told"]] == numbers[1]


def test_the_check_says_how_many_entries_hold(told: World) -> None:
    client = told.client("administrator")
    page = client.post(reverse("course:audit_check"), follow=True).content.decode()
    assert "The record is whole: 4 entries, checked just now." in page
    with connection.cursor() as cursor:
        cursor.execute("UPDATE course_auditentry SET reason = 'x' WHERE sequence = 3")
    page = client.post(reverse("course:audit_check"), follow=True).content.decode()
    assert "The record is damaged: entry 3 was changed" in page


def test_entries_are_read_in_the_own_organisation_only(told: World) -> None:
    class Here:
        organization_id = told.lighthouse.organization.pk
        membership_id = told.lighthouse.administrator.id
        role = Role.ADMINISTRATOR

    found = entries(Here(), Wanted())
    assert {one.organization_id for one in found} == {told.lighthouse.organization.pk}
    assert Membership.objects.in_organization(told.harbour.organization).exists()
