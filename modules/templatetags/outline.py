"""Words of the outline in the reader's language."""

from collections.abc import Mapping

from django import template

from modules.compiling import in_language as choose
from modules.outline import OutlineLesson, OutlineModule

register = template.Library()


@register.filter
def title_in(thing: OutlineLesson | OutlineModule, language: str) -> str:
    """The title of a lesson or module."""
    return thing.title(language)


@register.filter
def summary_in(thing: OutlineLesson | OutlineModule, language: str) -> str:
    """The sentence about a lesson or module."""
    return thing.summary(language)


@register.filter
def outcomes_in(module: OutlineModule, language: str) -> tuple[str, ...]:
    """What a learner can do after a module."""
    return module.outcomes_in(language)


@register.filter
def in_language(text: Mapping[str, str], language: str) -> str:
    """A text out of its languages."""
    return choose(text, language)
