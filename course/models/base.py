"""What every tenant table shares: its key, its fence and its composite foreign keys.

Why: decision 0005. The organisation is the first column of every primary key, unique constraint and
foreign key, so that a row of one organisation can never point into another, on SQLite as well as on
PostgreSQL, and so that the tables can later be distributed by organisation without a rewrite.
"""

import secrets
import time
from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, NoReturn, Protocol, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.fields.related import ForeignObject

from course.roles import Role

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


def uuid7() -> UUID:
    """A new UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits.

    Ids made in the same millisecond have no order among themselves; nothing may rely on one.
    """
    milliseconds = time.time_ns() // 1_000_000
    random_bits = secrets.randbits(74)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= (random_bits >> 62) << 64
    value |= 0b10 << 62
    value |= random_bits & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


# What names single organisations; `organization_id__gt` or `organization__name` would name many.
FIXING_LOOKUPS = frozenset({"", "exact", "in"})
FIXING_COLUMNS = frozenset({"id", "pk", "uuid", "key"})


class UnscopedQueryError(RuntimeError):
    """A query on a tenant table was about to run without naming an organisation."""


class Viewer(Protocol):
    """Who looks: `course.access.Context` is one. Without a membership nothing is visible."""

    @property
    def organization_id(self) -> UUID | None:
        """The organisation all reads are fenced in."""

    @property
    def membership_id(self) -> UUID | None:
        """The viewer's place in it."""

    @property
    def role(self) -> Role | None:
        """The role of that place."""


class TenantQuerySet(models.QuerySet[M_co]):
    """A queryset that refuses to touch the database before it knows the organisation.

    It knows it after `in_organization`, `visible_to`, or a filter naming `organization`, `pk` or a
    composite foreign key. Anything else must say `unscoped("why")`; a test lists who does.
    """

    _scoped: bool = False

    def in_organization(self, organization: models.Model | UUID) -> Self:
        """The rows of one organisation."""
        key = organization.pk if isinstance(organization, models.Model) else organization
        return self.filter(organization_id=key)

    def visible_to(self, viewer: Viewer) -> Self:
        """The rows this viewer may see: all of the own organisation, unless a subclass narrows."""
        if viewer.organization_id is None:
            return self.unscoped("an empty result needs no organisation").none()
        return self.in_organization(viewer.organization_id)

    def of_person(self, membership: Any) -> Self:
        """The rows about one person, in tables that name one by `membership_id`."""
        return self.filter(organization_id=membership.organization_id, membership_id=membership.id)

    def unscoped(self, reason: str) -> Self:
        """Cross organisations on purpose. The reason is for the reader and must not be empty."""
        if not reason.strip():
            raise ValueError("Say why this query crosses organisations.")
        clone = self.all()
        clone._scoped = True
        return clone

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: Any) -> Self:  # noqa: FBT001 -- Django's own signature
        clone: Self = super()._filter_or_exclude(negate, args, kwargs)  # type: ignore[misc]
        if not negate and _names_organization(self.model, args, kwargs.items()):
            clone._scoped = True
        return clone

    def _require_scope(self) -> None:
        if not self._scoped and not _fixes_organization(self.query):
            raise UnscopedQueryError(
                f"{self.model.__name__}: name the organisation first (visible_to, in_organization)."
            )

    # Every way a queryset reaches the database goes through one of these.
    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """As in Django, within an organisation."""
        self._require_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """As in Django, within an organisation."""
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        """As in Django, within an organisation."""
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As in Django, within an organisation."""
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As in Django, within an organisation."""
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As in Django, within an organisation."""
        self._require_scope()
        return super().delete()


def _names_organization(
    model: type[models.Model], args: Iterable[Any], kwargs: Iterable[tuple[str, Any]]
) -> bool:
    """True when one of the conditions, all joined by AND, fixes the organisation."""
    pairs = list(kwargs)
    for condition in args:
        if isinstance(condition, tuple):
            pairs.append(condition)
        elif _is_plain_and(condition) and _names_organization(model, condition.children, ()):
            return True
    naming = _naming(model)
    lookups = [lookup.partition("__") for lookup, _value in pairs]
    return any(
        (head in naming and rest in FIXING_LOOKUPS)
        or (head == "organization" and rest in FIXING_COLUMNS)
        for head, _, rest in lookups
    )


@cache
def _naming(model: type[models.Model]) -> frozenset[str]:
    """The fields of a model that hold its organisation, alone or with something else."""
    composite = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject) and len(field.from_fields) > 1
    }
    return frozenset(composite | {"organization", "organization_id", "pk"})


def _is_plain_and(condition: Any) -> bool:
    return (
        isinstance(condition, models.Q)
        and not condition.negated
        and condition.connector == models.Q.AND
    )


def _fixes_organization(query: Any) -> bool:
    """True when the WHERE clause itself fixes the organisation.

    Django builds the queries of prefetch_related below `filter`, so only the clause shows it.
    """
    if query.where.connector != models.Q.AND or query.where.negated:
        return False
    for lookup in query.where.children:
        if getattr(lookup, "lookup_name", "") in {"exact", "in"}:
            side = lookup.lhs
            targets = getattr(side, "targets", None) or [getattr(side, "target", None)]
            own = getattr(side, "alias", None) == query.base_table
            if own and any(getattr(one, "attname", "") == "organization_id" for one in targets):
                return True
    return False


class TenantModel(models.Model):
    """Base of every fact that belongs to one organisation. Holds no personal data itself.

    Key: (organization_id, id). Constraints and composite foreign keys start with the organisation.
    """

    pk = models.CompositePrimaryKey("organization_id", "id")
    # No index of its own: the primary key begins with it.
    organization = models.ForeignKey(
        "course.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    id = models.UUIDField(default=uuid7, editable=False)

    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


def belongs_to(
    related: type[models.Model] | str, column: str, name: str = "+", *, null: bool = False
) -> Any:
    """A composite reference (organization, `column`) to another tenant table.

    `name` is the way back. The key itself is made by a `TenantForeignKey` beside it.
    """
    return ForeignObject(
        related,
        on_delete=models.PROTECT,
        from_fields=["organization", column],
        to_fields=["organization", "id"],
        related_name=name,
        null=null,
    )


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what may only be added to."""


