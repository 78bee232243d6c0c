"""Numbers in the learner's words. Which sentence fits is decided by `quizzes.measures.lay_rate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.summary import Counts

BALANCE: Mapping[str, str | Promise] = {
    "too_cautious": gettext_lazy("You tend to wait too long."),
    "flags_too_readily": gettext_lazy("You tend to flag too readily."),
}
APART: Mapping[str, str | Promise] = {
    "guessing": gettext_lazy("guessing"),
    "beginning": gettext_lazy("beginning"),
    "developing": gettext_lazy("developing"),
    "reliable": gettext_lazy("reliable"),
    "strong": gettext_lazy("strong"),
}


def rate_words(rate: Mapping[str, Any]) -> str:
    """A lay rate with trials as a part of a sentence: "8 of 9", "about 3 of 10", "all 12"."""
    kind, number, whole = rate["kind"], rate["num"], rate["den"]
    if kind == "counts":
        return _("%(number)s of %(whole)s") % {"number": number, "whole": whole}
    if kind == "all":
        return _("all %(whole)s") % {"whole": whole}
    if kind == "none_of":
        return _("none of %(whole)s") % {"whole": whole}
    return _tenths(number, rate["qualifier"])


def _tenths(number: int, qualifier: str) -> str:
    words = {
        "exact": _("%(number)s of 10"),
        "about": _("about %(number)s of 10"),
        "more_than": _("more than %(number)s of 10"),
        "fewer_than": _("fewer than %(number)s of 10"),
    }
    return words[qualifier] % {"number": number}


def sentence(counts: Counts) -> str:
    """The one sentence: what was spotted, and what was flagged in vain; both, or neither helps."""
    if not counts.trials:
        return _("There was nothing to count here.")
    return f"{_spotted(counts.spots)} {_flagged(counts.alarms)}"


def _spotted(rate: Mapping[str, Any]) -> str:
    if rate["kind"] == "none":
        return _("There was no sign to spot.")
    return _("You spotted %(share)s signs.") % {"share": rate_words(rate)}


def _flagged(rate: Mapping[str, Any]) -> str:
    if rate["kind"] == "none":
        return _("There was nothing ordinary to leave alone.")
    return _("You flagged %(share)s ordinary things.") % {"share": rate_words(rate)}


def balance_words(counts: Counts) -> str:
    """One line on balance, or nothing when it is even or cannot be told."""
    return str(BALANCE.get(counts.balance, ""))


def unsafe_words(number: int) -> str:
    """Unsafe steps, said apart from everything else."""
    return ngettext(
        "%(number)s step here was not safe for the person. Look at it first.",
        "%(number)s steps here were not safe for the person. Look at them first.",
        number,
    ) % {"number": number}
