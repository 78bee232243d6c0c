"""Rules against harm: who a person is, or how a line sounds, must not give the key away. Pure.

A test whose signs are all migrants teaches profiling. For every form (and the whole bank) the
attributes of the people and the plain words are asked whether they predict the key
(items design, section 7).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.framework.schema import Language
from course.framework.wording import words_of
from quizzes.kinds.common import BOTH, SECTORS, Item, Person, Vignette
from quizzes.kinds.verdict import VerdictItem
from quizzes.lint.base import Context, Found, bank_problem, judged, parts_of, quiz_problem
from quizzes.measures import moments
from quizzes.schema import ACROSS_FORMS, Bank, Quiz

LARGEST_PHI = 0.10
LARGEST_AUC = 0.65
LENGTH_SHARE = 0.10  # mean lengths of signals and noise may differ by this share
LEAST_ITEMS, LEAST_TRIALS = 3, 10  # an attribute carried by fewer cannot teach a profile
# While the bank is growing, its balance is off by chance; only what chance does not explain
# (chi-square with one degree of freedom above 10.8, p < .001) is a fault then.
CHI_SQUARE = 10.83
FOLDS = 5
LEAST_FOR_LENGTH = 16  # parts of one sort, before their mean length means anything
LEAST_PARTS = 40  # in a form, before its numbers mean anything
THIRD_SHARE = (0.20, 0.47)  # of the signals, in each third of a text
LEAST_SIGNALS_FOR_THIRDS = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """One scored part: the item it is from, its key, its text and the person it is about."""

    item: str
    group: str  # parts of one group never stand on both sides of a cross-validation
    signal: bool
    whole: bool  # a vignette, not a segment of a text
    text: Mapping[Language, str]
    person: Person | None


def judged_in(items: Iterable[Item]) -> list[Judged]:
    """Every signal and noise part of `items`."""
    found = []
    for item in items:
        twin = item.twin if isinstance(item, VerdictItem) else None
        group = min(item.key, twin) if twin else item.key
        found += [
            Judged(
                item.key,
                group,
                part.kind == "signal",
                isinstance(part, Vignette),
                part.text,
                item.person,
            )
            for _, part in judged(item)
        ]
    return found


def attributes_of(person: Person) -> Iterator[str]:
    """What could be read off a person; unknown values say nothing."""
    yield f"gender {person.gender}"
    if person.trans:
        yield "trans"
    if person.origin != "unknown":
        yield "origin malaysia" if person.origin == "malaysia" else "origin foreign"
        yield f"origin {person.origin}"
    if person.job != "unknown":
        yield f"work {SECTORS[person.job]}"
    if person.age != "unclear":
        yield f"age {person.age}"


def phis(parts: Sequence[Judged]) -> dict[str, float]:
    """Phi (the correlation of two yes/no facts) of the key with every attribute that counts."""
    people = [(part, set(attributes_of(part.person))) for part in parts if part.person]
    keys = [float(part.signal) for part, _ in people]
    found: dict[str, float] = {}
    for name in sorted({name for _, names in people for name in names}):
        having = [part for part, names in people if name in names]
        if len({part.item for part in having}) < LEAST_ITEMS or len(having) < LEAST_TRIALS:
            continue
        value = moments.correlation([float(name in names) for _, names in people], keys)
        if value is not None:
            found[name] = value
    return found


def word_scores(parts: Sequence[Judged], language: Language) -> list[tuple[bool, float]]:
    """(is signal, how much its words sound like one) of every part, judged by the other texts.

    Naive Bayes on which words occur, add-one smoothing, equal priors, five folds over texts.
    """
    bags = [frozenset(words_of(part.text[language].lower())) for part in parts]
    scores = [0.0] * len(parts)
    for fold in range(FOLDS):
        inside = [_fold_of(part.group) == fold for part in parts]
        weights = _weights(
            [(parts[i].signal, bags[i]) for i, held in enumerate(inside) if not held]
        )
        for i, held in enumerate(inside):
            if held:
                scores[i] = math.fsum(weights.get(word, 0.0) for word in sorted(bags[i]))
    return [(part.signal, score) for part, score in zip(parts, scores, strict=True)]


def _fold_of(group: str) -> int:
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def _weights(rows: Sequence[tuple[bool, frozenset[str]]]) -> dict[str, float]:
    """Log odds of each word: how much more often signals have it than noise."""
    totals = Counter(signal for signal, _ in rows)
    counts = {kind: Counter[str]() for kind in (True, False)}
    for signal, bag in rows:
        counts[signal].update(bag)
    return {
        word: math.log((counts[True][word] + 1) / (totals[True] + 2))
        - math.log((counts[False][word] + 1) / (totals[False] + 2))
        for word in counts[True].keys() | counts[False].keys()
    }


def telling_words(parts: Sequence[Judged], language: Language, number: int = 8) -> list[str]:
    """The words that most set signals and noise apart, most telling first."""
    bags = [(part.signal, frozenset(words_of(part.text[language].lower()))) for part in parts]
    frequency = Counter(word for _, bag in bags for word in bag)
    weights = {word: w for word, w in _weights(bags).items() if frequency[word] >= 3}
    return sorted(weights, key=lambda word: (-abs(weights[word]) * frequency[word] ** 0.5, word))[
        :number
    ]


def word_auc(parts: Sequence[Judged], language: Language) -> float | None:
    """How often a signal sounds more like a signal than noise does; .5 is chance."""
    scores = word_scores(parts, language)
    return moments.concordance(
        [score for signal, score in scores if signal],
        [score for signal, score in scores if not signal],
    )


def forms_in(bank: Bank) -> Iterator[tuple[Quiz, list[Judged]]]:
    """Every quiz whose draws can be filled, with its parts, when there are enough to judge."""
    for quiz in bank.quizzes.values():
        if quiz.kind in ACROSS_FORMS:
            continue  # a few items of forms that are judged themselves
        parts = judged_in(bank.items_of(quiz))
        if bank.is_full(quiz) and len(parts) >= LEAST_PARTS:
            yield quiz, parts


def people_tell_nothing(context: Context) -> Found:
    """In no form, and not in the whole bank, do people's attributes predict the key."""
    for quiz, parts in forms_in(context.bank):
        for name, value in phis(parts).items():
            if abs(value) > LARGEST_PHI:
                yield quiz_problem(context, quiz, "attribute-predicts-key", *_said(name, value))
    parts = judged_in(context.bank.items.values())
    total = sum(part.person is not None for part in parts)
    for name, value in phis(parts).items():
        by_chance = total * value**2 <= CHI_SQUARE and not context.bank.head.complete
        if abs(value) > LARGEST_PHI and not by_chance:
            yield bank_problem(context, "attribute-predicts-key", *_said(name, value))


