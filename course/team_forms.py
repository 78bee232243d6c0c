"""The form that says who reports to somebody: an office, a cohort, or names."""

from collections.abc import Iterable
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, reason_field
from course.models import Cohort, Membership, Office, User
from course.models.organizations import MembershipQuerySet

MOST_IN_TEAM: Final = 500
LONGEST_NAMES: Final = 5000


class TeamForm(PageForm):
    """Everybody of an office, of a cohort, and those named; at least one of the three."""

    office = forms.ChoiceField(label=_("Everybody of this office"), required=False)
    cohort = forms.ChoiceField(label=_("Everybody of this cohort"), required=False)
    names = forms.CharField(
        label=_("Sign-in names"),
        help_text=_("One in a line, or with commas between them."),
        max_length=LONGEST_NAMES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "none", "spellcheck": "false"}),
    )
    reason = reason_field()

    def __init__(
        self,
        *args: Any,
        people: MembershipQuerySet,
        cohorts: Iterable[Cohort],
        offices: Iterable[tuple[Office, int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.found: list[Membership] = []
        cast("forms.ChoiceField", self.fields["office"]).choices = [("", _("No office"))] + [
            (str(office.id), "\u2003" * depth + office.name) for office, depth in offices
        ]
        cast("forms.ChoiceField", self.fields["cohort"]).choices = [("", _("No cohort"))] + [
            (str(cohort.id), cohort.name) for cohort in cohorts
        ]

    def clean_names(self) -> list[str]:
        """The names, each once, in small letters."""
        text = self.cleaned_data["names"].replace(",", "\n").replace(";", "\n")
        names = [User.normalize_username(one.strip()) for one in text.splitlines()]
        return list(dict.fromkeys(name for name in names if name))

    def clean(self) -> dict[str, Any]:
        """Look everybody up: active people whom the asker may see, without the manager."""
        data: dict[str, Any] = self.cleaned_data
        if self.errors:
            return data
        found: dict[Any, Membership] = {}
        if data["office"]:
            found |= self._look_up(office_id=data["office"])
        if data["cohort"]:
            found |= self._look_up(cohort_places__cohort_id=data["cohort"])
        if names := data["names"]:
            named = self._look_up(user__username__in=names[: MOST_IN_TEAM + 1])
            known = {one.user.username for one in named.values()}
            if missing := [name for name in names if name not in known]:
                text = _("Nobody here has this sign-in name, or it is the manager: %(name)s")
                self.add_error("names", text % {"name": missing[0][:40]})
            found |= named
        self.found = list(found.values())
        if not self.errors and not 0 < len(found) <= MOST_IN_TEAM:
            text = _("Choose at least one person, and at most %(most)s at once.")
            raise ValidationError(text % {"most": MOST_IN_TEAM})
        return data

    def _look_up(self, **which: Any) -> dict[Any, Membership]:
        rows = self.people.filter(**which).select_related("user")
        return {one.id: one for one in rows.order_by("id")[: MOST_IN_TEAM + 1]}

    def chosen_people(self) -> list[Membership]:
        """Who was found; only after the form was valid."""
        return self.found
