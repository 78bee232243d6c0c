"""Nobody changes a place without writing it into the history: the code is read, and walked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import load_command_class
from django.urls import reverse
from django.utils import timezone

from course.management.commands import self_check
from course.models import Membership, Office, PeopleImport
from course.services.codes import grouped
from course.services.importing import plan_of
from course.services.placing import differences
from tests.course.people_lists import people_csv
from tests.personas import World

ROOT = Path(settings.BASE_DIR)
# table -> what writes its history; column -> the same.
TABLES = {"Membership": "note_places", "CohortMember": "note_stays"}
COLUMNS = dict.fromkeys(
    ("role", "is_active", "manager_id", "manager", "office_id", "office"), "note_places"
) | {"parent_id": "note_offices"}
MAKES = {"create", "get_or_create", "update_or_create", "bulk_create", "delete", "save"}
CHANGES = {"update", "bulk_update"}

# (file, function) -> why it need not note anything itself.
ELSEWHERE = {
    ("course/services/importing.py", "_create_people"): "`_write`, its caller, notes everybody",
    ("course/services/importing.py", "_put_into_cohorts"): "`_write` notes everybody",
    ("course/services/importing.py", "_set_each"): "`_write` notes everybody",
    ("course/services/invitations.py", "create_invitation"): "the role of an invitation",
    ("course/services/privacy.py", "_blank"): "an account; `erase_person` notes its places",
    ("course/views/pretending.py", "_as_learner"): "a copy that is never saved",
    ("modules/services/scale.py", "*"): "writes bulk data together with its history",
}


def faults(name: str, text: str) -> Iterator[tuple[str, str]]:
    """(file, function) of every function that writes a place and does not note it."""
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            nodes = [node for line in function.body for node in ast.walk(line)]
            names = {node.id for node in nodes if isinstance(node, ast.Name)}
            if set(_wanted_notes(nodes)) - names:
                yield name, function.name


def _wanted_notes(nodes: list[ast.AST]) -> Iterator[str]:
    """The notes these lines ask for: they make or remove rows, or set one of the columns."""
    rows: dict[str, set[str]] = {name: {note} for name, note in TABLES.items()}
    for node in nodes:
        if isinstance(node, ast.Assign):
            of_tables = {note for name in _names(node.value) for note in rows.get(name, ())}
            for target in node.targets:
                if isinstance(target, ast.Name) and of_tables:
                    rows[target.id] = of_tables
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            attributes = {one.attr for one in targets if isinstance(one, ast.Attribute)}
            yield from (COLUMNS[one] for one in attributes & COLUMNS.keys())
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            deed, keys = node.func.attr, {one.arg for one in node.keywords}
            touched = {note for name in _names(node.func.value) for note in rows.get(name, ())}
            if deed in MAKES | CHANGES:
                yield from (COLUMNS[one] for one in keys if one in COLUMNS)
            hidden = deed in CHANGES and (None in keys or node.args)  # shows when it runs
            if deed in MAKES or hidden:
                yield from touched


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_whoever_writes_a_place_writes_its_history() -> None:
    found = set()
    for floor in ("course", "quizzes", "modules"):
        for file in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in file.parts:
                name = file.relative_to(ROOT).as_posix()
                found |= set(faults(name, file.read_text(encoding="utf-8")))
    excused = {one for one in found if one in ELSEWHERE or (one[0], "*") in ELSEWHERE}
    assert found - excused == set()
    stale = {one for one in ELSEWHERE if one[1] != "*" and one not in found}
    assert stale == set()


@pytest.mark.parametrize(
    "text",
    [
        "def f(p):\n    Membership.objects.filter(pk=p.pk).update(role='trainer')",
        "def f(rows):\n    rows.update(is_active=False)",
        "def f(p, q):\n    p.manager_id = q\n    p.save()",
        "def f(o):\n    who = Membership.objects.filter(id=o)\n    who.update(**{'role': o})",
        "def f(o):\n    CohortMember.objects.create(organization=o)",
        "def f(o):\n    places = CohortMember.objects.filter(pk=o)\n    places.delete()",
        "def f(o, q):\n    Office.objects.filter(pk=o).update(parent_id=q)",
        "def f(o):\n    Membership.objects.bulk_update([o], ['role'])",
    ],
)
def test_the_guard_sees_each_way_of_forgetting(text: str) -> None:
    assert list(faults("x.py", text)) == [("x.py", "f")]
    notes = "note_places(), note_stays(), note_offices()"
    assert list(faults("x.py", f"{text}\n    {notes}")) == []


def test_the_note_of_another_table_does_not_count() -> None:
    text = "def f(o):\n    CohortMember.objects.create(organization=o)\n    note_places(o)"
    assert list(faults("x.py", text)) == [("x.py", "f")]


def test_the_guard_lets_reads_and_other_changes_be() -> None:
    text = (
        "def f(p):\n"
        "    people = Membership.objects.filter(pk=p.pk).select_for_update()\n"
        "    Office.objects.filter(pk=p.pk).update(name='North')\n"
        "    return people.get().role\n"
    )
    assert list(faults("x.py", text)) == []


# --- and every way through the pages --------------------------------------------------------------


@pytest.mark.django_db
def test_after_everything_the_pages_can_do_history_and_today_agree(world: World) -> None:
    """Role, pause, cohorts, managers, offices, invitations, lists, erasure."""
    place, client = world.harbour, world.client("administrator")
    person, other = str(place.learner.id), str(place.stranger.id)

    def post(route: str, /, *args: object, **data: object) -> None:
        answer = client.post(reverse(f"course:{route}", args=args), data)
        assert answer.status_code == 303, (route, answer.content.decode())
        assert differences(place.organization.pk) == [], route

    post("person_role", person, role="trainer")
    post("person_active", person, active="no")
    post("person_active", person, active="yes")
    post("cohort_add", place.first_cohort.id, person=other)
    post("cohort_remove", place.first_cohort.id, person=other)
    post("several", do="move", person=other, into=place.first_cohort.id)
    post("several", do="manager", person=other, manager=place.trainer.user.username)
    post("several", do="manager", person=other, manager="")
    post("several", do="pause", person=other)
    post("several", do="let_in", person=other)
    post("offices", name="North")
    north = Office.objects.get(organization=place.organization)
    post("offices", name="Kedah", parent=north.id)
    kedah = Office.objects.get(organization=place.organization, name="Kedah")
    post("office_move", kedah.id, parent="")
    post("office_move", north.id, parent=kedah.id)
    post("office_name", north.id, name="Utara")
    post("several", do="office", person=other, office=north.id)
    post("office_open", north.id, active="no")
    client.post(
        reverse("course:people_import"),
        {"file": SimpleUploadedFile("a.csv", people_csv(3, cohort=place.first_cohort.name))},
    )
    kept = PeopleImport.objects.in_organization(place.organization).get()
    post("people_import_apply", kept.id, seen=plan_of(kept).digest())
    _join(world, grouped(place.code))
    assert differences(place.organization.pk) == []
    load_command_class("modules", "erase_person").erase(place.stranger.user, "")
    assert differences(place.organization.pk) == []
    assert Membership.objects.in_organization(place.organization).count() > 8


def _join(world: World, code: str) -> None:
    visitor = world.client("anonymous")
    visitor.post(reverse("course:join"), {"code": code})
    answer = visitor.post(
        reverse("course:welcome"),
        {"username": "new-by-card", "language": "en", "no_passphrase": "on"},
    )
    assert answer.status_code == 303
    assert Membership.objects.filter(
        organization=world.harbour.organization, user__username="new-by-card"
    ).exists()


@pytest.mark.django_db
def test_the_check_of_the_installation_says_what_differs(world: World) -> None:
    fine = {one.sentence: one.state for one in self_check.places(timezone.now())}
    assert list(fine.values()) == ["fine", "fine"]
    Membership.objects.filter(pk=world.harbour.learner.pk).update(role="trainer")
    states = {one.sentence.split(":")[0]: one.state for one in self_check.places(timezone.now())}
    assert states == {"Places of harbour": "wrong", "Places of lighthouse": "fine"}
