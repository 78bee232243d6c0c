"""What the forms of all floors are made of: the page form, and fields that hold what people type.

No rules live here beyond the shape of a single answer; the services judge the rest. The forms of
the ground floor are in account_forms, people_forms, office_forms and team_forms.
"""

import unicodedata
from typing import Any, Final
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from course.models.people import USERNAME_LENGTH
from course.services import Refused

PASSPHRASE_SHORTEST: Final = 12
PASSPHRASE_LONGEST: Final = 256
REASON_LONGEST: Final = 200

# Not letters but instructions: they turn the direction of text or hide in it, so that one name can
# be made to look like another.
_INVISIBLE: Final = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


class PlainTextField(forms.CharField):
    """One line of text as people write it: NFC, no NUL, no lone surrogates, nothing invisible."""

    def to_python(self, value: Any) -> str:
        """The normalised text. Raises ValidationError before any database sees it."""
        text = super().to_python(value) or ""
        text = unicodedata.normalize("NFC", str(text)).strip()
        if any(unicodedata.category(sign) in _INVISIBLE for sign in text):
            raise ValidationError(
                _("This contains a sign that cannot be shown. Please type it again."),
                code="invisible",
            )
        return text


class PassphraseField(forms.CharField):
    """A secret: never trimmed, never shown again, bounded so that hashing stays cheap."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(
            attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        )
        kwargs.setdefault("max_length", PASSPHRASE_LONGEST)
        super().__init__(strip=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """The passphrase in NFKC, so that every keyboard gives the same bytes."""
        text = str(super().to_python(value) or "")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValidationError(_("This passphrase cannot be used."), code="invisible") from None
        return unicodedata.normalize("NFKC", text)


class PageForm(forms.Form):
    """A form whose page brings the form element and the token itself."""

    @property
    def helper(self) -> FormHelper:
        """For the tag `crispy`."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def refuse(self, refusal: Refused) -> None:
        """Show the reason of a service beside the field it is about, or on top."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal.reason))


def sign_in_name_field(**kwargs: Any) -> PlainTextField:
    """The field for a sign-in name, which is never corrected or capitalised by the phone."""
    autocomplete = kwargs.pop("autocomplete", "username")
    kwargs.setdefault("label", _("Sign-in name"))
    return PlainTextField(
        max_length=USERNAME_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        ),
        **kwargs,
    )


def reason_field() -> PlainTextField:
    """Why something was done, for the record of changes."""
    return PlainTextField(
        label=_("Reason"),
        help_text=_("Kept in the record of changes. No personal details."),
        max_length=REASON_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def parsed_uuid(text: str) -> UUID | None:
    """The UUID a text means, or None; never an error, however long or strange the text is."""
    if len(text) > 40:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
