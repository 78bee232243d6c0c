"""Rules about forms and the whole bank: filled, balanced, and everything taught is tested. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from course.framework.problems import Problem
from quizzes.kinds.common import Item
from quizzes.kinds.refresher import RefresherItem
from quizzes.lint.base import Context, Found, bank_problem, parts_of, quiz_problem, trials_of
from quizzes.schema import Bank, Quiz

SIGNAL_SHARE = (0.35, 0.60)  # of the trials of a stage; practice needs about half, tests 40-45 %
LEAST_TRIALS = 25  # of a stage, before its share means anything
TIMES_TESTED = 2
REFRESHERS_PER_CARD = 2  # at least; six make a full card


def counts_of(bank: Bank, quiz: Quiz) -> dict[str, Counter[str]]:
    """Trials of a quiz by stage and kind, over every item that can come up."""
    found: dict[str, Counter[str]] = {}
    for item in bank.items_of(quiz):
        for stage, kind in trials_of(item):
            found.setdefault(stage, Counter())[kind] += 1
    return found


def is_fixed(bank: Bank, quiz: Quiz) -> bool:
    """Whether the quiz always has the same items: nothing is left over in its pools."""
    return all(len(bank.eligible(draw)) == draw.take for draw in quiz.draws)


def shares_fair(context: Context) -> Found:
    """In no stage of a counted quiz does "yes to all" or "no to all" pay."""
    low, high = SIGNAL_SHARE
    for quiz in context.bank.quizzes.values():
        if not quiz.counts:
            continue
        for stage, counts in sorted(counts_of(context.bank, quiz).items()):
            total = counts["signal"] + counts["noise"]
            if total >= LEAST_TRIALS and not low <= counts["signal"] / total <= high:
                yield quiz_problem(
                    context,
                    quiz,
                    "signal-share",
                    f"{counts['signal']} of {total} trials of {stage} are signals.",
                    "Between 35 and 60 per cent: write more of the other kind.",
                )


def balances_kept(context: Context) -> Found:
    """A full fixed form has exactly the trials that its balance says."""
    for quiz in context.bank.quizzes.values():
        if not (context.bank.is_full(quiz) and is_fixed(context.bank, quiz)):
            continue
        counts = counts_of(context.bank, quiz)
        for stage, wanted in quiz.balance.items():
            have = counts.get(stage, Counter())
            if (have["signal"], have["noise"]) != (wanted.signal, wanted.noise):
                yield quiz_problem(
                    context,
                    quiz,
                    "form-balance",
                    f"{stage} has {have['signal']} signals and {have['noise']} noise, not "
                    f"{wanted.signal} and {wanted.noise}.",
                    "Equivalent forms need equal numbers: add or remove segments.",
                )


def sign_free_texts(context: Context) -> Found:
    """In a complete bank every stage of a final has a text without signs: that is an answer too."""
    if not _is_whole(context):
        return
    for quiz in context.bank.quizzes.values():
        if quiz.kind != "final":
            continue
        texts = [item for item in context.bank.items_of(quiz) if item.kind == "highlight"]
        for stage in sorted({item.stage for item in texts if item.stage}):
            if all(_has_signal(item) for item in texts if item.stage == stage):
                yield quiz_problem(
                    context,
                    quiz,
                    "no-sign-free-text",
                    f"every text of {stage} has a sign.",
                    "Write one of them with six or seven look-alikes and no sign.",
                )


def _has_signal(item: Item) -> bool:
    return any(part.kind == "signal" for _, part, _ in parts_of(item))


def draws_filled(context: Context) -> Found:
    """A complete bank fills every draw."""
    if not _is_whole(context):
        return
    for quiz in context.bank.quizzes.values():
        for draw in quiz.draws:
            have = len(context.bank.eligible(draw))
            if have < draw.take:
                yield quiz_problem(
                    context,
                    quiz,
                    "draw-short",
                    f"{draw.take} {draw.kind} items ({draw.stage or 'any stage'}) are drawn from "
                    f"{', '.join(draw.pools)}, which have {have}.",
                    "Write the missing items, or draw fewer.",
                )


def tested(bank: Bank) -> Counter[str]:
    """How many signals test each sign, over all items."""
    found: Counter[str] = Counter()
    for item in bank.items.values():
        for _, part, _ in parts_of(item):
            if part.kind == "signal":
                found.update([str(part.indicator), *part.also])
    return found


def used(bank: Bank) -> set[str]:
    """The look-alikes that items use."""
    found: set[str] = set()
    for item in bank.items.values():
        found.update(item.about.confounders)
        found.update(part.confounder for _, part, _ in parts_of(item) if part.confounder)
    return found


def cards(bank: Bank) -> Counter[tuple[str, str]]:
    """How many micro items each refresher card (tactic, signal or noise) has."""
    items = bank.items.values()
    return Counter(item.card for item in items if isinstance(item, RefresherItem))


def covered(context: Context) -> Found:
    """In a complete bank everything that is taught is tested."""
    if not _is_whole(context):
        return
    times = tested(context.bank)
    for key in context.framework.indicators:
        if times[key] < TIMES_TESTED:
            yield _uncovered(
                context,
                f"The sign “{key}” is tested {times[key]} times.",
                "Test it twice at least.",
            )
    for key in sorted(set(context.framework.confounders) - used(context.bank)):
        yield _uncovered(
            context,
            f"The look-alike “{key}” is never used.",
            "Use it as the confounder of a noise part, or name it in about: of an item.",
        )
    have: Mapping[tuple[str, str], int] = cards(context.bank)
    for tactic in context.framework.tactics:
        for kind in ("signal", "noise"):
            number = have.get((tactic, kind), 0)
            if number < REFRESHERS_PER_CARD:
                yield _uncovered(
                    context,
                    f"The refresher card “{tactic}, {kind}” has {number} items.",
                    f"Write at least {REFRESHERS_PER_CARD}, so that a review is not a repetition.",
                )


def _uncovered(context: Context, message: str, fix: str) -> Problem:
    return bank_problem(context, "not-covered", message, fix)


def _is_whole(context: Context) -> bool:
    """A file that cannot be read would make its items look absent."""
    return context.bank.head.complete and context.bank.readable
