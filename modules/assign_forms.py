"""What a trainer may type to ask for something, ask otherwise, or give one person longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField
from modules.targets import Group, Name
from quizzes.days import day_of, first_instant, last_instant
from quizzes.models import Assignment, Late, Target
from quizzes.models.assignments import MESSAGE_LENGTH
from quizzes.services.assigning import Ask

USUAL_DAYS: Final = 14
ATTEMPTS: Final = [("", _("As the quiz says")), ("1", "1"), ("2", "2"), ("3", "3"), ("5", "5")]


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget)


class RuleForm(PageForm):
    """From when, until when, how often, with which words."""

    due = _day(_("Due"), _("The end of this day, Malaysian time. Leave it empty for no date."))
    message = PlainTextField(
        label=_("A word to them"),
        help_text=_("Shown with the task. No names and no case details: phones are shared."),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    opens = _day(_("Opens"), _("Leave it empty for at once."))
    attempts = forms.TypedChoiceField(
        label=_("How often, for a quiz"),
        choices=ATTEMPTS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    late = forms.ChoiceField(
        label=_("After the due day"),
        choices=[
            (Late.ACCEPT.value, _("Late work is welcome. It is shown as late.")),
            (
                Late.CLOSE.value,
                _("A quiz closes: no new start, and answers are not taken any more."),
            ),
        ],
        initial=Late.ACCEPT.value,
        widget=forms.RadioSelect,
    )
    MORE = ("opens", "attempts", "late")

    def __init__(self, *args: Any, target: str = Target.QUIZ.value, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if target != Target.QUIZ:  # lessons neither close nor are counted
            del self.fields["attempts"], self.fields["late"]

    @property
    def first(self) -> list[forms.BoundField]:
        """What everybody looks at."""
        return [field for field in self if field.name not in self.MORE and not field.is_hidden]

    @property
    def more(self) -> list[forms.BoundField]:
        """What is folded away until it is wanted."""
        return [field for field in self if field.name in self.MORE]

    @property
    def is_unfolded(self) -> bool:
        """Whether something in the folded part needs a look."""
        return any(field.errors for field in self.more)

    def ask(self, name: Name) -> Ask:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        return Ask(
            target=name.target,
            key=name.key,
            opens_at=first_instant(data["opens"]) if data["opens"] else None,
            due_at=last_instant(data["due"]) if data["due"] else None,
            attempts=data.get("attempts"),
            late=Late(data.get("late", Late.ACCEPT)),
            message=data["message"],
        )

    @staticmethod
    def initial_of(row: Assignment) -> dict[str, Any]:
        """The form filled in with what is asked now."""
        return {
            "opens": day_of(row.opens_at) if row.opens_at else None,
            "due": day_of(row.due_at) if row.due_at else None,
            "attempts": row.attempts,
            "late": row.late,
            "message": row.message,
        }


class AskForm(RuleForm):
    """What is asked, and its rule."""

    what = forms.ChoiceField(label=_("What"))
    field_order = ("what", "due", "message", "opens", "attempts", "late")

    def __init__(self, *args: Any, groups: Sequence[Group], today: date, **kwargs: Any) -> None:
        initial = {"due": today + timedelta(days=USUAL_DAYS), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        cast("forms.ChoiceField", self.fields["what"]).choices = list(groups)

    @property
    def name(self) -> Name:
        """What was chosen."""
        return Name.parse(self.cleaned_data["what"])


class ExceptionForm(PageForm):
    """One person's own rule within an assignment."""

    due = _day(_("Due, for this person"), _("Leave it empty for the same day as everybody."))
    attempts = forms.TypedChoiceField(
        label=_("How often"),
        choices=[("", _("As everybody")), *ATTEMPTS[1:]],
        coerce=int,
        empty_value=None,
        required=False,
    )
    excused = forms.BooleanField(
        label=_("This person need not do it"),
        help_text=_("It leaves their list. No reason is asked or kept."),
        required=False,
    )

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if assignment.target_kind != Target.QUIZ:
            del self.fields["attempts"]
        if assignment.due_at is None:
            del self.fields["due"]

    @property
    def rule(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        return {
            "due_at": last_instant(data["due"]) if data.get("due") else None,
            "attempts": data.get("attempts"),
            "excused": data["excused"],
        }
