"""What may be typed to have a report sent regularly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from course.forms import PageForm, PlainTextField
from course.models import Membership
from modules.models import ReportSchedule
from modules.models.schedules import NAME_LENGTH
from modules.rhythm import LAST_DAY, LATEST_DAY, Often
from modules.services.report_schedules import Plan

OFTEN_CHOICES: Final = [
    (Often.WEEKLY.value, _("Every week")),
    (Often.MONTHLY.value, _("Every month")),
    (Often.QUARTERLY.value, _("Every quarter of the year")),
]
DAY_CHOICES: Final = [
    *((number, str(number)) for number in range(1, LATEST_DAY + 1)),
    (LAST_DAY, _("The last day (the message leaves that day out)")),
]
HOUR_CHOICES: Final = [(hour, f"{hour:02}:00") for hour in range(24)]


class ScheduleForm(PageForm):
    """Name, rhythm, people, end. `people`: whom the asker may choose, themselves first.

    `unseen`: how many more get it. What is ticked here does not touch them.
    """

    name = PlainTextField(
        label=_("Name"),
        help_text=_("Only shown here, never in the message."),
        max_length=NAME_LENGTH,
        initial=_("Completion"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    often = forms.ChoiceField(
        label=_("How often"),
        choices=OFTEN_CHOICES,
        initial=Often.MONTHLY.value,
        widget=forms.RadioSelect,
    )
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"),
        help_text=_("For every week."),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        initial=0,
    )
    day = forms.TypedChoiceField(
        label=_("Day of the month"),
        help_text=_(
            "For every month, and for the first month of a quarter. Each message tells of the time "
            "up to the day before: choose 1 for whole months and quarters."
        ),
        choices=DAY_CHOICES,
        coerce=int,
        initial=1,
    )
    hour = forms.TypedChoiceField(label=_("Hour"), choices=HOUR_CHOICES, coerce=int, initial=8)
    people = forms.MultipleChoiceField(
        label=_("Who gets it"),
        help_text=_(
            "Only people who may open the report. A colleague gets the message if they gave their "
            "e-mail and asked for reminders. Everybody can stop it for themselves."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty for no end."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[Membership],
        own: UUID,
        unseen: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choosable = {str(one.id): one for one in people}
        mine = [key for key in self.choosable if key == str(own)]
        others = [key for key in self.choosable if key != str(own)]
        field = cast("forms.MultipleChoiceField", self.fields["people"])
        field.choices = [(key, self._label(key, own)) for key in (*mine, *others)]
        field.initial = mine
        if unseen:
            more = ngettext(
                "%(number)s more person gets it whom you do not see here, and keeps getting it.",
                "%(number)s more people get it whom you do not see here, and keep getting it.",
                unseen,
            )
            field.help_text = f"{field.help_text} {more % {'number': unseen}}"

    def _label(self, key: str, own: UUID) -> str:
        person = self.choosable[key].user
        if key == str(own):
            return str(_("Me (%(name)s)") % {"name": person.shown_name})
        return f"{person.shown_name} ({person.username})"

    def plan(self, query: str) -> Plan:
        """What was chosen, for a question."""
        data = self.cleaned_data
        until: date | None = data["until"]
        return Plan(
            name=data["name"],
            query=query,
            often=Often(data["often"]),
            weekday=data["weekday"],
            day=data["day"],
            hour=data["hour"],
            until=until,
        )

    def chosen(self) -> list[Membership]:
        """The people that were ticked."""
        return [self.choosable[key] for key in self.cleaned_data["people"]]


def kept_values(schedule: ReportSchedule, recipients: Iterable[UUID]) -> dict[str, Any]:
    """What a form shows of a schedule as it is."""
    return {
        "name": schedule.name,
        "often": schedule.often,
        "weekday": schedule.weekday,
        "day": schedule.day,
        "hour": schedule.hour,
        "until": schedule.until,
        "people": [str(one) for one in recipients],
    }
