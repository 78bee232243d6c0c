"""The forms about certificates: what a holder decides, and why an administrator withdraws one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField
from modules.certificates import Choices
from modules.models.certificates import NAME_LENGTH, REASON_LENGTH


class ChoicesForm(PageForm):
    """What the certificate says about the holder, and what strangers may read."""

    name = PlainTextField(
        label=_("Name on the certificate"),
        help_text=_("Any name you like, or none. It does not have to be your legal name."),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    public_name = forms.BooleanField(
        label=_("Show this name to whoever checks the certificate"), required=False
    )
    public_organization = forms.BooleanField(
        label=_("Show my organisation to whoever checks it"),
        help_text=_("Your organisation is on the paper in any case."),
        required=False,
    )

    def choices(self, language: str) -> Choices:
        """The answers."""
        return Choices(language=language, **self.cleaned_data)


class WithdrawForm(PageForm):
    """Why a certificate no longer counts."""

    reason = PlainTextField(
        label=_("Reason"),
        help_text=_(
            "The holder reads this, and it is kept in the record of changes, also when the holder "
            "is erased; no names here."
        ),
        max_length=REASON_LENGTH,
    )


class IssueForm(PageForm):
    """For whom certificates are issued: for the chosen ones, or for all who wait."""

    who = forms.ChoiceField(choices=[("chosen", _("Chosen")), ("all", _("All"))])
    chosen = forms.TypedMultipleChoiceField(required=False)

    def __init__(self, *args: Any, waiting: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(one, one) for one in waiting]  # type: ignore[attr-defined]
