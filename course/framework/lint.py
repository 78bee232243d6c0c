"""Rules that the framework must keep: sourced, dated, complete in each language, safe. Pure.

Each rule is a function from the framework (and the day) to problems, so that a rule can be
switched off and its test seen to fail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from course.framework.problems import Problem
from course.framework.schema import (
    LANGUAGES,
    Contact,
    Entry,
    Framework,
    Indicator,
    Source,
    Tactic,
)
from course.framework.wording import LIMITS, forbidden_in, readability

# A source record is compared with its source every two years, a phone number every year.
OLDEST_SOURCE_CHECK = dt.timedelta(days=730)
OLDEST_CONTACT_CHECK = dt.timedelta(days=365)
JUDGEMENT = "kenali-judgement"

Found = Iterator[Problem]
Rule = Callable[[Framework, dt.date], Found]


def lint_framework(framework: Framework, *, today: dt.date) -> list[Problem]:
    """Every fault of the framework, sorted by file and line."""
    return sorted(problem for rule in RULES for problem in rule(framework, today))


def _problem(
    framework: Framework, kind: str, key: str, rule: str, message: str, fix: str
) -> Problem:
    file, line = framework.place(kind, key)
    return Problem(file, line, rule, f"{key}: {message}", fix)


def texts_of(entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every bilingual value of an entry as (field path, mapping by language)."""
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if isinstance(value, dict):
            yield name, value
        elif name == "steps":
            for number, step in enumerate(value, 1):
                yield f"steps {number} who", step.who
                yield f"steps {number} what", step.what


def sourced(framework: Framework, _today: dt.date) -> Found:
    """Every statement has a source; a contact may say in words why it has none."""
    for kind, key, entry in framework.entries():
        sources = getattr(entry, "sources", None)
        if sources is None or sources:
            continue
        if isinstance(entry, Contact) and entry.unsourced_reason:
            continue
        yield _problem(
            framework,
            kind,
            key,
            "unsourced",
            "it cites no source.",
            "Add the keys of the sources it rests on; every statement carries its source.",
        )


def known_sources(framework: Framework, _today: dt.date) -> Found:
    """Every cited source exists."""
    for kind, key, entry in framework.entries():
        for source in getattr(entry, "sources", ()):
            if source not in framework.sources:
                yield _problem(
                    framework,
                    kind,
                    key,
                    "unknown-source",
                    f"the source “{source}” does not exist.",
                    "Use a key of sources.yaml, or add the source there first.",
                )


def known_keys(framework: Framework, _today: dt.date) -> Found:
    """Stages and tactics that are named exist, and a sign stands in its tactic's stage."""
    for kind, key, entry in framework.entries():
        if isinstance(entry, Tactic | Indicator) and entry.stage not in framework.stages:
            yield _unknown(framework, kind, key, "stage", entry.stage)
        if not isinstance(entry, Indicator):
            continue
        tactic = framework.tactics.get(entry.tactic)
        if tactic is None:
            yield _unknown(framework, kind, key, "tactic", entry.tactic)
        elif tactic.stage != entry.stage:
            yield _problem(
                framework,
                kind,
                key,
                "stage-mismatch",
                f"its stage is {entry.stage}, but its tactic belongs to {tactic.stage}.",
                "Give the sign the stage of its tactic, or choose another tactic.",
            )


def _unknown(framework: Framework, kind: str, key: str, what: str, value: str) -> Problem:
    return _problem(
        framework,
        kind,
        key,
        "unknown-key-used",
        f"the {what} “{value}” does not exist.",
        f"Use a key of the {what} file; check the spelling.",
    )


def labelled(framework: Framework, _today: dt.date) -> Found:
    """Every code that pages show has a label in the vocabulary."""
    used: dict[str, set[str]] = {"setting": set(), "ilo-dimension": set(), "strength": set()}
    for indicator in framework.indicators.values():
        used["setting"].update(indicator.observed_in)
        used["ilo-dimension"].add(indicator.ilo_dimension)
        used["strength"].update((indicator.strength, indicator.course_weight))
    for group, keys in used.items():
        for key in sorted(keys):
            if f"{group}/{key}" not in framework.vocabulary:
                yield _problem(
                    framework,
                    "vocabulary",
                    f"{group}/{key}",
                    "no-label",
                    "this code is used but has no label.",
                    "Add an entry with this group and key to vocabulary.yaml.",
                )


def complete_languages(framework: Framework, _today: dt.date) -> Found:
    """Every text exists in every language, or the entry declares it missing."""
    for kind, key, entry in framework.entries():
        for name, by_language in texts_of(entry):
            for language in LANGUAGES:
                if language not in by_language and language not in entry.missing:
                    yield _problem(
                        framework,
                        kind,
                        key,
                        "missing-language",
                        f"“{name}” has no {language} text.",
                        f"Write it, or declare it: missing: [{language}].",
                    )
            lengths = {len(v) for v in by_language.values() if isinstance(v, tuple)}
            if len(lengths) > 1:
                yield _problem(
                    framework,
                    kind,
                    key,
                    "uneven-languages",
                    f"“{name}” has a different number of entries in each language.",
                    "Give every language the same entries in the same order.",
                )


def honest_status(framework: Framework, _today: dt.date) -> Found:
    """A translation is a draft until a named person reviewed it on a date."""
    for language, status in framework.languages.items():
        unproved = status.status == "reviewed" and not (status.reviewed_by and status.reviewed_on)
        wordless = status.status == "draft" and "review" not in status.note
        if unproved or wordless:
            file, line = framework.place("stages", next(iter(framework.stages), ""))
            yield Problem(
                file,
                line,
                "language-status",
                f"{language}: the status “{status.status}” is not backed up.",
                "For reviewed give reviewed_by and reviewed_on; for draft say in the note what "
                "review it awaits.",
            )


