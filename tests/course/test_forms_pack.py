"""Our template pack for crispy-forms: every layout object renders, no template lies unused.

The library brings no pack of its own, so a layout object without a template would fail on the first
page that uses it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.bootstrap import (
    Alert,
    FormActions,
    InlineCheckboxes,
    InlineField,
    InlineRadios,
    StrictButton,
)
from crispy_forms.helper import FormHelper
from crispy_forms.layout import (
    HTML,
    Button,
    ButtonHolder,
    Column,
    Div,
    Field,
    Fieldset,
    Hidden,
    Layout,
    Reset,
    Row,
    Submit,
)
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test.signals import template_rendered

PACK = Path(settings.BASE_DIR) / "templates" / "kenali"


class Everything(forms.Form):
    """One field of each kind."""

    line = forms.CharField(help_text="A line.", required=False)
    box = forms.BooleanField(help_text="A box.")
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("c", "C")], widget=forms.CheckboxSelectMultiple)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A mistake of the whole form."""
        self.add_error(None, "The whole is wrong.")
        return self.cleaned_data


def helper() -> FormHelper:
    wanted = FormHelper()
    wanted.layout = Layout(
        Fieldset("Legend", Field("line"), "hidden"),
        Div(Row(Column("box")), css_class="extra", css_id="block"),
        InlineRadios("one"),
        InlineCheckboxes("many"),
        HTML("<p>words</p>"),
        Alert(content="A note."),
        ButtonHolder(Submit("send", "Send"), Reset("again", "Again"), Hidden("key", "value")),
        FormActions(StrictButton("Strict", name="strict"), Button("plain", "Plain")),
    )
    wanted.add_input(Submit("last", "Last"))
    return wanted


def render(text: str, **context: Any) -> str:
    return Template("{% load crispy_forms_tags crispy_forms_filters %}" + text).render(
        Context(context)
    )


@pytest.fixture
def used() -> Iterator[set[str]]:
    """The names of all templates that were rendered meanwhile."""
    names: set[str] = set()

    def note(template: Template, **_: object) -> None:
        names.add(str(template.name))

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def pages() -> str:
    """Everything the pack can show, fresh and with mistakes."""
    form_set = forms.formset_factory(Everything, extra=2)
    wrong_set = form_set({"form-TOTAL_FORMS": "x"})
    inline = FormHelper()
    inline.layout = Layout(InlineField("line"))
    return "".join(
        [
            render("{% crispy form helper %}", form=Everything(), helper=helper()),
            render("{% crispy form helper %}", form=Everything({}), helper=helper()),
            render("{% crispy form helper %}", form=Everything(), helper=inline),
            render("{% crispy set helper %}", set=form_set(), helper=helper()),
            render("{% crispy set helper %}", set=wrong_set, helper=FormHelper()),
            render("{{ form|crispy }}", form=Everything({})),
            render("{{ set|crispy }}", set=wrong_set),
            render("{{ form.line|as_crispy_field }}", form=Everything()),
        ]
    )


def test_every_template_of_the_pack_renders(used: set[str]) -> None:
    pages()
    parts = ("icons", "parts")  # pieces of pages, not of forms
    ours = {
        f"kenali/{path.relative_to(PACK)}"
        for path in PACK.rglob("*.html")
        if path.relative_to(PACK).parts[0] not in parts
    }
    assert ours - used == set(), "a template that nothing shows"


def test_no_form_needs_inline_style_or_script() -> None:
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", pages())


def test_a_mistake_is_announced_linked_and_beside_its_field() -> None:
    text = render("{{ form|crispy }}", form=Everything({}))
    assert 'role="alert"' in text
    assert "The whole is wrong." in text
    assert '<a href="#id_box">' in text
    assert '<a href="#id_one_0">' in text, "the first control of a group, which can be focused"
    assert 'id="id_box_error"' in text
    assert 'aria-invalid="true"' in text


def test_help_is_named_by_the_control_it_helps_with() -> None:
    text = render("{{ form|crispy }}", form=Everything())
    assert 'aria-describedby="id_line_helptext"' in text
    assert 'id="id_line_helptext"' in text


def test_what_somebody_typed_stays_text() -> None:
    form = Everything({"line": '"><script>alert(1)</script>'})
    assert "<script" not in render("{{ form|crispy }}", form=form)
