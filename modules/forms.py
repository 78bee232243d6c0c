"""The forms of the top floor: what may be typed, and in which words a mistake is explained."""

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm
from course.models import Membership
from modules.quiet import ZONES, local_date
from modules.services.noticing import Wishes, preference_of

# The names of zones are places and are written alike in all our languages.
ZONE_CHOICES: Final = [(name, name.rpartition("/")[2].replace("_", " ")) for name in ZONES]
LONGEST_PAUSE: Final = 366  # days


class WishesForm(PageForm):
    """How somebody wants to be reminded. `has_email`: without an address there is no mail."""

    mail = forms.BooleanField(
        label=_("Send me reminders by e-mail"),
        help_text=_("The message only says that something is waiting for you."),
        required=False,
    )
    quiet_from = forms.TimeField(
        label=_("No e-mail from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=_("No e-mail until"),
        help_text=_("The same time twice means: at any time."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=_("The clock of"), choices=ZONE_CHOICES)
    paused_until = forms.DateField(
        label=_("No reminders at all before"),
        help_text=_("For a holiday or leave. What is due stays due."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, has_email: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_email, self.today = has_email, today

    def clean_mail(self) -> bool:
        """An e-mail needs an address."""
        wanted = bool(self.cleaned_data["mail"])
        if wanted and not self.has_email:
            raise forms.ValidationError(_("Write your e-mail under “About me” and save it first."))
        return wanted

    def clean_paused_until(self) -> date | None:
        """A pause has an end that can be waited for."""
        until: date | None = self.cleaned_data["paused_until"]
        if until is not None and (until - self.today).days > LONGEST_PAUSE:
            raise forms.ValidationError(_("Choose a day within a year."))
        return until if until is not None and until > self.today else None

    def wishes(self) -> Wishes:
        """What was chosen."""
        return Wishes(**self.cleaned_data)


def wishes_form(
    membership: Membership, *, at: datetime, data: QueryDict | None = None
) -> WishesForm:
    """With what the person chose so far, or with what was just sent."""
    kept = preference_of(membership)
    initial = {
        "mail": kept.mail,
        "quiet_from": kept.quiet_from,
        "quiet_to": kept.quiet_to,
        "zone": kept.zone,
        "paused_until": kept.paused_until,
    }
    return WishesForm(
        data,
        initial=initial,
        auto_id="reminders_%s",
        has_email=bool(membership.user.email),
        today=local_date(at, kept.zone),
    )
