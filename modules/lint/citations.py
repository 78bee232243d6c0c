"""Rules about sources: every statement carries one, and it is what it says it is. Pure."""

from __future__ import annotations

import re

from modules.lint.base import (
    JUDGEMENT,
    Found,
    Role,
    Teaching,
    about_absence,
    fault,
    lines_in,
    stated_in,
    written_in,
)
from modules.markup import SIGNPOST

MOST_JUDGEMENT = 0.4  # share of our own judgement among the citations of a lesson
MOST_SIGNPOSTS = 8
_ALMOST = re.compile(r"\[\s*@|@[a-z0-9-]+\s*\]")


def cited_statements(teaching: Teaching) -> Found:
    """Every paragraph and list item that claims something cites a source."""
    for lesson in teaching.lessons():
        for passage in written_in(lesson):
            if passage.role is not Role.STATED:
                continue
            for statement in passage.statements():
                if statement.needs_citation and not statement.citations:
                    yield fault(
                        lesson,
                        statement.line,
                        "uncited-statement",
                        f"No source: “{statement.text[:60]}…”.",
                        "End it with [@source-key]; [@kenali-judgement] for our own view, "
                        "[@course] for a signpost that states no fact.",
                    )


def uncited_fiction(teaching: Teaching) -> Found:
    """An invented story cites nothing: a source would make it look like a record."""
    for lesson in teaching.lessons():
        for passage in written_in(lesson):
            if passage.role is not Role.FICTION:
                continue
            for statement in passage.statements():
                if statement.citations:
                    yield fault(
                        lesson,
                        statement.line,
                        "cited-fiction",
                        "An invented story carries a source.",
                        "Take the citation out; put the fact into the facts block.",
                    )


@about_absence
def known_sources(teaching: Teaching) -> Found:
    """Every cited source exists."""
    for lesson in teaching.lessons():
        for statement in stated_in(lesson):
            for key in statement.citations:
                if key != SIGNPOST and key not in teaching.framework.sources:
                    yield fault(
                        lesson,
                        statement.line,
                        "unknown-source",
                        f"The source “{key}” does not exist.",
                        "Use a key of sources.yaml, or add the source there first.",
                    )


def well_formed_citations(teaching: Teaching) -> Found:
    """A misspelt citation would be printed as text."""
    for lesson in teaching.lessons():
        for number, line in lines_in(lesson):
            if _ALMOST.search(line):
                yield fault(
                    lesson,
                    number,
                    "citation-shape",
                    "This citation cannot be read.",
                    "Write [@source-key] or [@first-key; @second-key] on one line.",
                )


def little_judgement(teaching: Teaching) -> Found:
    """At most four in ten citations are our own judgement; few are mere signposts."""
    for lesson in teaching.lessons():
        cited = [key for statement in stated_in(lesson) for key in statement.citations]
        signposts = cited.count(SIGNPOST)
        sources = len(cited) - signposts
        own = cited.count(JUDGEMENT)
        if sources and own / sources > MOST_JUDGEMENT:
            yield fault(
                lesson,
                1,
                "own-judgement",
                f"{own} of {sources} citations are our own judgement.",
                "Find a source, or say less; at most 4 in 10.",
            )
        if signposts > MOST_SIGNPOSTS:
            yield fault(
                lesson,
                1,
                "too-many-signposts",
                f"[@course] stands {signposts} times.",
                f"At most {MOST_SIGNPOSTS}; a sentence that states something needs a source.",
            )
