"""Whatever a browser, a script or a broken client sends: an answer or a refusal, never an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import kinds
from quizzes.kinds.common import InvalidResponse, Item
from tests.quizzes.samples import bank, is_sample

ITEMS = {item.kind: item for item in bank().items.values() if is_sample(item)}
REASONS = {"shape", "unknown-part", "too-many", "incomplete", "path"}
FIELDS = [
    "marked",
    "concern",
    "confidence",
    "cited",
    "answers",
    "chosen",
    "ratings",
    "order",
    "matches",
    "levels",
    "path",
    "node",
    "reply",
]

any_text = st.text(max_size=8) | st.text(st.characters(codec=None), max_size=3)
numbers = st.integers() | st.floats() | st.integers(-2, 6)
scalars = st.none() | st.booleans() | numbers | any_text


def answers_like(item: Item) -> st.SearchStrategy[Any]:
    """Any JSON at all, and JSON made of the words that this item knows, which gets further in."""
    known = st.sampled_from([*_ids(item.model_dump(mode="json")), "a", "none", "urgent"])
    words = known | scalars | st.sampled_from([50, 65, 80, 95, 1, 5])
    inner = st.recursive(
        words,
        lambda more: (
            st.lists(more, max_size=8)
            | st.dictionaries(known | any_text | st.sampled_from(FIELDS), more, max_size=6)
        ),
        max_leaves=25,
    )
    return inner | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3)


def _ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for part in value for name in _ids(part)]
    if isinstance(value, dict):
        own = [value["id"]] if isinstance(value.get("id"), str) else []
        return own + [name for part in value.values() for name in _ids(part)]
    return []


def check(item: Item, response: object) -> bool:
    """Everything that must hold for any response; true when it was an answer."""
    valid = kinds.validate(item, response)
    if isinstance(valid, InvalidResponse):
        assert valid.reason in REASONS
        return False
    json.dumps(valid)
    assert kinds.validate(item, valid) == valid  # the normal form is stable
    for answer in (valid, None):
        outcome = kinds.score(item, answer)
        assert 0 <= outcome.credit <= 1
        assert outcome.critical_error == any(trial.critical_error for trial in outcome.trials)
        json.dumps(dict(outcome.details))
        kinds.feedback(item, answer)
    json.dumps(kinds.shown(item, "ms", so_far=valid if item.kind == "dialogue" else None))
    return True


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_any_json_is_an_answer_or_is_refused(kind: str) -> None:
    item = ITEMS[kind]

    @settings(max_examples=60, deadline=None)
    @given(response=answers_like(item))
    def holds(response: object) -> None:
        check(item, response)

    holds()


def right_shapes(item: Item) -> st.SearchStrategy[Any]:
    """Answers of the right shape with any of the item's parts, right and wrong."""
    ids = st.sampled_from(_ids(item.model_dump(mode="json")))
    yes_no = st.fixed_dictionaries(
        {"concern": st.none() | st.booleans()},
        optional={"confidence": st.none() | st.sampled_from([50, 65, 80, 95])},
    )
    many = st.lists(ids, max_size=12)
    levels = st.none() | st.sampled_from(["none", "note", "refer", "urgent"])
    step = st.fixed_dictionaries({"node": ids, "reply": ids})
    shapes: dict[str, st.SearchStrategy[Any]] = {
        "highlight": st.fixed_dictionaries({"marked": many}),
        "verdict": yes_no,
        "refresher": yes_no,
        "evidence": st.builds(lambda one, cited: one | {"cited": cited}, yes_no, many),
        "contrast_pair": st.fixed_dictionaries(
            {"answers": st.dictionaries(st.sampled_from(["a", "b"]), yes_no)}
        ),
        "choice": st.fixed_dictionaries({"chosen": many}),
        "next_step": st.fixed_dictionaries({"chosen": st.none() | ids}),
        "rate_actions": st.fixed_dictionaries(
            {"ratings": st.dictionaries(ids, st.none() | st.integers(1, 5))}
        ),
        "sequence": st.fixed_dictionaries({"order": st.permutations("abcde")}),
        "match": st.fixed_dictionaries({"matches": st.dictionaries(ids, st.none() | ids)}),
        "triage": st.fixed_dictionaries({"levels": st.dictionaries(ids, levels)}),
        "dialogue": st.fixed_dictionaries({"path": st.lists(step, max_size=6)}),
    }
    return shapes[item.kind]


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_answers_of_the_right_shape_are_scored(kind: str) -> None:
    item = ITEMS[kind]
    answered = []

    @settings(max_examples=60, deadline=None)
    @given(response=right_shapes(item))
    def holds(response: object) -> None:
        answered.append(check(item, response))

    holds()
    assert any(answered)  # or the strategy would prove nothing about scoring


def test_every_kind_is_tried() -> None:
    assert set(ITEMS) == set(kinds.KINDS)


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize(
    "response",
    [
        None,
        True,
        0,
        1.5,
        "marked",
        [],
        [[]],
        {},
        {"": None},
        {"marked": None},
        {"marked": "s1"},
        {"marked": [None]},
        {"marked": [["s1"]]},
        {"marked": [{"s1": 1}]},
        {"marked": {"s1": True}},
        {"marked": ["s1"] * 300},
        {"marked": [], "key": 1},
        {"answers": []},
        {"answers": {"a": True}},
        {"ratings": [5]},
        {"path": [{}]},
        {"path": [["n1", "a"]]},
        {"path": "n1/a"},
        {"order": {"a": 1}},
        {"levels": None},
    ],
)
def test_malformed_answers_are_refused(kind: str, response: object) -> None:
    assert isinstance(kinds.validate(ITEMS[kind], response), InvalidResponse)


def test_a_deeply_nested_answer_is_refused() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    for item in ITEMS.values():
        assert isinstance(kinds.validate(item, {"marked": deep}), InvalidResponse)
        assert isinstance(kinds.validate(item, deep), InvalidResponse)
