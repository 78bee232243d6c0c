"""The first sentence after an answer, and the word and mark of each part, in the learner's words.

About the task, never the person; misses and false alarms in the same tone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.telling import OPEN, Told

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Look:
    """A result as it is shown: a sign, a word, and a tone (`good`, `miss`, `warm`, `calm`)."""

    mark: str
    word: Words
    tone: str


LOOKS: Mapping[str, Look] = {
    "found": Look("✓", gettext_lazy("Found"), "good"),
    "missed": Look("○", gettext_lazy("Missed"), "miss"),
    "false_alarm": Look("≠", gettext_lazy("Ordinary here"), "warm"),
    "left_alone": Look("–", gettext_lazy("Right to leave"), "calm"),
    "right": Look("✓", gettext_lazy("Fits"), "good"),
    "wrong": Look("≠", gettext_lazy("Does not fit"), "warm"),
    "best": Look("✓", gettext_lazy("Best step"), "good"),
    "acceptable": Look("~", gettext_lazy("Can work"), "calm"),
    "poor": Look("≠", gettext_lazy("Helps little"), "warm"),
    "harmful": Look("!", gettext_lazy("Not safe"), "warm"),
    "discuss": Look("?", gettext_lazy("Experts differ"), "calm"),
    OPEN: Look("·", gettext_lazy("Left open"), "calm"),
}
# The same result in the words of one kind.
OF_A_CASE: Mapping[str, Words] = {
    "found": gettext_lazy("Found: a concern"),
    "missed": gettext_lazy("Missed: a concern"),
    "false_alarm": gettext_lazy("False alarm: ordinary"),
    "left_alone": gettext_lazy("Right to leave: ordinary"),
}
OF_A_KIND: Mapping[str, Mapping[str, Words]] = {
    "verdict": OF_A_CASE,
    "refresher": OF_A_CASE,
    "contrast_pair": OF_A_CASE,
    "evidence": {"right": gettext_lazy("Right"), "wrong": gettext_lazy("The other way")},
    "choice": {"missed": gettext_lazy("Fits, not chosen")},
    "triage": {
        "right": gettext_lazy("Right level"),
        "missed": gettext_lazy("Needs more"),
        "false_alarm": gettext_lazy("Needs less"),
    },
    "rate_actions": {
        "right": gettext_lazy("Same side"),
        "wrong": gettext_lazy("Other side"),
    },
    "sequence": {
        "right": gettext_lazy("Right place"),
        "wrong": gettext_lazy("Another place"),
    },
}


def look_of(result: str, kind: str) -> Look:
    """How a result of this kind of item is shown."""
    look = LOOKS[result]
    word = OF_A_KIND.get(kind, {}).get(result, look.word)
    return Look(look.mark, word, look.tone)


def told_sentence(told: Told) -> str:
    """The one sentence (or two short ones) that come first after an answer."""
    if told.is_open:
        return _("This one was left open.")
    return _SENTENCES[told.kind](told)


def _ordinary_marked(number: int) -> str:
    return ngettext(
        "%(number)s thing you marked is ordinary here.",
        "%(number)s things you marked are ordinary here.",
        number,
    ) % {"number": number}


def _highlight(told: Told) -> str:
    if told.signs:
        first = ngettext(
            "You found %(found)s of %(signs)s sign.",
            "You found %(found)s of %(signs)s signs.",
            told.signs,
        ) % {"found": told.found, "signs": told.signs}
        calm = _("Nothing ordinary was marked.")
    else:
        first, calm = _("There is no sign in this text."), _("And you marked none.")
    return f"{first} {_ordinary_marked(told.false_alarms) if told.false_alarms else calm}"


def _case(told: Told) -> str:
    words = {
        "found": _("This should raise a concern, as you said."),
        "missed": _("This should raise a concern. It is easy to pass over."),
        "false_alarm": _("This is ordinary. It is easy to take for a sign."),
        "left_alone": _("This is ordinary, as you said."),
    }
    return words[told.parts[0].result]


def _evidence(told: Told) -> str:
    is_right = told.parts[0].result == "right"
    if not told.signs:
        first = (
            _("This is ordinary, as you said.")
            if is_right
            else _("This is ordinary. It is easy to take for a sign.")
        )
        return first if not told.false_alarms else f"{first} {_ordinary_marked(told.false_alarms)}"
    if not is_right:
        return _("This should raise a concern. It is easy to pass over.")
    second = ngettext(
        "You marked %(found)s of %(signs)s line that shows it.",
        "You marked %(found)s of %(signs)s lines that show it.",
        told.signs,
    ) % {"found": told.found, "signs": told.signs}
    sentences = [_("This should raise a concern, as you said."), second]
    if told.false_alarms:
        sentences.append(_ordinary_marked(told.false_alarms))
    return " ".join(sentences)


def _pair(told: Told) -> str:
    if told.count(OPEN):
        return _("One of the two was left open. Compare what differs.")
    right = told.count("found", "left_alone")
    if right == len(told.parts):
        return _("You told the two apart.")
    if right:
        return _("One of the two is different from what you said. Compare what differs.")
    return _("It is the other way round. Compare what differs.")


def _choice(told: Told) -> str:
    fitting = told.count("right", "missed")
    wrong = told.count("wrong")
    if fitting == 1 and told.count("right") + wrong == 1:
        return _("Another answer fits better.") if wrong else _("Your answer fits.")
    first = _("You chose %(right)s of the %(fitting)s that fit.") % {
        "right": told.count("right"),
        "fitting": fitting,
    }
    if not wrong:
        return first
    second = ngettext(
        "%(number)s that you chose does not fit.",
        "%(number)s that you chose do not fit.",
        wrong,
    ) % {"number": wrong}
    return f"{first} {second}"


def _next_step(told: Told) -> str:
    words = {
        "best": _("Your step is the best one here."),
        "acceptable": _("Your step can work. Another one is better."),
        "poor": _("Your step helps little here. Another one is better."),
        "harmful": _("Your step is not safe for the person. Another one is safe."),
    }
    chosen = next((one.result for one in told.parts if one.chosen), None)
    return words[chosen] if chosen else _("This one was left open.")


def _unsafe(number: int) -> str:
    return ngettext(
        "%(number)s step is not safe for the person.",
        "%(number)s steps are not safe for the person.",
        number,
    ) % {"number": number}


def _rate_actions(told: Told) -> str:
    numbers = {"right": told.count("right"), "whole": len(told.parts)}
    if told.is_panel_keyed:
        first = _("You see %(right)s of %(whole)s steps as the panel does.") % numbers
    else:
        first = _("You see %(right)s of %(whole)s steps as the authors do.") % numbers
    unsafe = told.count("harmful")
    return f"{_unsafe(unsafe)} {first}" if unsafe else first


def _sequence(told: Told) -> str:
    right, whole = told.count("right"), len(told.parts)
    if right == whole:
        return _("Every card is in a right place.")
    return _("%(right)s of %(whole)s cards are in a right place.") % {
        "right": right,
        "whole": whole,
    }


def _match(told: Told) -> str:
    return _("%(right)s of %(whole)s fit together as you said.") % {
        "right": told.count("right"),
        "whole": len(told.parts),
    }


def _triage(told: Told) -> str:
    """What is urgent and was not seen comes first (measurement design 6.5)."""
    urgent = [one for one in told.parts if one.key == "urgent"]
    missed = sum(one.answer in {"", "none", "note"} for one in urgent)
    return _(
        "Urgent reports missed: %(missed)s of %(urgent)s. "
        "%(right)s of %(whole)s reports have the right level."
    ) % {
        "missed": missed,
        "urgent": len(urgent),
        "right": told.count("right"),
        "whole": len(told.parts),
    }


def _dialogue(told: Told) -> str:
    said = sum(one.chosen for one in told.parts)
    best = told.count("best", chosen=True)
    first = ngettext(
        "You chose the best reply %(best)s of %(said)s time.",
        "You chose the best reply %(best)s of %(said)s times.",
        said,
    ) % {"best": best, "said": said}
    unsafe = told.count("harmful", chosen=True)
    if not unsafe:
        return first
    second = ngettext(
        "%(number)s reply was not safe for the person.",
        "%(number)s replies were not safe for the person.",
        unsafe,
    ) % {"number": unsafe}
    return f"{first} {second}"


_SENTENCES: Mapping[str, Callable[[Told], str]] = {
    "highlight": _highlight,
    "verdict": _case,
    "refresher": _case,
    "evidence": _evidence,
    "contrast_pair": _pair,
    "choice": _choice,
    "next_step": _next_step,
    "rate_actions": _rate_actions,
    "sequence": _sequence,
    "match": _match,
    "triage": _triage,
    "dialogue": _dialogue,
}
