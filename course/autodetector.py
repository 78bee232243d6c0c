"""How migrations are worked out: Django's way, but a composite key gets its columns at once.

Used by the commands makemigrations and migrate, which must agree.
"""

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddField, CreateModel
from django.db.models import CompositePrimaryKey


class TenantAutodetector(MigrationAutodetector):
    """Creates tenant tables together with the columns of their primary key.

    Django first creates a table without its foreign keys and adds those later. For a composite key
    that contains a foreign key (the organisation) the first step cannot work.
    """

    generated_operations: dict[str, list[Any]]  # app label -> operations; Django leaves it untyped

    def generate_created_models(self) -> None:
        """As in Django; then each table with a composite key takes its key columns back."""
        super().generate_created_models()
        for operations in self.generated_operations.values():
            for create in [one for one in operations if isinstance(one, CreateModel)]:
                _take_key_columns_back(create, operations)


def _take_key_columns_back(create: CreateModel, operations: list[Any]) -> None:
    keys = [field for _, field in create.fields if isinstance(field, CompositePrimaryKey)]
    columns = {name for key in keys for name in key.field_names}
    target: Any = create
    for add in [one for one in operations if isinstance(one, AddField)]:
        if add.model_name_lower != create.name_lower:
            continue
        if {add.name, f"{add.name}_id"} & columns:
            create.fields.append((add.name, add.field))
            added: Any = add
            target._auto_deps += [
                one for one in added._auto_deps if one.model_name.lower() != create.name_lower
            ]
            operations.remove(add)
