"""The forms about people of an organisation: places, cohorts, invitations, lists, the record."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from course.audit_words import GROUPS
from course.forms import PageForm, PlainTextField, reason_field, sign_in_name_field
from course.models import Cohort, Membership
from course.models.organizations import NAME_LENGTH, ROLE_CHOICES
from course.roles import Role
from course.services.invitations import LONGEST_DAYS, MOST_USES


class RoleForm(PageForm):
    """Another role for a person."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, widget=forms.RadioSelect)
    reason = reason_field()


class ActiveForm(PageForm):
    """Pause a place or let in again."""

    active = forms.ChoiceField(
        label=_("Place"),
        choices=[("yes", _("Active")), ("no", _("Paused"))],
        widget=forms.HiddenInput,
    )
    reason = reason_field()


class RecordForm(PageForm):
    """Which entries of the record of changes. `course.audit_reading` judges what is typed."""

    group = forms.ChoiceField(
        label=_("What"), choices=[("", _("Everything")), *GROUPS.items()], required=False
    )
    who = PlainTextField(
        label=_("Who acted"),
        help_text=_("A name, or “Server” for the console."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    about = PlainTextField(
        label=_("About whom or what"),
        help_text=_("A person or a cohort."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    first = forms.CharField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.CharField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(
        label=_("Words in the reason"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CohortForm(PageForm):
    """The name of a cohort."""

    name = PlainTextField(
        label=_("Name of the cohort"),
        help_text=_("Choose a name that says nothing about the people or the subject."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CohortPlaceForm(PageForm):
    """Which person, into or out of a cohort. The choices are people of the organisation."""

    person = forms.ChoiceField(label=_("Person"))

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["person"])
        self.people = {str(person.id): person for person in people}
        field.choices = [
            (key, f"{person.user.shown_name} ({person.user.username})")
            for key, person in self.people.items()
        ]


class InvitationForm(PageForm):
    """A new invitation: for whom, how often, how long."""

    role = forms.ChoiceField(
        label=_("Role"), choices=ROLE_CHOICES, initial=Role.LEARNER.value, widget=forms.RadioSelect
    )
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    max_uses = forms.IntegerField(
        label=_("How many people"),
        help_text=_("1 for one person; more for a card that a whole group uses."),
        min_value=1,
        max_value=MOST_USES,
        initial=1,
    )
    days = forms.IntegerField(
        label=_("Days until it ends"), min_value=1, max_value=LONGEST_DAYS, initial=3
    )

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["cohort"])
        self.cohorts = {str(cohort.id): cohort for cohort in cohorts}
        field.choices = [("", _("No cohort"))] + [
            (key, cohort.name) for key, cohort in self.cohorts.items()
        ]

    def chosen_cohort(self) -> Cohort | None:
        """The cohort that was picked."""
        return self.cohorts.get(self.cleaned_data["cohort"])


class ReasonForm(PageForm):
    """A step that needs nothing but a reason."""

    reason = reason_field()


class MoveForm(PageForm):
    """Out of one cohort, into another; either may be left open."""

    out_of = forms.ChoiceField(label=_("Out of this cohort"), required=False)
    into = forms.ChoiceField(label=_("Into this cohort"), required=False)
    reason = reason_field()

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohorts = {str(cohort.id): cohort for cohort in cohorts}
        for name, nothing in (("out_of", _("They stay where they are")), ("into", _("No cohort"))):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", nothing)] + [
                (key, cohort.name) for key, cohort in self.cohorts.items()
            ]

    def chosen(self, name: str) -> Cohort | None:
        """The cohort that was picked in a field."""
        return self.cohorts.get(self.cleaned_data[name])


class ManagerForm(PageForm):
    """Whom people report to. A name and not a list: organisations have thousands of people."""

    manager = sign_in_name_field(
        label=_("Manager"),
        help_text=_("The sign-in name. Leave it empty when they report to nobody."),
        autocomplete="off",
        required=False,
    )
    reason = reason_field()


class PeopleListForm(PageForm):
    """A file with people. What is in it is judged by services.importing."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), at most 2 megabytes and 10,000 people."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
