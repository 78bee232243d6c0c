"""Words for what was gained and what stayed."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quizzes.summary import Counts
from quizzes.wording import rate_words

register = template.Library()

PLACES: Mapping[str, str | Promise] = {
    "before": _lazy("before"),
    "after": _lazy("final"),
    "30": _lazy("30 days"),
    "90": _lazy("90 days"),
    "180": _lazy("180 days"),
}


@register.filter
def place_word(place: str) -> str:
    """Where a point of the curve stands: before the course, at its final, so many days after it."""
    return str(PLACES[place])


@register.filter
def of_trials(counts: Counts) -> str:
    """How many were right: "2 of 3"."""
    right = counts.hits + counts.n_noise - counts.false_alarms
    return _("%(number)s of %(whole)s") % {"number": right, "whole": counts.trials}


@register.filter
def rate(lay: Mapping[str, Any]) -> str:
    """A lay rate in words: "about 3 of 10"."""
    return rate_words(lay) if lay["kind"] != "none" else _("none asked")


@register.filter
def signed(points: float) -> str:
    """Points with their sign, and a true minus: +3, −3, 0."""
    whole = round(points)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole else "0"