def fresh_sources(framework: Framework, today: dt.date) -> Found:
    """A source record was compared in the last two years, has an address, and is not of tomorrow."""
    for key, source in framework.sources.items():
        if today - source.checked > OLDEST_SOURCE_CHECK:
            yield _stale(framework, "sources", key, source.checked, "source", "checked")
        if source.checked > today or source.year > today.year:
            yield _future(framework, "sources", key)
        yield from _addressed(framework, key, source)


def _addressed(framework: Framework, key: str, source: Source) -> Found:
    has_address = source.url.startswith(("https://", "http://"))
    if source.kind != "judgement" and not has_address:
        yield _problem(
            framework,
            "sources",
            key,
            "source-address",
            "it has no web address.",
            "Add url: https://…; only our own judgement may have none.",
        )


def fresh_contacts(framework: Framework, today: dt.date) -> Found:
    """A contact was compared with its source in the last year."""
    for key, contact in framework.contacts.items():
        if today - contact.date_checked > OLDEST_CONTACT_CHECK:
            yield _stale(
                framework, "contacts", key, contact.date_checked, "contact", "date_checked"
            )
        if contact.date_checked > today:
            yield _future(framework, "contacts", key)


def _stale(
    framework: Framework, kind: str, key: str, day: dt.date, what: str, name: str
) -> Problem:
    return _problem(
        framework,
        kind,
        key,
        f"over-age-{what}",
        f"it was last checked on {day.isoformat()}.",
        f"Compare it with its source again, mend it, and set {name} to today.",
    )


def _future(framework: Framework, kind: str, key: str) -> Problem:
    return _problem(
        framework,
        kind,
        key,
        "date-in-future",
        "it carries a date that has not come yet.",
        "Write the day on which the check was really made.",
    )


def placed_in_palermo(framework: Framework, _today: dt.date) -> Found:
    """Every sign is placed in Act, Means or Purpose."""
    for key, indicator in framework.indicators.items():
        palermo = indicator.palermo
        if not (palermo.act or palermo.means or palermo.purpose):
            yield _problem(
                framework,
                "indicators",
                key,
                "no-palermo-term",
                "it names no act, means or purpose.",
                "Add at least one Palermo term; the format page lists them.",
            )


def honest_strength(framework: Framework, _today: dt.date) -> Found:
    """A published strength has a published basis; without one the sign is unrated."""
    for key, indicator in framework.indicators.items():
        published = indicator.strength_basis != "none-published"
        if published != (indicator.strength != "unrated"):
            yield _problem(
                framework,
                "indicators",
                key,
                "strength-basis",
                f"strength “{indicator.strength}” does not fit the basis "
                f"“{indicator.strength_basis}”.",
                "Use unrated with none-published, and a rating only with a published list.",
            )


def safe_wording(framework: Framework, _today: dt.date) -> Found:
    """Nothing graphic, blaming or instructive is printed."""
    for kind, key, entry in framework.entries():
        for name, by_language in texts_of(entry):
            for value in by_language.values():
                text = "\n".join(value) if isinstance(value, tuple) else value
                for found, rule in forbidden_in(text):
                    yield _problem(
                        framework,
                        kind,
                        key,
                        "forbidden-wording",
                        f"“{found}” in “{name}”: {rule.reason}.",
                        f"Write instead: {rule.instead}.",
                    )


def readable(framework: Framework, _today: dt.date) -> Found:
    """No sentence that a tired reader loses. (Sources are exempt: they hold titles of works.)"""
    for kind, key, entry in framework.entries():
        if kind == "sources":
            continue
        for name, by_language in texts_of(entry):
            for language, value in by_language.items():
                text = "\n".join(value) if isinstance(value, tuple) else value
                measured = readability(text)
                if measured.longest > LIMITS[language].longest:
                    yield _problem(
                        framework,
                        kind,
                        key,
                        "long-sentence",
                        f"a {language} sentence of {measured.longest} words in “{name}”: "
                        f"“{measured.longest_text[:60]}…”.",
                        f"Split it; at most {LIMITS[language].longest} words.",
                    )


def whole(framework: Framework, _today: dt.date) -> Found:
    """The model has its three stages, each with tactics, each tactic with signs."""
    for key in ("acquisition", "movement", "control"):
        if key not in framework.stages:
            yield Problem(
                framework.place("stages", key)[0],
                1,
                "stage-missing",
                f"The stage “{key}” is missing.",
                "The course is built on acquisition, movement and control; add it back.",
            )
    with_signs = {indicator.tactic for indicator in framework.indicators.values()}
    for key in framework.tactics:
        if key not in with_signs:
            yield _problem(
                framework,
                "tactics",
                key,
                "tactic-without-sign",
                "no sign belongs to it.",
                "Add at least one indicator, or remove the tactic.",
            )


def honest_certainty(framework: Framework, _today: dt.date) -> Found:
    """Nothing is both unread and called certain."""
    for key, claim in framework.claims.items():
        unread = all(_unread(framework, source) for source in claim.sources)
        if claim.certainty == "high" and unread:
            yield _problem(
                framework,
                "claims",
                key,
                "certainty",
                "it is called certain, but none of its sources was read.",
                "Lower the certainty, or cite a source that was read at least in part.",
            )


def _unread(framework: Framework, key: str) -> bool:
    source = framework.sources.get(key)
    return source is None or source.read == "no"


RULES: tuple[Rule, ...] = (
    sourced,
    known_sources,
    known_keys,
    labelled,
    complete_languages,
    honest_status,
    fresh_sources,
    fresh_contacts,
    placed_in_palermo,
    honest_strength,
    safe_wording,
    readable,
    whole,
    honest_certainty,
)
