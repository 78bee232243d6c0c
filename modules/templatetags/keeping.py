"""Words for what was gained and what stayed."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from quizzes.wording import rate_words

register = template.Library()


@register.filter
def rate(lay: Mapping[str, Any]) -> str:
    """A lay rate in words: "about 3 of 10"."""
    return rate_words(lay) if lay["kind"] != "none" else _("none asked")


@register.filter
def signed(points: float) -> str:
    """Points with their sign, and a true minus: +3, −3, 0."""
    whole = round(points)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole else "0"
