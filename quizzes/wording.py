"""Numbers in the learner's words. Which sentence fits is decided by `quizzes.measures.lay_rate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.summary import Counts

BALANCE: Mapping[str, str | Promise] = {
    "too_cautious": gettext_lazy("Tends to wait too long."),
    "flags_too_readily": gettext_lazy("Tends to flag too readily."),
}
APART: Mapping[str, str | Promise] = {
    "guessing": gettext_lazy("guessing"),
    "beginning": gettext_lazy("beginning"),
    "developing": gettext_lazy("developing"),
    "reliable": gettext_lazy("reliable"),
    "strong": gettext_lazy("strong"),
}


def rate_words(rate: Mapping[str, Any]) -> str:
    """A lay rate as a part of a sentence: "8 of 10", "about 3 in 10", "all 12", "none of 12"."""
    kind, number, whole = rate["kind"], rate["num"], rate["den"]
    if kind == "counts":
        return _("%(number)s of %(whole)s") % {"number": number, "whole": whole}
    if kind == "all":
        return _("all %(whole)s") % {"whole": whole}
    if kind == "none_of":
        return _("none of %(whole)s") % {"whole": whole}
    if kind == "none":
        return _("nothing yet")
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
    """The one sentence: what was spotted, and what was flagged in vain."""
    if not counts.trials:
        return _("Nothing was counted here.")
    return _("Spots %(signs)s signs. Flags %(alarms)s ordinary things.") % {
        "signs": rate_words(counts.spots),
        "alarms": rate_words(counts.alarms),
    }


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