class AppendOnlyQuerySet(TenantQuerySet[M_co]):
    """Reads and additions. Nothing here changes or removes a row."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        self._refuse()

    def delete(self) -> NoReturn:
        """Refused."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        model: Any = self.model
        raise AppendOnlyError(model.APPEND_ONLY)


class AppendOnlyModel(TenantModel):
    """Base of facts: written once, never changed, never removed. `APPEND_ONLY` says it in words."""

    APPEND_ONLY: ClassVar[str] = "A dated fact is never changed and never removed."

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the fact once."""
        if not self._state.adding:
            raise AppendOnlyError(self.APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError(self.APPEND_ONLY)


class TenantForeignKey(models.BaseConstraint):
    """A real composite FOREIGN KEY for a `ForeignObject`, which by itself creates none.

    (organization_id, `column`) must be a key of `table`, the name of another tenant table. Plain
    names and not model references, because SQLite remakes tables with a model that has neither
    relations nor a registry. Not deferrable on purpose: the error comes at the statement that is
    wrong, and a distributed PostgreSQL reports a deferred one as an internal error at commit. A
    null in the column switches the check off, as SQL has it.
    """

    def __init__(self, *, column: str, table: str, name: str) -> None:
        super().__init__(name=name)
        self.column = column
        self.table = table

    def _clause(self, editor: BaseDatabaseSchemaEditor | None) -> str:
        if editor is None:
            raise TypeError("A composite key is written by a schema editor.")
        quote = editor.quote_name
        here = f"{quote('organization_id')}, {quote(self.column)}"
        there = f"{quote('organization_id')}, {quote('id')}"
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({here}) "
            f"REFERENCES {quote(self.table)} ({there})"
        )

    def constraint_sql(
        self,
        model: type[models.Model] | None,  # noqa: ARG002 -- Django's signature
        schema_editor: BaseDatabaseSchemaEditor | None,
    ) -> str:
        """The clause inside CREATE TABLE."""
        return self._clause(schema_editor)

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """The statement that adds the key to an existing table (SQLite remakes the table)."""
        table = _quoted_table(model, schema_editor)
        return f"ALTER TABLE {table} ADD {self._clause(schema_editor)}"

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """The statement that drops the key again."""
        table = _quoted_table(model, schema_editor)
        return f'ALTER TABLE {table} DROP CONSTRAINT "{self.name}"'

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the database is the judge, and services look rows up within one organisation."""

    def deconstruct(self) -> Any:
        """Path and arguments for migrations."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column, "table": self.table}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TenantForeignKey):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    def __hash__(self) -> int:
        return hash((self.name, self.column, self.table))


def _quoted_table(model: type[models.Model] | None, editor: BaseDatabaseSchemaEditor | None) -> str:
    if model is None or editor is None:
        raise TypeError("A composite key belongs to a table and is written by a schema editor.")
    return editor.quote_name(model._meta.db_table)
