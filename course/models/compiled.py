"""A read whose SQL is put together once per process: for the statement that every page runs.

Building and compiling a query costs Django several times what SQLite needs to answer it. The person
behind a request is read on every page, with the same statement and another id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql.compiler import SQLCompiler

_ANYBODY = UUID(int=0)  # stands for the id where the statement is put together


@dataclass(frozen=True, slots=True)
class _Part:
    """Which columns of a row make one object; `parts` hang on it by the name of their relation."""

    model: type[models.Model]
    names: tuple[str, ...]
    columns: tuple[int, ...]
    parts: tuple[tuple[str, "_Part"], ...]

    def read(self, row: list[Any]) -> Any:
        """The object, with everything that hangs on it."""
        values = [row[column] for column in self.columns]
        made: Any = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)
        for name, part in self.parts:
            setattr(made, name, part.read(row))
        return made


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Any, Any], ...]  # column, functions, expression
    whole: _Part
    extra: tuple[tuple[str, int], ...]  # annotations


class CompiledQuery:
    """A queryset of one id. `build` gets the id; inner joins by select_related are followed."""

    def __init__(self, build: Callable[[UUID], "models.QuerySet[Any]"]) -> None:
        self._build = build
        self._plans: dict[str, _Plan] = {}

    def rows(self, value: UUID) -> list[Any]:
        """What the queryset would give for this id: one query."""
        plan = self._plans.get(connection.vendor) or self._compile()
        prepare = models.UUIDField().get_db_prep_value
        anybody, wanted = prepare(_ANYBODY, connection), prepare(value, connection)
        parameters = [wanted if one == anybody else one for one in plan.parameters]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            found = cursor.fetchall()
        return [_read(plan, list(row)) for row in found]

    def _compile(self) -> _Plan:
        compiler: Any = self._build(_ANYBODY).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([one[0] for one in compiler.select])
        plan = _Plan(
            sql=sql,
            parameters=tuple(parameters),
            converters=tuple((column, *pair) for column, pair in converters.items()),
            whole=_part_of(compiler, compiler.klass_info),
            extra=tuple(compiler.annotation_col_map.items()),
        )
        return self._plans.setdefault(connection.vendor, plan)


def _part_of(compiler: SQLCompiler, info: Any) -> _Part:
    columns = tuple(info["select_fields"])
    select: Any = compiler.select
    return _Part(
        model=info["model"],
        names=tuple(select[column][0].target.attname for column in columns),
        columns=columns,
        parts=tuple(
            (inner["field"].name, _part_of(compiler, inner))
            for inner in info.get("related_klass_infos", ())
        ),
    )


def _read(plan: _Plan, row: list[Any]) -> Any:
    for column, functions, expression in plan.converters:
        value = row[column]
        for function in functions:
            value = function(value, expression, connection)
        row[column] = value
    made = plan.whole.read(row)
    for name, column in plan.extra:
        setattr(made, name, row[column])
    return made


__all__ = ["CompiledQuery"]
