"""What may be typed to make a key for another program."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField
from modules.models.tokens import TOKEN_NAME_LENGTH
from modules.scopes import Scope

SCOPE_CHOICES: Final = [
    (Scope.SUMMARY.value, _("The numbers of the report, without people")),
    (Scope.COMPLETIONS.value, _("Every person of the report, by name")),
]
DAY_CHOICES: Final = [
    (30, _("30 days")),
    (90, _("90 days")),
    (180, _("half a year")),
    (365, _("a year")),
]


class TokenForm(PageForm):
    """Name, what it may read, how long."""

    name = PlainTextField(
        label=_("Which program"),
        help_text=_("So that you know later what the key is for."),
        max_length=TOKEN_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("What it may read"),
        help_text=_("Nothing can be changed with a key. Choose only what the program needs."),
        choices=SCOPE_CHOICES,
        coerce=Scope,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("How long it holds"), choices=DAY_CHOICES, coerce=int, initial=90
    )
