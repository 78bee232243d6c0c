"""The forms of the door and of one's own account, and in which words a mistake is explained."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from course.forms import (
    PASSPHRASE_SHORTEST,
    PageForm,
    PassphraseField,
    PlainTextField,
    sign_in_name_field,
)
from course.models import Language, User
from course.models.people import DISPLAY_NAME_LENGTH
from course.services.codes import LONGEST_INPUT


def own_device_field() -> forms.BooleanField:
    """The choice that decides how long the session lives."""
    return forms.BooleanField(
        label=_("This is my own phone"),
        help_text=_("Stay signed in for two weeks. Leave it empty on a phone others use."),
        required=False,
    )


def alias_field() -> PlainTextField:
    """A name other than the sign-in name."""
    return PlainTextField(
        label=_("Name to show"),
        help_text=_("Any name you like. It does not have to be your legal name."),
        max_length=DISPLAY_NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


# --- the door -----------------------------------------------------------------------------------


class SignInForm(PageForm):
    """Name and passphrase. The name is not judged: every wrong pair gets the same answer."""

    username = sign_in_name_field()
    passphrase = PassphraseField(label=_("Passphrase"), autocomplete="current-password")
    own_device = own_device_field()


class LinkForm(PageForm):
    """The one button of a sign-in link."""

    own_device = own_device_field()


class CodeForm(PageForm):
    """An invitation code or a sign-in code, as printed or as typed."""

    code = PlainTextField(
        label=_("Your code"),
        help_text=_("From a card or a message. Capitals, hyphens and spaces do not matter."),
        max_length=LONGEST_INPUT,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class WelcomeForm(PageForm):
    """Everything that is asked of a new person; only the sign-in name is a must."""

    username = sign_in_name_field(
        help_text=_("You sign in with this. Keep the suggestion or write another; no real name.")
    )
    display_name = alias_field()
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, widget=forms.RadioSelect
    )
    passphrase = PassphraseField(
        label=_("Passphrase"),
        help_text=_("At least 12 signs. Four words that do not belong together work well."),
        autocomplete="new-password",
        required=False,
    )
    no_passphrase = forms.BooleanField(
        label=_("I will use printed codes or links instead"), required=False
    )
    own_device = own_device_field()

    def clean(self) -> dict[str, Any]:
        """Either a passphrase that holds, or the decision to have none."""
        data: dict[str, Any] = self.cleaned_data
        passphrase = data.get("passphrase", "")
        if data.get("no_passphrase"):
            data["passphrase"] = ""
        elif "passphrase" in data and not passphrase:
            self.add_error(
                "passphrase",
                _("Write a passphrase, or tick that you will use printed codes or links."),
            )
        elif passphrase:
            _check_new_passphrase(self, "passphrase", passphrase, data.get("username", ""))
        return data


class JoinForm(PageForm):
    """The one button for somebody who has an account already."""


class LanguageForm(PageForm):
    """The choice of language, on every page."""

    language = forms.ChoiceField(choices=Language.choices)
    next = forms.CharField(required=False, max_length=2000)


# --- the account --------------------------------------------------------------------------------


class DetailsForm(PageForm):
    """Alias, e-mail, both optional."""

    display_name = alias_field()
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Not needed. Nothing is sent unless you ask for it."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class PassphraseForm(PageForm):
    """A new passphrase; the old one is asked when there is one."""

    old = PassphraseField(label=_("Passphrase of today"), autocomplete="current-password")
    new = PassphraseField(
        label=_("New passphrase"),
        help_text=_("At least 12 signs. All other devices are signed out."),
        autocomplete="new-password",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["old"]

    def clean(self) -> dict[str, Any]:
        """The new passphrase must hold."""
        if new := self.cleaned_data.get("new"):
            _check_new_passphrase(self, "new", new, self.user.username)
        return self.cleaned_data


def _check_new_passphrase(form: forms.Form, field: str, passphrase: str, username: str) -> None:
    if len(passphrase) < PASSPHRASE_SHORTEST:
        form.add_error(field, _("This is too short. Use at least 12 signs."))
    elif username and username.lower() in passphrase.lower():
        form.add_error(field, _("Leave your sign-in name out of the passphrase."))
    elif len(set(passphrase)) < 5:
        form.add_error(field, _("Use more different signs."))
    else:
        try:
            validate_password(passphrase)
        except ValidationError as error:
            form.add_error(field, error)


class SwitchForm(PageForm):
    """Another organisation of the same person."""

    organization = forms.UUIDField()
