"""Forms about offices: which one, what it is called, and below which other it is."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField, reason_field
from course.models import Office
from course.models.organizations import NAME_LENGTH


def _name_field(**kwargs: Any) -> PlainTextField:
    return PlainTextField(
        label=_("Name of the office"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **kwargs,
    )


class PickForm(PageForm):
    """A form with a list of offices in the order of their tree, or none of them."""

    picks: ClassVar[str]  # the name of the field
    nothing: ClassVar[str | Promise]

    def __init__(self, *args: Any, offices: Iterable[tuple[Office, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(offices)
        self.offices = {str(office.id): office for office, _depth in rows}
        # Wide spaces, which a browser keeps: nothing else shows the depth in such a list.
        cast("forms.ChoiceField", self.fields[self.picks]).choices = [("", self.nothing)] + [
            (str(office.id), "\u2003" * depth + office.name) for office, depth in rows
        ]

    def chosen(self) -> Office | None:
        """The office that was picked."""
        return self.offices.get(self.cleaned_data[self.picks])


class OfficePickForm(PickForm):
    """Where people work."""

    office = forms.ChoiceField(label=_("Office"), required=False)
    reason = reason_field()

    picks = "office"
    nothing = _("No office")


class OfficeForm(PickForm):
    """A new office and where it is in the tree."""

    name = _name_field(help_text=_("A name that everybody here knows. It is in reports."))
    parent = forms.ChoiceField(label=_("Part of"), required=False)

    picks = "parent"
    nothing = _("Nothing: at the top")


class OfficeNameForm(PageForm):
    """Another name for an office."""

    name = _name_field()


class OfficeMoveForm(PickForm):
    """Another place in the tree."""

    parent = forms.ChoiceField(label=_("Part of"), required=False)
    reason = reason_field()

    picks = "parent"
    nothing = _("Nothing: at the top")
