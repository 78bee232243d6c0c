"""Rules that the item bank must keep: sound, fair, safe, plain, alike in both languages. Pure.

Each rule is a function from the context (bank, model, day) to problems, so that a rule can be
switched off and its test seen to fail. Rules about whole forms speak once a form is full; rules
about what is absent once the bank is declared complete and every file could be read.
"""

from __future__ import annotations

import datetime as dt

from course.framework.problems import Problem
from course.framework.schema import Framework
from quizzes.lint import cues, forms, harm, parts, references, texts
from quizzes.lint.base import Context, Rule
from quizzes.schema import Bank


def lint_bank(bank: Bank, framework: Framework, *, today: dt.date) -> list[Problem]:
    """Every fault of the bank, sorted by file and line."""
    context = Context(bank, framework, today)
    return sorted({problem for rule in RULES for problem in rule(context)})


RULES: tuple[Rule, ...] = (
    references.known_keys,
    references.stages_fit,
    references.pools_known,
    references.draws_fit,
    references.scheduled_fit,
    references.twins_fit,
    references.tactics_fit,
    references.keys_tell_nothing,
    references.people_fit,
    parts.has_feedback,
    parts.weak_signs_have_company,
    parts.segment_counts,
    parts.option_counts,
    parts.reachable,
    parts.honest_status,
    parts.honest_panel,
    texts.word_limits,
    texts.readable,
    texts.safe_wording,
    texts.no_contacts,
    texts.languages_agree,
    texts.told_once,
    texts.chats_name_speakers,
    cues.options_alike,
    cues.no_telling_words,
    cues.positive_questions,
    cues.right_not_longest,
    cues.halves_alike,
    harm.people_tell_nothing,
    harm.words_tell_little,
    harm.lengths_alike,
    harm.signals_everywhere,
    forms.shares_fair,
    forms.balances_kept,
    forms.sign_free_texts,
    forms.draws_filled,
    forms.covered,
)
