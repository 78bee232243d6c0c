"""Faults of framework files, each with the rule that must find it."""

from __future__ import annotations

from typing import Any

from tests.course.framework.planting import FRAMEWORK, Fault

LONG = "it " * 33


def fault(rule: str, name: str, after: str, old: str, new: str | None, **where: Any) -> Fault:
    """A fault in the framework file `name`."""
    return Fault(rule, f"{FRAMEWORK}/{name}.yaml", after, old, new, **where)


KIND = "key: kind-then-forceful"
FRIEND = "key: friend-recruiter"
ONLINE = "key: online-recruitment"
ACTIP = "key: actip-2015"
KASIH = "key: talian-kasih"

FOUND_BY_READING = [
    fault("unknown-key", "tactics", ONLINE, "stage:", "colour: red\n    stage:"),
    fault("missing-key", "indicators", KIND, "how_known:", None, at="- key"),
    fault("wrong-value", "confounders", "key: foreign-woman", "kind: lure", "kind: lur"),
    fault("wrong-value", "contacts", KASIH, '"before use"', '"after use"'),
    fault("wrong-value", "contacts", KASIH, "calling: false", 'calling: "no"'),
    fault("wrong-value", "contacts", KASIH, "calling: false", "calling: no"),
    fault("wrong-value", "sources", ACTIP, '"2026-11-24"', '"24.11.2026"'),
    fault("wrong-value", "indicators", KIND, "[recruitment]", "[luring]"),
    fault("duplicate-entry", "tactics", FRIEND, "friend-recruiter", "false-job-offer"),
    fault("yaml-duplicate-key", "tactics", FRIEND, "stage:", "stage: x\n    stage:", at=": acq"),
    fault("yaml-anchor", "tactics", FRIEND, "stage: ", "stage: &a "),
    fault("yaml-anchor", "tactics", FRIEND, "stage: acquisition", "stage: *a"),
    fault("yaml-syntax", "tactics", FRIEND, "stage: ", "stage: [", at="name:"),
    fault("file-head", "tactics", "format:", "tactics:", "more: 1\ntactics:", line=1),
    fault("file-head", "tactics", "format:", "framework/1", "framework/2", line=1),
]
FOUND_BY_RULES = [
    fault(
        "unsourced",
        "tactics",
        ONLINE,
        "sources: [wiki-seed, unodc-forced-crime-2023, nst-2024-nghti]",
        "sources: []",
        by="sourced",
    ),
    fault("unknown-source", "indicators", KIND, "ray-2016", "ray-2061", by="known_sources"),
    fault("unknown-key-used", "indicators", KIND, "insider-friend", "insider", by="known_keys"),
    fault("unknown-key-used", "indicators", KIND, "stage: control", "stage: c0", by="known_keys"),
    fault("stage-mismatch", "indicators", KIND, ": control", ": movement", by="known_keys"),
    fault("no-label", "vocabulary", "group:", "key: clinic", "key: clinik", line=1, by="labelled"),
    fault("missing-language", "tactics", ONLINE, "ms:", None, at="name:", by="complete_languages"),
    fault(
        "uneven-languages",
        "responses",
        "key: immediate-danger",
        '- "Jangan tinggalkan',
        None,
        at="do:",
        by="complete_languages",
    ),
    fault(
        "not-translated",
        "tactics",
        "key: targeting-hardship",
        "Mendekati orang yang sedang susah",
        "Coming to people in hard times",
        by="translated",
    ),
    fault("language-status", "responses", "format:", "draft", "reviewed", by="honest_status"),
    fault(
        "language-status",
        "contacts",
        "format:",
        "awaiting review by a native speaker",
        "soon",
        by="honest_status",
    ),
    fault(
        "language-status",
        "claims",
        "format:",
        "status: draft",
        "status: original",
        by="honest_status",
    ),
    fault("over-age-source", "sources", ACTIP, "2026-11-24", "2024-11-23", by="fresh_sources"),
    fault("date-in-future", "sources", ACTIP, "2026-11-24", "2026-11-25", by="fresh_sources"),
    fault("date-in-future", "sources", ACTIP, "year: 2015", "year: 2027", by="fresh_sources"),
    fault("source-address", "sources", ACTIP, "https://asean", "asean", by="fresh_sources"),
    fault(
        "over-age-contact",
        "contacts",
        KASIH,
        'date_checked: "2026-11-24',
        'date_checked: "2025-11-23',
        by="fresh_contacts",
    ),
    fault(
        "date-in-future",
        "contacts",
        KASIH,
        'date_checked: "2026',
        'date_checked: "2027',
        by="fresh_contacts",
    ),
    fault(
        "no-palermo-term",
        "indicators",
        "key: friend-brought-several",
        "[recruitment]",
        "[]",
        at="palermo:",
        by="placed_in_palermo",
    ),
    fault(
        "strength-basis",
        "indicators",
        KIND,
        "ilo-labour-list-transcribed",
        "none-published",
        at="strength:",
        by="honest_strength",
    ),
    fault(
        "forbidden-wording",
        "confounders",
        "key: foreign-woman",
        'en: "She',
        'en: "The whore',
        by="safe_wording",
    ),
    fault(
        "forbidden-wording",
        "responses",
        "key: immediate-danger",
        '- "Do not warn',
        '- "Look for a naked body. Do not warn',
        by="safe_wording",
    ),
    fault(
        "long-sentence",
        "claims",
        "key: lure-trust-force",
        'en: "The study',
        f'en: "The study {LONG}',
        by="readable",
    ),
    fault("certainty", "claims", "key: transit-three", ": low", ": high", by="honest_certainty"),
    fault(
        "tactic-without-sign",
        "tactics",
        "tactics:",
        "  - key: false-job-offer",
        "  - {key: new-one, stage: control, name: {en: A, ms: B}, worker_may_see: {en: A, ms: B},"
        " why_it_works: {en: A, ms: B}, sources: [wiki-seed]}\n  - key: false-job-offer",
        by="whole",
    ),
]
