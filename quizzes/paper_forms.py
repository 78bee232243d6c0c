"""The form for what was answered on paper: one short line for each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.forms import PageForm
from course.models import Membership
from quizzes.services.papering import Question

LONGEST_LINE = 60
HOW: Mapping[str, str | Promise] = {
    "verdict": gettext_lazy("Y or N"),
    "highlight": gettext_lazy("Numbers of the lines, for example 1 4; 0 for none"),
    "choice": gettext_lazy("Letters, for example B or A C"),
    "next_step": gettext_lazy("One letter"),
    "match": gettext_lazy("One letter for each sign, in order, for example C A B"),
    "sequence": gettext_lazy("Letters in order, for example C A B"),
}


class PaperForm(PageForm):
    """Whose sheet it is, that they agreed, and their answers. An empty line is no answer."""

    person = forms.ChoiceField(label=gettext_lazy("Whose sheet is it?"))
    agreed = forms.BooleanField(
        label=gettext_lazy("This person agreed that their answers are typed in"),
        error_messages={"required": gettext_lazy("Ask the person first.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Iterable[Membership],
        questions: Sequence[Question],
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.people = {str(person.id): person for person in people}
        choices = [(key, person.user.shown_name) for key, person in self.people.items()]
        chooser: Any = self.fields["person"]
        chooser.choices = [("", _("Choose")), *choices]
        for one in questions:
            self.fields[f"line_{one.number}"] = forms.CharField(
                label=_("Question %(number)s") % {"number": one.number},
                help_text=str(HOW[one.item.kind]),
                required=False,
                max_length=LONGEST_LINE,
                widget=forms.TextInput(
                    attrs={"autocapitalize": "characters", "spellcheck": "false"}
                ),
            )

    def lines(self) -> dict[int, str]:
        """Question -> what was typed."""
        return {
            int(name.removeprefix("line_")): text
            for name, text in self.cleaned_data.items()
            if name.startswith("line_")
        }

    def refuse_lines(self, numbers: Iterable[int]) -> None:
        """Say beside each line that it cannot be read."""
        for number in numbers:
            self.add_error(f"line_{number}", _("This is no answer to this question."))
