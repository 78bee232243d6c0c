"""The forms of the ground floor: what may be typed, and in which words a mistake is explained.

No rules live here beyond the shape of a single answer; the services judge the rest.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any, Final, cast
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from course.audit_words import GROUPS
from course.models import Cohort, Language, Membership, User
from course.models.organizations import NAME_LENGTH, ROLE_CHOICES
from course.models.people import DISPLAY_NAME_LENGTH, USERNAME_LENGTH
from course.roles import Role
from course.services import Refused
from course.services.codes import LONGEST_INPUT
from course.services.invitations import LONGEST_DAYS, MOST_USES

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


# --- the organisation ---------------------------------------------------------------------------


def reason_field() -> PlainTextField:
    """Why something was done, for the record of changes."""
    return PlainTextField(
        label=_("Reason"),
        help_text=_("Kept in the record of changes. No personal details."),
        max_length=REASON_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RoleForm(PageForm):
    """Another role for a person."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, widget=forms.RadioSelect)
    reason = reason_field()


class ActiveForm(PageForm):
    """Pause a place or let in again."""

    active = forms.ChoiceField(
        label=_("Place"),
        choices=[("yes", _("Active")), ("no", _("Paused"))],
        widget=forms.HiddenInput,
    )
    reason = reason_field()


class RecordForm(PageForm):
    """Which entries of the record of changes. `course.audit_reading` judges what is typed."""

    group = forms.ChoiceField(
        label=_("What"), choices=[("", _("Everything")), *GROUPS.items()], required=False
    )
    who = PlainTextField(
        label=_("Who acted"),
        help_text=_("A name, or “Server” for the console."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    about = PlainTextField(
        label=_("About whom or what"),
        help_text=_("A person or a cohort."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    first = forms.CharField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.CharField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(
        label=_("Words in the reason"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CohortForm(PageForm):
    """The name of a cohort."""

    name = PlainTextField(
        label=_("Name of the cohort"),
        help_text=_("Choose a name that says nothing about the people or the subject."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CohortPlaceForm(PageForm):
    """Which person, into or out of a cohort. The choices are people of the organisation."""

    person = forms.ChoiceField(label=_("Person"))

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["person"])
        self.people = {str(person.id): person for person in people}
        field.choices = [
            (key, f"{person.user.shown_name} ({person.user.username})")
            for key, person in self.people.items()
        ]


class InvitationForm(PageForm):
    """A new invitation: for whom, how often, how long."""

    role = forms.ChoiceField(
        label=_("Role"), choices=ROLE_CHOICES, initial=Role.LEARNER.value, widget=forms.RadioSelect
    )
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    max_uses = forms.IntegerField(
        label=_("How many people"),
        help_text=_("1 for one person; more for a card that a whole group uses."),
        min_value=1,
        max_value=MOST_USES,
        initial=1,
    )
    days = forms.IntegerField(
        label=_("Days until it ends"), min_value=1, max_value=LONGEST_DAYS, initial=3
    )

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["cohort"])
        self.cohorts = {str(cohort.id): cohort for cohort in cohorts}
        field.choices = [("", _("No cohort"))] + [
            (key, cohort.name) for key, cohort in self.cohorts.items()
        ]

    def chosen_cohort(self) -> Cohort | None:
        """The cohort that was picked."""
        return self.cohorts.get(self.cleaned_data["cohort"])


class ReasonForm(PageForm):
    """A step that needs nothing but a reason."""

    reason = reason_field()


class MoveForm(PageForm):
    """Out of one cohort, into another; either may be left open."""

    out_of = forms.ChoiceField(label=_("Out of this cohort"), required=False)
    into = forms.ChoiceField(label=_("Into this cohort"), required=False)
    reason = reason_field()

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohorts = {str(cohort.id): cohort for cohort in cohorts}
        for name, nothing in (("out_of", _("They stay where they are")), ("into", _("No cohort"))):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", nothing)] + [
                (key, cohort.name) for key, cohort in self.cohorts.items()
            ]

    def chosen(self, name: str) -> Cohort | None:
        """The cohort that was picked in a field."""
        return self.cohorts.get(self.cleaned_data[name])


class ManagerForm(PageForm):
    """Whom people report to. A name and not a list: organisations have thousands of people."""

    manager = sign_in_name_field(
        label=_("Manager"),
        help_text=_("The sign-in name. Leave it empty when they report to nobody."),
        autocomplete="off",
        required=False,
    )
    reason = reason_field()


class PeopleListForm(PageForm):
    """A file with people. What is in it is judged by services.importing."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), at most 2 megabytes and 10,000 people."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )


def parsed_uuid(text: str) -> UUID | None:
    """The UUID a text means, or None; never an error, however long or strange the text is."""
    if len(text) > 40:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
