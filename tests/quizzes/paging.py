"""What tests of the quiz pages share: begin, answer as a page does, what must stay secret."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from course.models import Membership
from quizzes import kinds
from quizzes.models import Attempt, Evidence
from quizzes.published import item_version
from quizzes.services.attempting import items_of, start_attempt
from tests.personas import AT
from tests.quizzes.sampled import fields_of, kind_quiz, publish_samples


def begin(learner: Membership, kind: str, when: str) -> Attempt:
    key = kind_quiz(kind, when).key
    bank = publish_samples(kind_quiz(kind, when))
    return start_attempt(membership=learner, quiz=bank[key], at=AT)


def address(attempt: Attempt, position: int = 1, name: str = "item") -> str:
    arguments = [attempt.id, position] if name in {"item", "later"} else [attempt.id]
    return reverse(f"quizzes:{name}", args=arguments)


def document(attempt: Attempt, position: int = 1) -> Any:
    return item_version(items_of(attempt).get(position=position).item_version_id)


def send(client: Client, attempt: Attempt, answer: Any, position: int = 1, **more: Any) -> Any:
    """As the page does it; a conversation reply by reply."""
    target = address(attempt, position)
    steps = answer.get("path", [None])
    for place in range(len(steps)):
        said = {"path": answer["path"][: place + 1]} if "path" in answer else answer
        got = client.post(target, {"key": str(uuid4()), **fields_of(said), **more})
    return got


def secrets_of(item: Any) -> set[str]:
    """Every sentence that only the answer may bring: reasons, rules and feedback."""
    texts = [text["en"] for _way, text, role in item.texts() if role == "feedback"]
    shown = json.dumps(kinds.shown(item, "en"))
    return {text for text in texts if text not in shown}


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def evidence_of(attempt: Attempt) -> Any:
    """The trials of an attempt."""
    rows = Evidence.objects.in_organization(attempt.organization_id)
    return rows.filter(attempt_id=attempt.id)
