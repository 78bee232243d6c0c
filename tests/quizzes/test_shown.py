"""Before the answer nothing leaves the server that gives it away, for every item of the bank."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from quizzes import kinds
from quizzes.kinds.common import Item, digest_of
from quizzes.kinds.dialogue import DialogueItem
from tests.quizzes.samples import bank, framework

# Everything a page may get to know, by name. A new field of `shown` must be thought about here.
ALLOWED = {
    "kind",
    "language",
    "setting",
    "sensitive",
    "material",
    "segments",
    "speaker",
    "text",
    "id",
    "vignettes",
    "choose",
    "situation",
    "question",
    "options",
    "scale",
    "actions",
    "events",
    "signs",
    "targets",
    "choices",
    "reports",
    "said",
    "now",
    "node",
    "says",
    "replies",
}
ITEMS = list(bank().items.values())


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every (name, value) of a JSON value; list entries have the name of their list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            if not isinstance(inner, dict | list):
                yield "", inner
            yield from walk(inner)


def secrets_of(item: Item) -> set[str]:
    """Every word of the file that must stay: signs, look-alikes, reasons, grades, people."""
    model = framework()
    found = {
        *model.indicators,
        *model.tactics,
        *model.confounders,
        *model.sources,
        "signal",
        "noise",
        "neutral",
        "context",
        "best",
        "acceptable",
        "poor",
        "harmful",
        item.key,
    }
    for way, text, role in item.texts():
        if role == "feedback" or way[-1] == "reaction":
            found.update(text.values())
    if item.person:
        found.update(str(value) for value in item.person.model_dump().values())
    return found


@pytest.mark.parametrize("language", ["en", "ms"])
def test_no_key_and_no_feedback_is_shown(language: Any) -> None:
    for item in ITEMS:
        shown = kinds.shown(item, language, seed="attempt 1")
        json.dumps(shown)
        secrets = secrets_of(item)

        for name, value in walk(shown):
            assert not name or name in ALLOWED, item.key
            if isinstance(value, str):
                assert value not in secrets, item.key
            # Right or wrong must not hide in a flag or a number either.
            if isinstance(value, bool):
                assert name == "sensitive", item.key
            if isinstance(value, int) and not isinstance(value, bool):
                assert shown["scale"] == [1, 5], item.key
                assert name == "", item.key


def test_each_language_shows_its_own_words_only() -> None:
    for item in ITEMS:
        texts = [text for _, text, role in item.texts() if role != "feedback"]
        other = {text["en"] for text in texts if text["en"] != text["ms"]}
        for _, value in walk(kinds.shown(item, "ms")):
            assert not isinstance(value, str) or value not in other, item.key


def test_a_leak_would_be_seen() -> None:
    """The walk above finds a key wherever it is put."""
    leaky = {"segments": [{"id": "s1", "text": "x", "more": {"deep": ["calls-checked"]}}]}

    assert ("", "calls-checked") in set(walk_hashable(leaky))


def walk_hashable(value: Any) -> Iterator[tuple[str, Any]]:
    return ((name, inner) for name, inner in walk(value) if not isinstance(inner, dict | list))


def test_a_conversation_never_shows_what_lies_ahead() -> None:
    for item in ITEMS:
        if not isinstance(item, DialogueItem):
            continue
        path: list[dict[str, str]] = []
        for node in item.nodes:
            here = json.dumps(kinds.shown(item, "en", so_far={"path": path}), ensure_ascii=False)
            for later in item.nodes[item.nodes.index(node) + 1 :]:
                assert json.dumps(later.says["en"], ensure_ascii=False) not in here
            for reply in node.replies:
                assert json.dumps(reply.reaction["en"], ensure_ascii=False) not in here
            best = next(reply for reply in node.replies if reply.grade == "best")
            path = [*path, {"node": node.id, "reply": best.id}]


def test_a_stored_item_is_the_same_item() -> None:
    for item in ITEMS:
        stored = json.loads(json.dumps(item.model_dump(mode="json")))

        assert kinds.parse(stored) == item, item.key
        assert digest_of(kinds.parse(stored)) == digest_of(item), item.key


def test_a_changed_word_or_key_is_a_new_version() -> None:
    item = bank().items["guesthouse-cook"]
    document = item.model_dump(mode="json")
    versions = {digest_of(item)}
    for change in ("text", "feedback", "key"):
        changed = json.loads(json.dumps(document))
        if change == "text":
            changed["segments"][0]["text"]["ms"] += "."
        elif change == "feedback":
            changed["segments"][1]["feedback"]["false_alarm"]["en"] += " Yes."
        else:
            changed["segments"][2]["indicator"] = "calls-checked"
        versions.add(digest_of(kinds.parse(changed)))

    assert len(versions) == 4
