"""The form of a correction, and how a choice is written in an address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField
from quizzes.models.corrections import REASON_LENGTH
from quizzes.rekeying import Change, Standing


def parse_choice(text: str) -> Standing | None:
    """`part|change|option` as the page writes it; None for anything else."""
    part, _bar, rest = text.partition("|")
    change, _bar, option = rest.partition("|")
    if not part or change not in set(Change):
        return None
    return Standing(part, Change(change), option)


class CorrectionForm(PageForm):
    """Why, and whether results may fall."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = PlainTextField(
        label=_("Why?"),
        help_text=_("Other trainers and administrators of your organisation can read it."),
        max_length=REASON_LENGTH,
    )
    lower = forms.BooleanField(
        label=_("Let results fall too"),
        help_text=_("Left empty, whoever would have a worse result keeps the one they have."),
        required=False,
    )
