"""Rules against hints: unequal options, telling words, pairs that differ too much. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from course.framework.schema import Language
from course.framework.wording import words_of
from quizzes.kinds.choice import ChoiceItem
from quizzes.kinds.common import BOTH, Item, Vignette, Way
from quizzes.kinds.contrast_pair import ContrastPairItem
from quizzes.kinds.dialogue import DialogueItem
from quizzes.kinds.next_step import NextStepItem
from quizzes.kinds.verdict import VerdictItem
from quizzes.lint.base import Context, Found, bank_problem, item_problem

LENGTH_SHARE = 0.20  # of the mean length, for options
LENGTH_WORDS = 3  # short options may differ by so many words
PAIR_SHARE = 0.10  # of the longer half, for pairs and twins
PAIR_LIKENESS = 0.50  # share of words two halves have in common
QUESTIONS_FOR_SHARE = 8  # questions, before the longest-option share means anything
LONGEST_SHARE = 0.50  # of questions in which the right option is the longest

_CATCH_ALL = re.compile(
    r"(all|none|both) of (the above|these)|semua di atas|tiada di atas", re.IGNORECASE
)
_ABSOLUTE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(always|never|every time|in all cases)\b", re.IGNORECASE),
    "ms": re.compile(r"\b(selalu|sentiasa|tidak pernah|setiap kali)\b", re.IGNORECASE),
}
_NEGATIVE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(not|except|cannot|least)\b|n['’]t\b"),
    "ms": re.compile(r"\b(tidak|bukan|jangan|kecuali)\b"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one question: where they stand, their texts, and which is right."""

    way: Way
    texts: tuple[Mapping[Language, str], ...]
    right: tuple[bool, ...]


def questions_in(item: Item) -> Iterator[Options]:
    """Every set of options that one answer is chosen from (or several)."""
    if isinstance(item, ChoiceItem):
        yield Options(
            ("options",),
            tuple(option.text for option in item.options),
            tuple(option.right for option in item.options),
        )
    elif isinstance(item, NextStepItem):
        yield Options(
            ("options",),
            tuple(option.text for option in item.options),
            tuple(option.grade == "best" for option in item.options),
        )
    elif isinstance(item, DialogueItem):
        for index, node in enumerate(item.nodes):
            yield Options(
                ("nodes", index, "replies"),
                tuple(reply.text for reply in node.replies),
                tuple(reply.grade == "best" for reply in node.replies),
            )


def options_alike(context: Context) -> Found:
    """Options of a question are about equally long."""
    for item in context.bank.items.values():
        for options in questions_in(item):
            for language in BOTH:
                lengths = [len(words_of(text[language])) for text in options.texts]
                mean = sum(lengths) / len(lengths)
                margin = max(LENGTH_WORDS, LENGTH_SHARE * mean)
                for index, length in enumerate(lengths):
                    if abs(length - mean) > margin:
                        yield item_problem(
                            context,
                            item,
                            "option-length",
                            f"option {index + 1} has {length} {language} words, the mean is "
                            f"{mean:.1f}.",
                            "Make the options about equally long; a length is a hint.",
                            at=(*options.way, index),
                        )


def no_telling_words(context: Context) -> Found:
    """No catch-all option, and no "always" or "never" that stands in wrong options only."""
    for item in context.bank.items.values():
        for options in questions_in(item):
            for index, text in enumerate(options.texts):
                for language in BOTH:
                    if _CATCH_ALL.search(text[language]):
                        yield item_problem(
                            context,
                            item,
                            "catch-all-option",
                            f"option {index + 1} speaks of the other options.",
                            "Options are mixed when shown; let each stand alone.",
                            at=(*options.way, index),
                        )
            for language in BOTH:
                if _only_in_wrong(options, language):
                    yield item_problem(
                        context,
                        item,
                        "absolute-word",
                        f"an absolute word stands in wrong {language} options only.",
                        "Say it without “always” or “never”.",
                        at=options.way,
                    )


def _only_in_wrong(options: Options, language: Language) -> bool:
    found = [bool(_ABSOLUTE[language].search(text[language])) for text in options.texts]
    in_right = any(hit for hit, right in zip(found, options.right, strict=True) if right)
    return any(found) and not in_right


def positive_questions(context: Context) -> Found:
    """Negatives in a question are overlooked."""
    for item in context.bank.items.values():
        if not isinstance(item, ChoiceItem):
            continue
        for language in BOTH:
            if _NEGATIVE[language].search(item.question[language]):
                yield item_problem(
                    context,
                    item,
                    "negative-question",
                    f"the {language} question has a negative in it.",
                    "Ask for what is so, or write the negative in capitals: NOT, TIDAK.",
                    at=("question", language),
                )


def right_not_longest(context: Context) -> Found:
    """The right option is not the longest one more often than chance and habit allow."""
    for language in BOTH:
        longest, total = 0, 0
        for item in context.bank.items.values():
            for options in questions_in(item):
                if sum(options.right) != 1:
                    continue
                total += 1
                longest += _right_is_longest(options, language)
        if total >= QUESTIONS_FOR_SHARE and longest > LONGEST_SHARE * total:
            yield bank_problem(
                context,
                "right-is-longest",
                f"The right option is the longest in {longest} of {total} {language} questions.",
                "Shorten right options or lengthen wrong ones, in half of them at least.",
            )


def _right_is_longest(options: Options, language: Language) -> bool:
    lengths = [len(text[language]) for text in options.texts]
    right = lengths[options.right.index(True)]
    return right == max(lengths) and lengths.count(right) == 1


def halves_alike(context: Context) -> Found:
    """The halves of a pair, and twins, differ in one or two facts and not in length."""
    items = context.bank.items
    for item in items.values():
        if isinstance(item, ContrastPairItem):
            halves: Sequence[Vignette] = item.vignettes
        elif isinstance(item, VerdictItem) and isinstance(items.get(item.twin or ""), VerdictItem):
            twin = items[item.twin or ""]
            halves = [item.vignette, twin.vignette] if isinstance(twin, VerdictItem) else []
        else:
            continue
        for language in BOTH:
            fault = _unlike([words_of(half.text[language].lower()) for half in halves])
            if fault:
                yield item_problem(
                    context,
                    item,
                    "pair-differs",
                    f"the two {language} cases {fault}.",
                    "Change only the fact that decides; keep names, scene, tone and length.",
                )


def _unlike(halves: Sequence[Sequence[str]]) -> str | None:
    one, other = halves
    shorter, longer = sorted((len(one), len(other)))
    if longer - shorter > max(1, PAIR_SHARE * longer):
        return f"have {len(one)} and {len(other)} words"
    likeness = SequenceMatcher(None, one, other, autojunk=False).ratio()
    if likeness < PAIR_LIKENESS:
        return f"share only {likeness:.0%} of their words"
    return None
