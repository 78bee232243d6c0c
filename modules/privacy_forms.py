"""The forms about one's own data and about erasing a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from course.forms import REASON_LONGEST, PageForm, PlainTextField, sign_in_name_field
from course.models import User


class DeleteForm(PageForm):
    """One's own sign-in name, typed, so that nobody deletes an account by a slip."""

    name = sign_in_name_field(
        label=_("Write your sign-in name"),
        help_text=_("So that it does not happen by a slip. There is no way back."),
        autocomplete="off",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """It must be theirs."""
        name = str(User.normalize_username(self.cleaned_data["name"]))
        if name != self.user.username:
            raise forms.ValidationError(_("This is not your sign-in name. Nothing was deleted."))
        return name


class EraseForm(PageForm):
    """Why somebody is erased. The record keeps it together with who decided."""

    reason = PlainTextField(
        label=_("Reason"),
        help_text=_("For example: asked for it on 3 May. Kept in the record; no names here."),
        max_length=REASON_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
