"""Counts and balances of the bank in plain lines, for authors. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from course.framework.schema import Framework
from quizzes.kinds.common import BOTH
from quizzes.lint.forms import cards, counts_of, tested, used
from quizzes.lint.harm import judged_in, mean_lengths, phis, word_auc
from quizzes.schema import Bank, Quiz


def balance_lines(bank: Bank, framework: Framework) -> Iterator[str]:
    """Every quiz with what it has and lacks, then the whole bank."""
    for quiz in bank.quizzes.values():
        yield from _quiz_lines(bank, quiz)
    yield "whole bank"
    yield from _harm_lines(bank, None)
    times = tested(bank)
    rare = [f"{key} {times[key]}" for key in framework.indicators if times[key] < 2]
    yield f"  signs tested fewer than 2 times: {', '.join(rare) or 'none'}"
    missing = sorted(set(framework.confounders) - used(bank))
    yield f"  look-alikes not used: {', '.join(missing) or 'none'}"
    have = cards(bank)
    thin = [
        f"{tactic}/{kind} {have[tactic, kind]}"
        for tactic in framework.tactics
        for kind in ("signal", "noise")
        if have[tactic, kind] < 4
    ]
    yield f"  refresher cards with fewer than 4 items: {', '.join(thin) or 'none'}"


def _quiz_lines(bank: Bank, quiz: Quiz) -> Iterator[str]:
    yield quiz.key
    for draw in quiz.draws:
        have = len(bank.eligible(draw))
        if have < draw.take:
            stage = f" {draw.stage}" if draw.stage else ""
            yield f"  lacks {draw.take - have} of {draw.take} {draw.kind}{stage}"
    for stage, counts in sorted(counts_of(bank, quiz).items()):
        wanted = quiz.balance.get(stage)
        aim = f" (full: {wanted.signal} + {wanted.noise})" if wanted else ""
        yield f"  {stage}: {counts['signal']} signals + {counts['noise']} noise{aim}"
    yield from _harm_lines(bank, quiz)


def _harm_lines(bank: Bank, quiz: Quiz | None) -> Iterator[str]:
    items = bank.items.values() if quiz is None else bank.items_of(quiz)
    parts = judged_in(items)
    if not parts:
        return
    values = ", ".join(f"{name} {value:+.2f}" for name, value in phis(parts).items())
    yield f"  phi: {values or 'too few items'}"
    for language in BOTH:
        signal, noise = mean_lengths(parts, language)
        auc = word_auc(parts, language)
        said = "-" if auc is None else f"{auc:.2f}"
        yield f"  {language}: words {signal:.1f} / {noise:.1f}, AUC of words {said}"
    local = [part.person.origin == "malaysia" for part in parts if part.person]
    if local:
        yield f"  Malaysian people: {sum(local) / len(local):.0%} of judged parts"
