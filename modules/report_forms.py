"""The forms of the reports: the filters, and the name of a question that is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField
from course.models.organizations import ROLE_CHOICES
from course.roles import Role
from modules.models.views import VIEW_NAME_LENGTH
from modules.reports.page import Frame


class FilterForm(PageForm):
    """The one form of all filters: each of them narrows the people, or moves the day.

    It is never validated: the page reads the address, whoever wrote it. "Required" only keeps the
    word "optional" away from each field.
    """

    use_required_attribute = False

    as_of = forms.DateField(
        label=_("As of the end of this day"),
        help_text=_("Leave it empty for how it is now."),
        required=True,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    office = forms.ChoiceField(label=_("Office, with those below it"))
    cohort = forms.ChoiceField(label=_("Cohort"))
    role = forms.ChoiceField(label=_("Role"))
    module = forms.ChoiceField(label=_("Course or module"))
    round = forms.ChoiceField(label=_("Round"))

    def __init__(self, page: Frame) -> None:
        question = page.question
        parts = question.parts()
        super().__init__(initial={**parts, "as_of": question.as_of}, auto_id="filter-%s")
        fields: dict[str, Any] = self.fields
        fields["office"].choices = [("", _("All offices")), *page.office_choices()]
        fields["cohort"].choices = [("", page.all_cohorts_words), *page.cohort_choices()]
        roles = [("", dict(ROLE_CHOICES)[Role.LEARNER.value])]
        roles += [(role, word) for role, word in ROLE_CHOICES if role != Role.LEARNER.value]
        fields["role"].choices = roles
        fields["module"].choices = [("", _("The whole course")), *page.module_choices()]
        numbers = [(str(one), _("Round %(number)s") % {"number": one}) for one in page.rounds()]
        fields["round"].choices = [("", _("The one each was in")), *numbers]
        for name in ("office", "cohort"):
            if len(fields[name].choices) == 1:
                del fields[name]  # nothing to choose from


class ViewNameForm(PageForm):
    """Under which name a question is kept."""

    name = PlainTextField(
        label=_("Name"),
        max_length=VIEW_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


__all__ = ["FilterForm", "ViewNameForm"]
