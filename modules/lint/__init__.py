"""Rules that modules and lessons must keep: docs/reference/content-format.md, as code. Pure.

Each rule is a function from the whole content to problems, so that a rule can be switched off and
its test seen to fail.
"""

from __future__ import annotations

from collections.abc import Sequence

from course.framework.problems import Problem
from course.framework.schema import Framework
from modules.lint import blocks, citations, coverage, files, languages, words
from modules.lint.base import Rule, Teaching
from modules.schema import ModuleContent


def lint_modules(
    framework: Framework, modules: Sequence[ModuleContent], *, complete: bool = True
) -> list[Problem]:
    """Every fault of the modules and lessons, sorted by file and line.

    `complete` is False when a file could not be read; rules about absence then keep quiet.
    """
    teaching = Teaching(framework, modules, complete)
    return sorted(problem for rule in RULES for problem in rule(teaching))


RULES: tuple[Rule, ...] = (
    files.unique_modules,
    files.named_after_content,
    files.reachable_lessons,
    files.existing_lessons,
    files.known_stages,
    files.links_lead_somewhere,
    blocks.steps_of_a_phone,
    blocks.short_steps,
    blocks.short_paragraphs,
    blocks.known_blocks,
    blocks.right_attributes,
    blocks.right_parts,
    blocks.fair_checks,
    blocks.told_apart,
    blocks.closed_cases,
    blocks.short_keys,
    blocks.known_keys,
    citations.cited_statements,
    citations.uncited_fiction,
    citations.known_sources,
    citations.well_formed_citations,
    citations.little_judgement,
    words.readable,
    words.readable_modules,
    words.safe_wording,
    words.adults_only,
    words.no_numbers_to_call,
    words.plain_markdown,
    languages.complete_languages,
    languages.honest_translation,
    languages.same_front,
    languages.same_blocks,
    languages.same_sources,
    languages.translated,
    coverage.everything_taught,
    coverage.listed_is_shown,
)
