"""Rules about the entries of the framework: sourced, dated, linked, honest about strength. Pure."""

from __future__ import annotations

import datetime as dt

from course.framework.lint.base import Found, problem_at
from course.framework.problems import Problem
from course.framework.schema import Contact, Framework, Indicator, Source, Tactic

# A source record is compared with its source every two years, a phone number every year.
OLDEST_SOURCE_CHECK = dt.timedelta(days=730)
OLDEST_CONTACT_CHECK = dt.timedelta(days=365)


def sourced(framework: Framework, _today: dt.date) -> Found:
    """Every statement has a source; a contact may say in words why it has none."""
    for kind, key, entry in framework.entries():
        sources = getattr(entry, "sources", None)
        if sources is None or sources:
            continue
        if isinstance(entry, Contact) and entry.unsourced_reason:
            continue
        yield problem_at(
            framework,
            kind,
            key,
            "unsourced",
            "it cites no source.",
            "Add the keys of the sources it rests on; every statement carries its source.",
            at=("sources",),
        )


def known_sources(framework: Framework, _today: dt.date) -> Found:
    """Every cited source exists."""
    if not framework.complete:
        return
    for kind, key, entry in framework.entries():
        for index, source in enumerate(getattr(entry, "sources", ())):
            if source not in framework.sources:
                yield problem_at(
                    framework,
                    kind,
                    key,
                    "unknown-source",
                    f"the source “{source}” does not exist.",
                    "Use a key of sources.yaml, or add the source there first.",
                    at=("sources", index),
                )


def known_keys(framework: Framework, _today: dt.date) -> Found:
    """Stages and tactics that are named exist, and a sign stands in its tactic's stage."""
    if not framework.complete:
        return
    for kind, key, entry in framework.entries():
        if isinstance(entry, Tactic | Indicator) and entry.stage not in framework.stages:
            yield _unknown(framework, kind, key, "stage", entry.stage)
        if not isinstance(entry, Indicator):
            continue
        tactic = framework.tactics.get(entry.tactic)
        if tactic is None:
            yield _unknown(framework, kind, key, "tactic", entry.tactic)
        elif tactic.stage != entry.stage and {tactic.stage, entry.stage} <= set(framework.stages):
            yield problem_at(
                framework,
                kind,
                key,
                "stage-mismatch",
                f"its stage is {entry.stage}, but its tactic belongs to {tactic.stage}.",
                "Give the sign the stage of its tactic, or choose another tactic.",
                at=("stage",),
            )


def _unknown(framework: Framework, kind: str, key: str, what: str, value: str) -> Problem:
    return problem_at(
        framework,
        kind,
        key,
        "unknown-key-used",
        f"the {what} “{value}” does not exist.",
        f"Use a key of {what}s.yaml; check the spelling.",
        at=(what,),
    )


def labelled(framework: Framework, _today: dt.date) -> Found:
    """Every code that pages show has a label in the vocabulary."""
    if not framework.complete:
        return
    used: dict[str, set[str]] = {"setting": set(), "ilo-dimension": set(), "strength": set()}
    for indicator in framework.indicators.values():
        used["setting"].update(indicator.observed_in)
        used["ilo-dimension"].add(indicator.ilo_dimension)
        used["strength"].update((indicator.strength, indicator.course_weight))
    for group, keys in used.items():
        for key in sorted(keys):
            if f"{group}/{key}" not in framework.vocabulary:
                yield problem_at(
                    framework,
                    "vocabulary",
                    f"{group}/{key}",
                    "no-label",
                    "this code is used but has no label.",
                    "Add an entry with this group and key to vocabulary.yaml.",
                )


def fresh_sources(framework: Framework, today: dt.date) -> Found:
    """A source record has an address and was compared in the last two years."""
    for key, source in framework.sources.items():
        if today - source.checked > OLDEST_SOURCE_CHECK:
            yield _stale(framework, "sources", key, source.checked, "source", "checked")
        if source.checked > today:
            yield _future(framework, "sources", key, "checked")
        if source.year > today.year:
            yield _future(framework, "sources", key, "year")
        yield from _addressed(framework, key, source)


def _addressed(framework: Framework, key: str, source: Source) -> Found:
    has_address = source.url.startswith(("https://", "http://"))
    if source.kind != "judgement" and not has_address:
        yield problem_at(
            framework,
            "sources",
            key,
            "source-address",
            "it has no web address.",
            "Add url: https://…; only our own judgement may have none.",
            at=("url",),
        )


def fresh_contacts(framework: Framework, today: dt.date) -> Found:
    """A contact was compared with its source in the last year."""
    for key, contact in framework.contacts.items():
        if today - contact.date_checked > OLDEST_CONTACT_CHECK:
            yield _stale(
                framework, "contacts", key, contact.date_checked, "contact", "date_checked"
            )
        if contact.date_checked > today:
            yield _future(framework, "contacts", key, "date_checked")


def _stale(
    framework: Framework, kind: str, key: str, day: dt.date, what: str, name: str
) -> Problem:
    return problem_at(
        framework,
        kind,
        key,
        f"over-age-{what}",
        f"it was last checked on {day.isoformat()}.",
        f"Compare it with its source again, mend it, and set {name} to today.",
        at=(name,),
    )


def _future(framework: Framework, kind: str, key: str, name: str) -> Problem:
    return problem_at(
        framework,
        kind,
        key,
        "date-in-future",
        "it carries a date that has not come yet.",
        "Write the day that is true; a check carries the day on which it was made.",
        at=(name,),
    )


def placed_in_palermo(framework: Framework, _today: dt.date) -> Found:
    """Every sign is placed in Act, Means or Purpose."""
    for key, indicator in framework.indicators.items():
        palermo = indicator.palermo
        if not (palermo.act or palermo.means or palermo.purpose):
            yield problem_at(
                framework,
                "indicators",
                key,
                "no-palermo-term",
                "it names no act, means or purpose.",
                "Add at least one Palermo term; the format page lists them.",
                at=("palermo",),
            )


def honest_strength(framework: Framework, _today: dt.date) -> Found:
    """A published strength has a published basis; without one the sign is unrated."""
    for key, indicator in framework.indicators.items():
        published = indicator.strength_basis != "none-published"
        if published != (indicator.strength != "unrated"):
            yield problem_at(
                framework,
                "indicators",
                key,
                "strength-basis",
                f"strength “{indicator.strength}” does not fit the basis "
                f"“{indicator.strength_basis}”.",
                "Use unrated with none-published, and a rating only with a published list.",
                at=("strength",),
            )


def whole(framework: Framework, _today: dt.date) -> Found:
    """The model has its three stages, each with tactics, each tactic with signs."""
    if not framework.complete:
        return
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
            yield problem_at(
                framework,
                "tactics",
                key,
                "tactic-without-sign",
                "no sign belongs to it.",
                "Add at least one indicator, or remove the tactic.",
            )


def honest_certainty(framework: Framework, _today: dt.date) -> Found:
    """Nothing is called certain that rests on no work we read ourselves.

    The article itself is no proof of its own statements, nor is what we know through others.
    """
    for key, claim in framework.claims.items():
        read = any(_read_by_us(framework, source) for source in claim.sources)
        if claim.certainty == "high" and not read:
            yield problem_at(
                framework,
                "claims",
                key,
                "certainty",
                "it is called certain, but none of its sources was read.",
                "Lower the certainty, or cite a source that was read at least in part.",
                at=("certainty",),
            )


def _read_by_us(framework: Framework, key: str) -> bool:
    source = framework.sources.get(key)
    return source is not None and source.read in ("full", "part") and source.kind != "encyclopedia"
