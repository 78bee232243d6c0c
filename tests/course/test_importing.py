"""Many people from a list: what is shown is what is done, wholly, once, or not at all."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from course.models import (
    AuditEntry,
    CohortMember,
    Membership,
    Office,
    PeopleImport,
    Placement,
    User,
)
from course.roles import Role
from course.services.import_words import WORDS, sentence, where
from course.services.importing import (
    KEPT,
    ListHasChanged,
    apply_people_list,
    import_people,
    keep_people_list,
    plan_of,
    read_list,
)
from course.services.placing import differences, note_places
from course.services.planning import BATCH, in_circles
from course.services.retention import purge_expired
from course.uploads import MOST_READ
from tests.course.people_lists import BAD_ROWS, HEAD, bad_file, people_csv
from tests.course.race import at_once
from tests.personas import AT, Place, World, make_membership, make_user, make_world, office_of

pytestmark = pytest.mark.django_db


MORE_FAULTS = [
    ("C", "language_unknown"),
    ("D", "role_unknown"),
    ("E", "cohort_unknown"),
    ("F", "email_wrong"),
    ("G", "manager_unknown"),
]


def keep(place: Place, data: bytes) -> PeopleImport:
    reading = read_list(organization=place.organization, data=data)
    return keep_people_list(actor=place.administrator, data=data, reading=reading, at=AT)


def apply(place: Place, kept: PeopleImport, *, seen: str = "") -> PeopleImport:
    return apply_people_list(
        kept=kept, seen=seen or plan_of(kept).digest(), actor=place.administrator, at=AT
    )


def counted() -> tuple[int, ...]:
    places = CohortMember.objects.filter(organization_id__in=organizations()).count()
    people = Membership.objects.filter(organization_id__in=organizations()).count()
    lists = PeopleImport.objects.filter(organization_id__in=organizations()).count()
    return User.objects.count(), people, places, lists


def organizations() -> list[Any]:
    from course.models import Organization

    return list(Organization.objects.values_list("pk", flat=True))


# --- faults -------------------------------------------------------------------------------------


@pytest.fixture
def offices(world: World) -> Office:
    """An open office of both, and one of ours that is closed. Returns ours that is open."""
    office_of(world.lighthouse, "office")
    office_of(world.harbour, "closed", closed_at=AT)
    return office_of(world.harbour, "office")


def test_every_kind_of_bad_row_is_named_with_row_and_column(world: World, offices: Office) -> None:
    before = counted()
    reading = read_list(organization=world.harbour.organization, data=bad_file())
    # The row in a spreadsheet: the headings are row 1.
    expected = [
        (row, column, code) for row, (_text, column, code) in enumerate(BAD_ROWS, 2) if code
    ]
    found = [(one.row, one.column[:1], one.code) for one in reading.problems]
    full = len(BAD_ROWS)  # the row before the last has a fault in six columns
    further = [(full, column, code) for column, code in MORE_FAULTS]
    assert found == sorted(expected + further)
    assert len(expected) >= 40
    assert len({(column, code) for _row, column, code in expected}) >= 30
    for problem in reading.problems:
        assert "%(" not in sentence(problem)
        assert f"Row {problem.row}" in where(problem)
    assert counted() == before


def test_the_page_shows_every_fault_and_changes_nothing(world: World, offices: Office) -> None:
    client, before = world.client("administrator"), counted()
    answer = client.post(
        reverse("course:people_import"), {"file": SimpleUploadedFile("a.csv", bad_file())}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    for row, (_text, column, code) in enumerate(BAD_ROWS, 2):
        if code:
            assert f"Row {row}, column {column}" in text
    assert counted() == before


def test_every_sentence_belongs_to_a_fault() -> None:
    root = Path(__file__).resolve().parents[2] / "course"
    files = [*root.glob("people_*.py"), root / "services" / "planning.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    built = {"alias_too_long", "language_unknown", "role_unknown"}  # from the column's name
    assert {code for code in WORDS if f'"{code}"' not in text} == built


def test_somebody_else_s_name_is_taken_and_nothing_more_is_told(world: World) -> None:
    data = f"{HEAD}\nlighthouse-learner,,,,,,\nharbour-learner,,,,,,\n".encode()
    reading = read_list(organization=world.harbour.organization, data=data)
    assert [(one.row, one.code) for one in reading.problems] == [(2, "name_taken")]
    assert [step.kind for step in reading.plan.steps] == ["new", "same"]


def test_circles_are_found_through_people_who_are_not_in_the_list(world: World) -> None:
    place = world.harbour
    Membership.objects.filter(pk=place.trainer.pk).update(manager_id=place.learner.id)
    data = f"{HEAD}\nharbour-learner,,,,,,mel\nmel,,,,,,harbour-trainer\n".encode()
    reading = read_list(organization=place.organization, data=data)
    assert [(one.row, one.code) for one in reading.problems] == [
        (2, "manager_circle"),
        (3, "manager_circle"),
    ]


def test_circles_and_what_only_leads_into_one() -> None:
    assert in_circles({1: 2, 2: 3, 3: 1, 4: 1, 5: 6}) == {1, 2, 3}
    assert in_circles({4: 1, 1: 2, 2: 1}) == {1, 2}
    long = {number: number + 1 for number in range(20_000)}
    assert in_circles(long) == set()


# --- doing it -----------------------------------------------------------------------------------


def test_what_was_shown_is_done(world: World) -> None:
    place = world.harbour
    data = (
        f"{HEAD}\n"
        f"new-one,Zoé,ms,trainer,{place.first_cohort.name}|{place.second_cohort.name},"
        f"z@example.org,new-two\n"
        f"new-two,,,,,,harbour-trainer\n"
        f"harbour-learner,Other name,ms,,{place.second_cohort.name},x@example.org,new-two\n"
        f"harbour-stranger,,,,,,\n"
    ).encode()
    kept = keep(place, data)
    assert plan_of(kept).counts() == {
        "new": 2,
        "change": 1,
        "same": 1,
        "cohort_places": 3,
        "managers": 3,
        "offices": 0,
    }
    done = apply(place, kept)
    people = Membership.objects.in_organization(place.organization).select_related("user")
    one, two = (people.get(user__username=name) for name in ("new-one", "new-two"))
    assert (one.role, one.user.display_name, one.user.language) == ("trainer", "Zoé", "ms")
    assert (one.user.email, one.user.has_usable_password()) == ("z@example.org", False)
    assert one.cohort_places.count() == 2
    assert (two.role, two.user.language) == ("learner", place.administrator.user.language)
    assert (one.manager_id, two.manager_id) == (two.id, place.trainer.id)
    learner = people.get(pk=place.learner.pk)
    assert learner.manager_id == two.id
    assert learner.user.display_name == "canaryharbour learner"  # that is the person's own
    assert learner.user.email == ""
    assert learner.cohort_places.count() == 2
    assert done.rows == []
    assert set(done.outcome["people"]) == {str(one.id), str(two.id)}
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, entry.subject) == ("people.import", f"import:{kept.id}")
    assert entry.actor_id == place.administrator.id


def test_an_office_is_given_to_who_is_new_and_who_is_here(world: World, offices: Office) -> None:
    place = world.harbour
    Membership.objects.filter(pk=place.stranger.pk).update(office_id=offices.id)
    note_places(organization_id=place.organization.pk, people=[place.stranger.id], at=AT)
    name = offices.name.upper().replace(" ", "   ")  # as people type it
    data = f"{HEAD}\nnew-one,,,,,,,{name}\nharbour-learner,,,,,,,{name}\n"
    data += f"harbour-stranger,,,,,,,{name}\nharbour-trainer,,,,,,,\n"
    now, reading = timezone.now(), read_list(organization=place.organization, data=data.encode())
    kept = keep_people_list(actor=place.administrator, data=b"", reading=reading, at=now)
    assert [step.kind for step in reading.plan.steps] == ["new", "change", "same", "same"]
    assert reading.plan.counts()["offices"] == 2
    client = world.client("administrator")
    look = client.get(reverse("course:people_import_look", args=[kept.id])).content.decode()
    assert "2 people get an office" in look
    apply(place, kept)
    people = Membership.objects.in_organization(place.organization).filter(office_id=offices.id)
    names = people.values_list("user__username", flat=True)
    assert sorted(names) == ["harbour-learner", "harbour-stranger", "new-one"]
    for person in people:
        assert Placement.objects.of_person(person).lasting().get().office_id == offices.id
    assert differences(place.organization.pk) == []


def test_who_is_in_a_closed_office_stays_and_nobody_else_gets_in(
    world: World, offices: Office
) -> None:
    place = world.harbour
    data = f"{HEAD}\nharbour-learner,,,,,,,{offices.name}\n".encode()
    Office.objects.filter(pk=offices.pk).update(closed_at=AT)
    reading = read_list(organization=place.organization, data=data)
    assert [(one.row, one.code) for one in reading.problems] == [(2, "office_closed")]
    Membership.objects.filter(pk=place.learner.pk).update(office_id=offices.id)
    reading = read_list(organization=place.organization, data=data)
    assert (reading.problems, [step.kind for step in reading.plan.steps]) == ([], ["same"])


def test_a_list_looked_at_before_an_office_was_closed_is_not_done(
    world: World, offices: Office
) -> None:
    kept = keep(world.harbour, f"{HEAD}\nnew-one,,,,,,,{offices.name}\n".encode())
    seen = plan_of(kept).digest()
    Office.objects.filter(pk=offices.pk).update(closed_at=AT)
    with pytest.raises(ListHasChanged):
        apply(world.harbour, kept, seen=seen)


def test_a_second_click_does_nothing(world: World) -> None:
    place = world.harbour
    kept = keep(place, people_csv(3))
    seen = plan_of(kept).digest()
    apply(place, kept, seen=seen)
    after = counted()
    again = apply(place, kept, seen=seen)
    assert again.outcome["new"] == 3
    assert counted() == after
    rows = AuditEntry.objects.in_organization(place.organization).filter(action="people.import")
    assert rows.count() == 1


def test_what_was_not_shown_is_not_done(world: World) -> None:
    place = world.harbour
    kept = keep(place, people_csv(3, cohort=place.first_cohort.name))
    seen = plan_of(kept).digest()
    place.first_cohort.name = "Renamed"
    place.first_cohort.save()
    before = counted()
    with pytest.raises(ListHasChanged):
        apply(place, kept, seen=seen)
    assert counted() == before


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_nothing_is_done_without_having_looked(world: World, seen: str) -> None:
    kept = keep(world.harbour, people_csv(1))
    before = counted()
    with pytest.raises(ListHasChanged):
        apply_people_list(kept=kept, seen=seen, actor=world.harbour.administrator, at=AT)
    assert counted() == before


def test_a_list_is_over_after_an_hour_and_goes(world: World) -> None:
    kept = keep(world.harbour, people_csv(1))
    late = AT + KEPT
    with pytest.raises(ListHasChanged):
        apply_people_list(
            kept=kept,
            seen=plan_of(kept).digest(),
            actor=world.harbour.administrator,
            at=late,
        )
    assert purge_expired(at=late)["lists"] == 1
    assert not PeopleImport.objects.filter(pk=kept.pk).exists()


def test_a_list_that_was_applied_keeps_who_came_by_it(world: World) -> None:
    kept = apply(world.harbour, keep(world.harbour, people_csv(1)))
    purge_expired(at=AT + timedelta(days=100))
    assert PeopleImport.objects.filter(pk=kept.pk).exists()


def test_an_error_in_the_middle_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(world.harbour, people_csv(BATCH + 5, cohort=world.harbour.first_cohort.name))
    seen, before = plan_of(kept).digest(), counted()

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr("course.services.importing._put_into_cohorts", broken)
    with pytest.raises(RuntimeError):
        apply(world.harbour, kept, seen=seen)
    assert counted() == before
    assert PeopleImport.objects.get(pk=kept.pk).applied_at is None


def queries_for(place: Place, number: int) -> int:
    """Reading, keeping, planning anew and writing so many newcomers with cohort and manager."""
    data = people_csv(
        number, cohort=place.first_cohort.name, manager="harbour-trainer", prefix=f"n{number}-"
    )
    with CaptureQueriesContext(connection) as caught:
        kept = keep(place, data)
        apply_people_list(kept=kept, seen=plan_of(kept).digest(), actor=place.administrator, at=AT)
    return len(caught)


def test_each_batch_costs_the_same_number_of_queries(world: World) -> None:
    one, two, ten = (queries_for(world.harbour, BATCH * batches) for batches in (1, 2, 10))
    each = two - one
    assert ten - one == 9 * each
    assert each < 30


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_do_it_once() -> None:
    place = make_world().harbour
    second = make_membership(place.organization, make_user("second"), Role.ADMINISTRATOR)
    kept, same = keep(place, people_csv(5)), keep(place, people_csv(5))
    seen = plan_of(kept).digest()
    results = at_once(
        *(
            lambda one=one, actor=actor: apply_people_list(kept=one, seen=seen, actor=actor, at=AT)
            for one, actor in ((kept, place.administrator), (kept, second), (same, second))
        ),
        refusals=ListHasChanged,
    )
    # The same list twice is one deed; the second list finds that its people are there already.
    assert sum(isinstance(one, ListHasChanged) for one in results) in {1, 2}
    assert User.objects.filter(username__startswith="p0").count() == 5
    rows = AuditEntry.objects.in_organization(place.organization).filter(action="people.import")
    assert rows.count() == 1


# --- pages --------------------------------------------------------------------------------------


def upload(world: World, data: bytes, name: str = "people.csv") -> Any:
    file = SimpleUploadedFile(name, data)
    return world.client("administrator").post(reverse("course:people_import"), {"file": file})


def test_from_file_to_people_over_the_pages(world: World) -> None:
    answer = upload(world, people_csv(120, cohort=world.harbour.first_cohort.name))
    assert answer.status_code == 303
    client = world.client("administrator")
    text = client.get(answer.url).content.decode()
    assert "120 new people" in text
    assert "120 places in cohorts" in text
    assert "Page 1 of 2" in text
    seen = text.partition('name="seen" value="')[2][:64]
    assert client.post(f"{answer.url}apply/", {"seen": seen}).status_code == 303
    assert "120 new people" in client.get(answer.url).content.decode()
    assert Membership.objects.in_organization(world.harbour.organization).count() == 126


def test_a_colleague_does_not_see_the_file(world: World) -> None:
    place = world.harbour
    make_membership(place.organization, make_user("second"), Role.ADMINISTRATOR)
    address = upload(world, people_csv(1)).url
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username="second"))
    assert client.get(address).status_code == 404
    assert client.post(f"{address}apply/", {"seen": "x"}).status_code == 404


def test_a_file_that_is_too_large_is_told_in_words(world: World) -> None:
    answer = upload(world, b"x" * (MOST_READ // 2))
    assert answer.status_code == 422
    assert "larger than 2 megabytes" in answer.content.decode()
    assert upload(world, b"x" * (MOST_READ + 1)).status_code == 400


def test_no_file_and_an_empty_one(world: World) -> None:
    assert world.client("administrator").post(reverse("course:people_import")).status_code == 422
    assert "The file is empty" in upload(world, b"").content.decode()


def test_looking_costs_the_same_however_long_the_list_is(world: World) -> None:
    client = world.client("administrator")
    numbers = []
    for number in (110, BATCH):
        address = upload(world, people_csv(number, prefix=f"q{number}-")).url
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        numbers.append(len(caught))
    assert numbers[0] == numbers[1]


# --- the command --------------------------------------------------------------------------------


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_people", str(file), "--organisation", "harbour", *options, stdout=out)
    return out.getvalue()


def test_the_command_looks_first_and_then_does_it(world: World, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(people_csv(3))
    before = counted()
    assert "new: 3" in run(file)
    assert counted() == before
    run(file, "--apply")
    assert User.objects.filter(username__startswith="p0").count() == 3
    assert "same: 3" in run(file, "--apply")


def test_the_command_names_every_fault(world: World, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(bad_file())
    before = counted()
    with pytest.raises(CommandError) as caught:
        run(file, "--apply")
    assert str(caught.value).count("Row ") == len(MORE_FAULTS) + sum(
        1 for _row, _column, code in BAD_ROWS if code
    )
    assert counted() == before
    with pytest.raises(CommandError, match="organisation"):
        call_command("import_people", str(file), "--organisation", "nowhere")
    with pytest.raises(CommandError, match="read"):
        run(tmp_path / "absent.csv")


def test_the_console_import_needs_no_person(world: World) -> None:
    reading = import_people(
        organization=world.harbour.organization, data=people_csv(1), apply=True, at=timezone.now()
    )
    assert reading.plan.counts()["new"] == 1
    entry = AuditEntry.objects.in_organization(world.harbour.organization).latest("sequence")
    assert (entry.action, entry.actor_id) == ("people.import", None)
