"""Rules about the words: every language, no pasted English, safe, readable. Pure."""

from __future__ import annotations

import datetime as dt

from course.framework.lint.base import Found, lines_of, name_of, printed, problem_at, texts_of
from course.framework.problems import Problem
from course.framework.schema import LANGUAGES, Framework
from course.framework.wording import LIMITS, forbidden_in, readability, words_of

WORDS_OF_A_NAME = 4  # “Talian Kasih 15999” and “Tenaganita” are the same in every language


def complete_languages(framework: Framework, _today: dt.date) -> Found:
    """Every text exists in every language, or the entry declares it missing."""
    for kind, key, entry in framework.entries():
        for at, by_language in texts_of(entry):
            for language in LANGUAGES:
                if language not in by_language and language not in entry.missing:
                    yield problem_at(
                        framework,
                        kind,
                        key,
                        "missing-language",
                        f"“{name_of(at)}” has no {language} text.",
                        f"Write it, or declare it: missing: [{language}].",
                        at=at,
                    )
            lengths = {len(v) for v in by_language.values() if isinstance(v, tuple)}
            if len(lengths) > 1:
                yield problem_at(
                    framework,
                    kind,
                    key,
                    "uneven-languages",
                    f"“{name_of(at)}” has a different number of entries in each language.",
                    "Give every language the same entries in the same order.",
                    at=at,
                )


def translated(framework: Framework, _today: dt.date) -> Found:
    """English pasted into the Malay field is no translation; organisations keep their names."""
    for kind, key, entry in framework.entries():
        names = [("name",)] if kind == "contacts" else []
        for at, by_language in texts_of(entry):
            english, malay = (lines_of(by_language.get(name, ())) for name in LANGUAGES)
            for index, (one, other) in enumerate(zip(english, malay, strict=False)):
                if one == other and at not in names and len(words_of(one)) > WORDS_OF_A_NAME:
                    listed = isinstance(by_language["ms"], tuple)
                    yield problem_at(
                        framework,
                        kind,
                        key,
                        "not-translated",
                        f"“{name_of(at)}” is the same in both languages.",
                        "Translate it, or leave ms out and declare it: missing: [ms].",
                        at=(*at, "ms", index) if listed else (*at, "ms"),
                    )


def honest_status(framework: Framework, _today: dt.date) -> Found:
    """A translation is a draft until a named person reviewed it on a date, in every file."""
    for (kind, language), status in framework.heads.items():
        unproved = status.status == "reviewed" and not (status.reviewed_by and status.reviewed_on)
        wordless = status.status == "draft" and "review" not in status.note
        wrong_original = (status.status == "original") != (language == LANGUAGES[0])
        if unproved or wordless or wrong_original:
            document = framework.documents[kind]
            yield Problem(
                document.file,
                document.line_of(("languages", language)),
                "language-status",
                f"{language}: the status “{status.status}” is not backed up.",
                "en is the original. For reviewed give reviewed_by and reviewed_on; for draft say "
                "in the note what review it awaits.",
            )


def safe_wording(framework: Framework, _today: dt.date) -> Found:
    """Nothing graphic, blaming or instructive is printed."""
    for kind, key, entry in framework.entries():
        for at, _language, text in printed(entry):
            for found, rule in forbidden_in(text):
                yield problem_at(
                    framework,
                    kind,
                    key,
                    "forbidden-wording",
                    f"“{found}” in “{name_of(at)}”: {rule.reason}.",
                    f"Write instead: {rule.instead}.",
                    at=at,
                )


def readable(framework: Framework, _today: dt.date) -> Found:
    """No sentence is so long that a tired reader loses it.

    Sources are exempt: what they support is told with the titles of works.
    """
    for kind, key, entry in framework.entries():
        if kind == "sources":
            continue
        for at, language, text in printed(entry):
            measured = readability(text)
            if measured.longest > LIMITS[language].longest:
                yield problem_at(
                    framework,
                    kind,
                    key,
                    "long-sentence",
                    f"a {language} sentence of {measured.longest} words: "
                    f"“{measured.longest_text[:60]}…”.",
                    f"Split it; at most {LIMITS[language].longest} words.",
                    at=at,
                )
