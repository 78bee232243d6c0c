"""Short names for things of the bank on pages of trainers: a case, a look-alike, a choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.framework.schema import Framework
from quizzes.kinds import Item
from quizzes.rekeying import Change, is_best

LURES: Mapping[str, str | Promise] = {
    "ordinary-practice": gettext_lazy("an ordinary way of doing things"),
    "poverty": gettext_lazy("being poor"),
    "bad-job": gettext_lazy("a bad job, and no more than that"),
    "family-help": gettext_lazy("help within a family"),
    "migration-stress": gettext_lazy("the strain of living abroad"),
    "love": gettext_lazy("being in love"),
    "culture": gettext_lazy("a custom"),
    "other-harm": gettext_lazy("another harm"),
    "own-choice": gettext_lazy("somebody's own choice"),
    "coincidence": gettext_lazy("a coincidence"),
}
KEYS: Mapping[str, str | Promise] = {
    "signal": gettext_lazy("Should raise a concern"),
    "noise": gettext_lazy("Ordinary"),
}
ROOM_WORDS: Mapping[str, str | Promise] = {
    "yes": gettext_lazy("Yes, I would want to know more"),
    "no": gettext_lazy("No, this is ordinary"),
    "nothing": gettext_lazy("Nothing here"),
}
LONGEST = 90


def short(text: str) -> str:
    """The beginning of a text, cut at a word."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] + " …"


def item_label(item: Item, language: Any) -> str:
    """The beginning of what an item shows first."""
    for _way, text, role in item.texts():
        if role != "feedback":
            return short(text[language])
    return item.key


def sign_label(framework: Framework, key: str, language: Any) -> str:
    """A sign in words; what a look-alike imitates may also be a whole tactic."""
    sign = framework.indicators.get(key)
    if sign is not None:
        return str(sign.text[language])
    tactic = framework.tactics.get(key)
    return str(tactic.name[language]) if tactic else key


def lookalike_label(framework: Framework, key: str, language: Any) -> str:
    """A look-alike in words: the taught one, or the family it is of."""
    confounder = framework.confounders.get(key)
    if confounder is not None:
        return str(confounder.sign_or_myth[language])
    return str(LURES.get(key, key))


def choices_of(item: Item, language: Any) -> dict[str, str]:
    """What may stand in `chosen`, in words."""
    named: dict[str, str] = {}
    for option in getattr(item, "options", ()):
        named[option.id] = option.text[language]
    for target in getattr(item, "targets", ()):
        named[target.tactic] = target.text[language]
    for node in getattr(item, "nodes", ()):
        for reply in node.replies:
            named[f"{node.id}/{reply.id}"] = reply.text[language]
    return named


def best_choices(item: Item) -> set[str]:
    """Ids of the options that are right."""
    options: Any = getattr(item, "options", ())
    return {one.id for one in options if is_best(one)}


def change_words(change: Change | str, option: str = "") -> str:
    """A correction in words; `option` is already in words."""
    words = {
        Change.SIGNAL: _("should raise a concern"),
        Change.NOISE: _("is ordinary"),
        Change.ACCEPT: _("this is right too: %(option)s") % {"option": short(option)},
        Change.DROP: _("counts for nobody"),
    }
    return str(words[Change(change)])


def change_words_of(change: Change | str, option: str, kind: str) -> str:
    """The same; of an answer to tick one says that it belongs, not that it worries."""
    if kind == "choice":
        words = {Change.SIGNAL: _("this answer is right"), Change.NOISE: _("this answer is wrong")}
        if Change(change) in words:
            return str(words[Change(change)])
    return change_words(change, option)
