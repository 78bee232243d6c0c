"""What the form templates need and Django does not offer."""

from django import template
from django.forms import BoundField

register = template.Library()


@register.filter
def first_control(field: BoundField) -> str:
    """The id a link must point to so that the first control of the field gets the focus.

    For radio buttons and groups of boxes that is the first of them: the id of the field itself is
    on an element that cannot be focused.
    """
    if field.use_fieldset:
        for subwidget in field.subwidgets:
            return str(subwidget.id_for_label or field.auto_id)
    return field.id_for_label or field.auto_id
