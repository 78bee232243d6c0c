"""What stands beside an attempt: keys that were corrected, and that it was typed in from paper."""

from __future__ import annotations

from typing import Any

from quizzes.kinds import Item
from quizzes.labels import change_words_of, choices_of, short
from quizzes.models import Amendment, Attempt, PaperEntry
from quizzes.published import item_version
from quizzes.telling import parts_of

Json = dict[str, Any]


def typed_by(attempt: Attempt) -> str:
    """The name to show of who typed the attempt in from paper; "" for the others. One query."""
    rows: Any = PaperEntry.objects.in_organization(attempt.organization_id)
    entry = rows.filter(attempt_id=attempt.id).select_related("entered_by__user").first()
    return entry.entered_by.user.shown_name if entry else ""


def place_corrections(attempt: Attempt, cases: list[Json], language: str) -> None:
    """Put beside each case what was corrected in its key, where it changed a mark. One query.

    A step that the correction accepts is not called unsafe any more.
    """
    by_position = {case["position"]: case for case in cases}
    rows: Any = Amendment.objects.in_organization(attempt.organization_id)
    standing = rows.filter(evidence__attempt_id=attempt.id, correction__undo__isnull=True)
    for one in standing.select_related("evidence", "correction").order_by("evidence__part"):
        case = by_position.get(one.evidence.position)
        if case is None:
            continue
        document = item_version(one.evidence.item_version_id)
        case["corrections"].append(_words(document, one, language))
        if one.evidence.critical_error and not one.critical_error:
            case["unsafe"] = False


def _words(document: Item, one: Amendment, language: str) -> Json:
    made = one.correction
    part: Any = dict(parts_of(document)).get(made.part)
    text = getattr(part, "text", None) or {}
    option = choices_of(document, language).get(made.option, made.option)
    return {
        "text": short(text[language]) if language in text else "",
        "words": change_words_of(made.change, option, document.kind),
        "reason": made.reason,
    }
