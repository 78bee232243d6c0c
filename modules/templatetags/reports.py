"""Words of the completion reports."""

from django import template

from modules.reports.columns import STATE_WORDS
from modules.reports.states import State

register = template.Library()


@register.filter
def state_word(state: State) -> str:
    """Where somebody stands, in the language of the page."""
    return str(STATE_WORDS[state])
