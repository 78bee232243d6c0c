"""The fence: what the database itself refuses, and what a queryset refuses before it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models.fields.related import ForeignObject

from course.models import (
    AuditEntry,
    Cohort,
    CohortMember,
    Invitation,
    Membership,
    TenantForeignKey,
    TenantModel,
    User,
    uuid7,
)
from course.models.base import UnscopedQueryError
from tests.personas import AT, World, make_user, put_into

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


def test_uuid7_has_version_variant_and_time() -> None:
    before, made = uuid7(), uuid7()
    assert made.version == 7
    assert made.variant == UUID(int=made.int).variant
    assert (made.int >> 80) - (before.int >> 80) < 1000  # milliseconds
    assert len({uuid7() for _ in range(1000)}) == 1000


# --- the database ------------------------------------------------------------------------------


def test_a_cohort_member_of_another_organisation_is_refused(world: World) -> None:
    harbour, lighthouse = world.harbour, world.lighthouse
    for cohort, membership in (
        (harbour.first_cohort, lighthouse.learner),
        (lighthouse.first_cohort, harbour.stranger),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CohortMember.objects.create(
                organization=harbour.organization,
                cohort_id=cohort.id,
                membership_id=membership.id,
                joined_at=AT,
            )


def test_the_key_is_checked_at_the_statement_and_not_at_the_end(world: World) -> None:
    """Not deferrable: the block below is never left, and the error is there already."""
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            CohortMember.objects.create(
                organization=world.harbour.organization,
                cohort_id=uuid7(),
                membership_id=world.harbour.learner.id,
                joined_at=AT,
            )
        assert connection.in_atomic_block


def test_a_cohort_with_people_cannot_be_deleted_behind_the_models(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM course_cohort")


def test_an_invitation_cannot_point_to_a_cohort_elsewhere(world: World) -> None:
    rows = Invitation.objects.filter(pk=world.harbour.invitation.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(cohort_id=world.lighthouse.first_cohort.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(used_count=4)


def test_an_audit_entry_cannot_name_a_person_elsewhere(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(
            organization=world.harbour.organization,
            actor_id=world.lighthouse.learner.id,
            sequence=99,
            at=AT,
            action="x",
            subject="y",
            previous_digest="",
            digest="",
        )


def test_the_person_behind_a_membership_has_no_database_constraint() -> None:
    field = Membership._meta.get_field("user")
    assert isinstance(field, models.ForeignKey)
    assert field.db_constraint is False


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_every_tenant_table_puts_the_organisation_first(model: type[models.Model]) -> None:
    assert isinstance(model._meta.pk, models.CompositePrimaryKey)
    assert model._meta.pk.field_names == ("organization_id", "id")
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            assert constraint.fields[0] == "organization", constraint.name
    for field in model._meta.local_fields:
        if field.unique and field.name != "pk":
            pytest.fail(f"{field.name}: unique without the organisation")


def real_keys_of_sqlite(table: str) -> set[tuple[str, ...]]:
    """The columns of each foreign key; Django's own introspection shows one column of each."""
    keys: dict[int, list[tuple[int, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA foreign_key_list({connection.ops.quote_name(table)})")
        for number, place, _table, column, *_ in cursor.fetchall():
            keys.setdefault(number, []).append((place, column))
    return {tuple(column for _place, column in sorted(columns)) for columns in keys.values()}


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_every_composite_relation_has_a_real_key(model: type[models.Model]) -> None:
    relations = {
        (field.from_fields[1], field.remote_field.model._meta.db_table)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject) and len(field.from_fields) > 1
    }
    keys = {
        (constraint.column, constraint.table)
        for constraint in model._meta.constraints
        if isinstance(constraint, TenantForeignKey)
    }
    assert relations <= keys  # a key without a relation in Python is fine, the other way not
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        real = {tuple(one["columns"]) for one in found.values() if one["foreign_key"]}
        if connection.vendor == "sqlite":
            real = real_keys_of_sqlite(model._meta.db_table)
    assert {("organization_id", column) for column, _table in keys} <= real


def test_no_migration_is_pending() -> None:
    call_command("makemigrations", "course", check=True, dry_run=True, verbosity=0)


def test_sign_in_names_are_unique_whatever_their_case() -> None:
    make_user("mel")
    assert User.objects.get_by_natural_key("  MEL ").username == "mel"
    for name in ("mel", "MEL", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_user(name)


def test_a_person_needs_no_e_mail_and_keeps_no_date_of_last_sign_in() -> None:
    one, two = make_user("one"), make_user("two")
    assert one.email == two.email == ""
    assert "last_login" not in {field.name for field in User._meta.get_fields()}


# --- the queryset ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_an_unfenced_query_raises(model: type[models.Model]) -> None:
    rows = model._default_manager
    for ask in (
        lambda: list(rows.all()),
        rows.count,
        lambda: rows.exists() if hasattr(rows, "exists") else rows.all().exists(),
        lambda: rows.filter(id=uuid7()).first(),
        lambda: rows.get(id=uuid7()),
        lambda: rows.aggregate(models.Count("id")),
        lambda: list(rows.all().iterator()),
        lambda: rows.exclude(organization_id=uuid7()).count(),
        lambda: rows.filter(organization_id__gt=uuid7()).count(),
        lambda: rows.filter(organization__name__startswith="a").count(),
        lambda: rows.filter(pk__isnull=False).count(),
        lambda: rows.filter(models.Q(organization_id=uuid7()) | models.Q(id=uuid7())).count(),
    ):
        with pytest.raises(UnscopedQueryError):
            ask()


def test_unfenced_writes_raise(world: World) -> None:
    with pytest.raises(UnscopedQueryError):
        Cohort.objects.update(name="x")
    with pytest.raises(UnscopedQueryError):
        Cohort.objects.all().delete()
    with pytest.raises(ValueError, match="why"):
        Cohort.objects.all().unscoped(" ")


def test_fenced_queries_run(world: World) -> None:
    place = world.harbour
    organization = place.organization
    assert Cohort.objects.in_organization(organization).count() == 2
    assert Cohort.objects.filter(organization=organization, name="none").count() == 0
    assert Cohort.objects.filter(models.Q(organization=organization), name="none").count() == 0
    assert Cohort.objects.get(pk=place.first_cohort.pk) == place.first_cohort
    assert place.first_cohort.members.count() == 2
    assert CohortMember.objects.filter(cohort=place.first_cohort).count() == 2
    people = Membership.objects.in_organization(organization).prefetch_related("cohort_places")
    assert sum(len(person.cohort_places.all()) for person in people) == 3
    assert Cohort.objects.all().unscoped("the test counts both").count() == 4


def test_trainers_see_the_people_of_their_cohorts_only(world: World) -> None:
    place = world.harbour

    class View:
        organization_id = place.organization.pk

        def __init__(self, membership: Membership) -> None:
            self.membership_id, self.role = membership.id, membership.role

    seen = {one.id for one in Membership.objects.visible_to(View(place.trainer))}
    assert seen == {place.trainer.id, place.learner.id}
    assert list(Cohort.objects.visible_to(View(place.trainer))) == [place.first_cohort]
    assert {one.id for one in Membership.objects.visible_to(View(place.learner))} == {
        place.learner.id
    }
    assert list(Cohort.objects.visible_to(View(place.learner))) == []
    put_into(place.second_cohort, place.trainer)
    assert Cohort.objects.visible_to(View(place.trainer)).count() == 2


ALLOWED_UNSCOPED = {
    # file: how many calls; each says its reason in the call
    "course/models/base.py": 1,
    "course/models/importing.py": 1,
    "course/models/organizations.py": 3,
    "course/models/places.py": 2,
}


def calls_of_unscoped() -> Iterator[str]:
    for folder in ("course", "quizzes", "modules"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                if isinstance(called, ast.Attribute) and called.attr == "unscoped":
                    yield str(file.relative_to(ROOT))


def test_only_the_listed_places_cross_organisations() -> None:
    found: dict[str, int] = {}
    for name in calls_of_unscoped():
        found[name] = found.get(name, 0) + 1
    ours = {name: number for name, number in found.items() if name.startswith("course/")}
    assert ours == ALLOWED_UNSCOPED
    assert not [name for name in found if "/views" in name or "/services" in name]


def test_views_and_services_never_use_a_base_manager() -> None:
    for folder in ("views", "services"):
        for file in (ROOT / "course" / folder).glob("*.py"):
            assert "_base_manager" not in file.read_text(), file.name


@pytest.mark.django_db(transaction=True)
def test_tables_can_be_emptied_between_tests() -> None:
    """Immediate keys make the order of deletions matter to Django's flush on SQLite."""
    from tests.personas import make_world

    make_world()