def _said(name: str, value: float) -> tuple[str, str]:
    more = "signals" if value > 0 else "look-alikes"
    message = (
        f"“{name}” predicts the key: phi is {value:+.2f}, at most {LARGEST_PHI:.2f} is fair. "
        f"These people have too many {more}."
    )
    fix = (
        "Change the people of some items, or write the other kind about them. A test like this "
        "would teach who to suspect."
    )
    return message, fix


def words_tell_little(context: Context) -> Found:
    """Nobody can sort the lines of a form by their words alone."""
    for quiz, parts in forms_in(context.bank):
        for language in BOTH:
            auc = word_auc(parts, language)
            if auc is not None and auc > LARGEST_AUC:
                yield quiz_problem(
                    context,
                    quiz,
                    "words-predict-key",
                    f"single {language} words sort signals from look-alikes (AUC {auc:.2f}, at "
                    f"most {LARGEST_AUC:.2f}): {', '.join(telling_words(parts, language))}.",
                    "Use these words on the other side too: “she is not allowed to smoke in the "
                    "room”.",
                )


def lengths_alike(context: Context) -> Found:
    """Signals and look-alikes are equally long on average, segments and vignettes apart."""
    for quiz, parts in forms_in(context.bank):
        for whole in (False, True):
            alike = [part for part in parts if part.whole == whole]
            for language in BOTH if len(alike) >= LEAST_FOR_LENGTH else ():
                signal, noise = mean_lengths(alike, language)
                if abs(signal - noise) > LENGTH_SHARE * max(signal, noise):
                    yield quiz_problem(
                        context,
                        quiz,
                        "length-predicts-key",
                        f"{language} {'vignettes' if whole else 'segments'}: signals have "
                        f"{signal:.1f} words on average, look-alikes {noise:.1f}.",
                        "Shorten the longer ones until they differ by a tenth at most.",
                    )


def mean_lengths(parts: Sequence[Judged], language: Language) -> tuple[float, float]:
    """Mean words of signals and of noise; 0 where there is none."""
    by_kind: dict[bool, list[float]] = {True: [], False: []}
    for part in parts:
        by_kind[part.signal].append(float(len(words_of(part.text[language]))))
    return moments.mean(by_kind[True]) or 0.0, moments.mean(by_kind[False]) or 0.0


def signals_everywhere(context: Context) -> Found:
    """Signals stand in the first, middle and last third of the texts about equally often."""
    for quiz, _ in forms_in(context.bank):
        thirds = [0, 0, 0]
        for item in context.bank.items_of(quiz):
            parts = list(parts_of(item)) if item.kind == "highlight" else []
            for place, (_, part, _) in enumerate(parts):
                thirds[3 * place // len(parts)] += part.kind == "signal"
        total = sum(thirds)
        if total < LEAST_SIGNALS_FOR_THIRDS:
            continue
        low, high = THIRD_SHARE
        if not all(low <= count / total <= high for count in thirds):
            yield quiz_problem(
                context,
                quiz,
                "place-predicts-key",
                f"signals stand in the thirds of the texts {thirds[0]}, {thirds[1]} and "
                f"{thirds[2]} times.",
                "Move some lines, so that each third has about as many.",
            )
