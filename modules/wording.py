"""Completion and certificates in words: what is missing, and what a paper says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.completion import Missing
from modules.outline import Outline

_PLAIN: Mapping[str, str | Promise] = {
    "quiz": gettext_lazy("The quiz of this module is not handed in yet."),
    "final": gettext_lazy("The final is not handed in yet."),
    "no_final": gettext_lazy("No final is published here yet. Please tell whoever runs this site."),
    "final_hits": gettext_lazy("In your last final, too many signs were missed."),
    "final_false_alarms": gettext_lazy(
        "In your last final, too many ordinary things were marked as signs."
    ),
    "final_critical_errors": gettext_lazy(
        "In your last final, more than one next step could have put somebody in danger."
    ),
    "final_insufficient": gettext_lazy(
        "Your last final left too few answers to decide. Take it once more, with all its cases."
    ),
}


def missing_words(missing: Missing, stages: Mapping[str, str] | None = None) -> str:
    """One sentence for one thing that is missing. `stages`: key -> name, in the same language."""
    params = dict(missing.params)
    if missing.key == "lessons":
        left = params["total"] - params["done"]
        return ngettext(
            "%(left)s of %(total)s lessons is still to do.",
            "%(left)s of %(total)s lessons are still to do.",
            left,
        ) % {"left": left, "total": params["total"]}
    if missing.key == "modules":
        left = params["total"] - params["done"]
        return ngettext(
            "%(left)s of %(total)s modules is not complete yet.",
            "%(left)s of %(total)s modules are not complete yet.",
            left,
        ) % {"left": left, "total": params["total"]}
    if missing.key == "quiz_answers":
        return (
            _(
                "In the quiz, %(answered)s of %(questions)s questions have an answer. "
                "Three of four are needed; right or wrong does not matter."
            )
            % params
        )
    if missing.key == "final_stage":
        name = (stages or {}).get(params["stage"], params["stage"])
        return _("In your last final, one part is not firm yet: %(stage)s.") % {"stage": name}
    return str(_PLAIN[missing.key])


def certificate_texts(
    outline: Outline, *, dates: Mapping[str, datetime], shortened: bool, months: int
) -> dict[str, dict[str, Any]]:
    """Every word of the paper, in every language of the site."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = _texts(outline, language, dates, shortened=shortened, months=months)
    return texts


def _texts(
    outline: Outline,
    language: str,
    dates: Mapping[str, datetime],
    *,
    shortened: bool,
    months: int,
) -> dict[str, Any]:
    return {
        "title": _("Certificate"),
        "course": _("Recognising signs of exploitation and responding safely"),
        "about": _("Kenali, a training course for frontline staff"),
        "holder": _("This certifies that"),
        "nameless": _("the holder of this number"),
        "done": _("has completed the course"),
        "with": _("with"),
        "rule": rule_words(shortened=shortened),
        "modules_title": _("Modules"),
        "modules": [module.title(language) for module in outline.modules],
        "completed": _("Completed"),
        "issued": _("Issued"),
        "expires": _("Valid until"),
        "number": _("Number"),
        "check": _("Check this certificate"),
        "qr": _("Square code with the address of the page that checks this certificate"),
        "why_until": ngettext(
            "The skill fades without practice, so it is checked again after %(months)s month.",
            "The skill fades without practice, so it is checked again after %(months)s months.",
            months,
        )
        % {"months": months},
        "dates": {name: day_words(day) for name, day in dates.items()},
    }


def day_words(day: datetime) -> str:
    """A date in the language in force."""
    return date_format(timezone.localtime(day), "j F Y")


def rule_words(*, shortened: bool) -> str:
    """What had to be shown, in one or two sentences."""
    final = _(
        "A final test with new cases was passed: signs were found and ordinary situations were "
        "left alone, each counted apart, over all stages together and with no stage failed."
    )
    if shortened:
        return final
    lessons = _("Every lesson was finished and the quiz of every module was taken.")
    return f"{lessons} {final}"
