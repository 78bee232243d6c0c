"""Made-up framework texts for the style page: a sign, stages, contacts, sources and the like.

Shapes are those that `modules.showing` makes of a published lesson.
"""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]


def cited(text: str, *keys: str) -> str:
    """A paragraph with its citations, as modules.markup prints them."""
    marks = "".join(
        f'<a class="cite" href="#source-{key}" data-source="{key}">{_NUMBERS[key]}</a>'
        for key in keys
    )
    return f"<p>{text} {marks}</p>"


def cites(*keys: str) -> list[Json]:
    """The sources of a framework text, numbered as on the page."""
    return [{"key": key, "number": _NUMBERS[key]} for key in keys]


SOURCES: Final[list[Json]] = [
    {
        "key": "who-2003",
        "number": 1,
        "title": "WHO Ethical and Safety Recommendations for Interviewing",
        "authors": "Zimmerman C, Watts C",
        "year": 2003,
        "kind_label": "Guideline",
        "url": "https://iris.who.int/handle/10665/42765",
        "read_label": "We read part of it.",
        "extent": "The ten recommendations",
        "supports": "Private talks, asking first, and doing no harm come before any question.",
    },
    {
        "key": "ilo-11-2012",
        "number": 2,
        "title": "ILO Indicators of Forced Labour",
        "authors": "International Labour Organization",
        "year": 2012,
        "kind_label": "Guideline",
        "url": "https://www.ilo.org/publications/ilo-indicators-forced-labour",
        "read_label": "We read all of it.",
        "extent": "The whole booklet",
        "supports": "Debt and papers kept by others are two of eleven indicators.",
    },
    {
        "key": "kenali-judgement",
        "number": 3,
        "title": "Kenali: our own teaching judgement",
        "authors": "",
        "year": 2026,
        "kind_label": "Our own judgement",
        "url": "",
        "read_label": "Not published",
        "extent": "",
        "supports": "",
    },
]
_NUMBERS: Final = {str(source["key"]): int(source["number"]) for source in SOURCES}

SIGN: Final[Json] = {
    "key": "debt-keeps-growing",
    "text": "A debt that grows while the person pays, and an account that nobody shows",
    "strength": "strong",
    "strength_label": "strong",
    "weight": "medium",
    "weight_label": "medium",
    "dimension_label": "Pressure or force at the place of work",
    "how_known_label": "The person tells you",
    "seen_in": ["Hotline", "Outreach in the field"],
    "palermo": ["harbouring", "coercion"],
    "explanations": [
        "A loan with interest that the person understood and agreed to",
        "An employer who keeps poor books",
    ],
    "sources": cites("ilo-11-2012"),
}


def _stage(key: str, name: str, short: str, summary: str, lens: str) -> Json:
    return {
        "key": key,
        "name": name,
        "short_name": short,
        "summary": summary,
        "worker_lens": lens,
        "palermo": {
            "act": ["recruitment"] if key == "acquisition" else ["transportation", "receipt"],
            "means": ["deception", "abuse of a hard situation"],
            "purpose": [],
        },
        "sources": cites("kenali-judgement"),
    }


STAGES: Final[list[Json]] = [
    _stage(
        "acquisition",
        "Acquisition: how contact and trust are made",
        "Acquisition",
        "Someone gets close to a person. Most often they offer work, help or love.",
        "What was promised, and what really happened?",
    ),
    _stage(
        "movement",
        "Movement: how the person is taken away from what they know",
        "Movement",
        "The person travels, and other people hold the plan.",
        "Who holds the papers, the phone and the plan?",
    ),
    _stage(
        "control",
        "Control: how the person is kept",
        "Control",
        "Debt, papers, fear or friends keep the person in place.",
        "Can this person leave, keep their pay, hold their papers?",
    ),
]

TACTIC: Final[Json] = {
    "key": "debt-control",
    "name": "A debt that holds the door shut",
    "stage": "control",
    "stage_name": "Control",
    "worker_may_see": "The person pays every month and owes more than before.",
    "why_it_works": "Most people want to pay what they owe. Shame does the rest.",
    "sources": cites("ilo-11-2012"),
}

RESPONSE: Final[Json] = {
    "key": "private-safe-conversation",
    "title": "A private and safe talk",
    "when": "When somebody begins to tell you something.",
    "steps": [
        {"who": "You", "what": "Find a quiet place and ask if this is a good time."},
        {"who": "Focal person", "what": "Decides with the person who else needs to know."},
    ],
    "do": ["Ask before you share anything.", "Say what you can and cannot do."],
    "do_not": ["Do not promise what you cannot keep.", "Do not ask for details of the work."],
    "status": "practice",
    "sources": cites("who-2003"),
}


def _contact(key: str, name: str, number: str, **more: Any) -> Json:
    return {
        "key": key,
        "name": name,
        "number": number,
        "other": "",
        "hours": "24 hours",
        "use_for": "Danger now, an injury, or a child at risk.",
        "kind": "emergency",
        "is_enforcement_body": False,
        "needs_consent": False,
        "date_of_source": "2026",
        "date_checked": "2026-11-24",
        "tested_by_calling": False,
        "unsourced_reason": "",
        "sources": cites("who-2003"),
        **more,
    }


CONTACTS: Final[list[Json]] = [
    _contact("sample-emergency", "Emergency services (sample)", "000"),
    _contact(
        "sample-shelter",
        "A shelter that says where it is only to those it takes in (sample)",
        "",
        other="letters@shelter.example",
        hours="Not stated",
        needs_consent=True,
        is_enforcement_body=True,
        use_for="A safe place for the night.",
        unsourced_reason="Known from practice only.",
        sources=[],
    ),
]
