"""Kinds that choose what to do: choice, next step, ratings, dialogue (design 6.1, 6.2, 6.6)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from quizzes import kinds
from quizzes.kinds.common import InvalidResponse
from tests.quizzes.samples import graded, item, text


def option(part: str, *, right: bool, **more: Any) -> dict[str, Any]:
    return {"id": part, "text": text(part), "right": right, "why": text(f"why {part}"), **more}


ONE = item(
    "choice",
    choose="one",
    question=text("Which?"),
    options=[option("a", right=False), option("b", right=True), option("c", right=False)],
)
SEVERAL = item(
    "choice",
    choose="several",
    question=text("Which?"),
    options=[
        option("a", right=True),
        option("b", right=True),
        option("c", right=False),
        option("d", right=False),
    ],
)


@pytest.mark.parametrize(
    ("thing", "chosen", "credit"),
    [
        (ONE, ["b"], 1),
        (ONE, ["a"], 0),
        (ONE, [], 0),
        (SEVERAL, ["a", "b"], 1),
        (SEVERAL, ["a"], 0.5),
        (SEVERAL, ["a", "b", "c"], 0.5),
        (SEVERAL, ["a", "c"], 0),
        (SEVERAL, ["a", "b", "c", "d"], 0),  # ticking everything earns nothing
        (SEVERAL, ["c", "d"], 0),
        (SEVERAL, [], 0),
    ],
)
def test_choices(thing: kinds.Item, chosen: list[str], credit: float) -> None:
    response = kinds.validate(thing, {"chosen": chosen})
    assert isinstance(response, dict)
    outcome = kinds.score(thing, response)

    assert outcome.credit == credit
    assert outcome.answered is bool(chosen)
    assert {trial.kind for trial in outcome.trials} == {"decision"}


def test_one_is_one() -> None:
    assert kinds.validate(ONE, {"chosen": ["a", "b"]}) == InvalidResponse("too-many")
    assert kinds.validate(ONE, {"chosen": ["b", "b"]}) == {"chosen": ["b"]}
    assert kinds.validate(ONE, {"chosen": ["z"]}) == InvalidResponse("unknown-part")


def test_the_evidence_of_a_choice_keeps_what_was_chosen() -> None:
    (trial,) = kinds.score(ONE, {"chosen": ["a"]}).trials
    assert (trial.chosen, trial.credit) == ("a", 0)

    trials = kinds.score(SEVERAL, {"chosen": ["a", "c"]}).trials
    assert [(trial.part, trial.flagged, trial.credit) for trial in trials] == [
        ("a", True, 1),
        ("b", False, 0),
        ("c", True, 0),
        ("d", False, 1),
    ]


def test_choice_feedback_shows_the_choice_and_the_right_answer() -> None:
    told = kinds.feedback(ONE, {"chosen": ["a"]})
    assert [(part.part, part.result, part.chosen) for part in told.parts] == [
        ("a", "wrong", True),
        ("b", "missed", False),
    ]
    assert [part.result for part in kinds.feedback(ONE, {"chosen": ["b"]}).parts] == ["right"]
    assert [part.result for part in kinds.feedback(SEVERAL, {"chosen": ["a", "c"]}).parts] == [
        "right",
        "missed",
        "wrong",
        "left_alone",
    ]


def test_pinned_options_stay_last_and_the_rest_depends_on_the_seed() -> None:
    thing = item(
        "choice",
        choose="one",
        question=text("Which?"),
        options=[
            option("z", right=False, pinned=True),
            *(option(name, right=name == "b") for name in "abcdefg"),
        ],
    )
    orders = {
        tuple(part["id"] for part in kinds.shown(thing, "en", seed=str(seed))["options"])
        for seed in range(20)
    }

    assert {order[-1] for order in orders} == {"z"}
    assert len(orders) > 10
    assert kinds.shown(thing, "en", seed="x") == kinds.shown(thing, "en", seed="x")


OPTIONS = [
    graded("a", "poor"),
    graded("b", "best"),
    graded("c", "harmful"),
    graded("d", "acceptable"),
]
STEP = item("next_step", situation=text("s"), question=text("q"), options=OPTIONS)


@pytest.mark.parametrize(
    ("chosen", "credit", "critical"),
    [("a", 0, False), ("b", 1, False), ("c", 0, True), ("d", 0.5, False), (None, 0, False)],
)
def test_next_steps_without_a_panel_use_the_authors_grades(
    chosen: str | None, credit: float, critical: bool
) -> None:
    outcome = kinds.score(STEP, kinds.validate(STEP, {"chosen": chosen}))  # type: ignore[arg-type]

    assert outcome.credit == credit
    assert outcome.critical_error is critical
    assert outcome.answered is (chosen is not None)
    (trial,) = outcome.trials
    assert (trial.kind, trial.chosen, trial.critical_error) == ("decision", chosen, critical)


@pytest.mark.parametrize(("chosen", "credit"), [("a", 1 / 6), ("b", 1), ("c", 0), ("d", 2 / 6)])
def test_next_steps_with_a_panel_use_its_votes(chosen: str, credit: float) -> None:
    votes = {"a": 1, "b": 6, "c": 2, "d": 2}  # what two judges would do is still harmful
    panel = {"judges": 11, "held_on": "2027-03-02", "votes": votes}
    thing = item("next_step", situation=text("s"), question=text("q"), options=OPTIONS, panel=panel)
    outcome = kinds.score(thing, {"chosen": chosen})

    assert outcome.credit == pytest.approx(credit)
    assert outcome.critical_error is (chosen == "c")
    assert thing.key_status == "keyed by a panel of 11 on 2027-03-02"
    assert STEP.key_status == "keyed by authors, awaiting expert panel"


def test_next_step_feedback_shows_the_choice_and_the_best() -> None:
    told = kinds.feedback(STEP, {"chosen": "c"})

    assert [(part.part, part.result, part.chosen) for part in told.parts] == [
        ("b", "best", False),
        ("c", "harmful", True),
    ]
    assert len(kinds.feedback(STEP, {"chosen": "b"}).parts) == 1


ACTIONS = item(
    "rate_actions",
    situation=text("s"),
    actions=[
        {"id": "a", "text": text("a"), "rating": 5, "why": text("wa")},
        {"id": "b", "text": text("b"), "rating": 4, "why": text("wb")},
        {"id": "c", "text": text("c"), "rating": 3, "why": text("wc")},
        {"id": "d", "text": text("d"), "rating": 1, "harmful": True, "why": text("wd")},
    ],
)


@pytest.mark.parametrize(
    ("ratings", "credit", "critical"),
    [
        ({"a": 5, "b": 4, "c": 3, "d": 1}, 1, False),
        ({"a": 4, "b": 5, "c": 3, "d": 2}, 1, False),  # the side counts, not how extreme
        ({"a": 5, "b": 5, "c": 5, "d": 5}, 0.5, True),  # yes to all: the middle is its own side
        ({"a": 5, "b": 5, "c": 3, "d": 3}, 0.75, False),
        ({"a": 5, "b": 5, "c": 3, "d": 4}, 0.75, True),
        ({"a": 5, "b": None, "c": None, "d": None}, 0.25, False),
        ({}, 0, False),
    ],
)
def test_ratings_are_scored_by_their_side(
    ratings: dict[str, int | None], credit: float, critical: bool
) -> None:
    response = kinds.validate(ACTIONS, {"ratings": ratings})
    assert isinstance(response, dict)
    outcome = kinds.score(ACTIONS, response)

    assert outcome.credit == pytest.approx(credit)
    assert outcome.critical_error is critical
    assert len(outcome.trials) == 4


def test_a_panel_of_raters_replaces_the_authors() -> None:
    panel = {"judges": 3, "held_on": "2027-03-02", "votes": {"a": [1, 2, 1]}}
    document = ACTIONS.model_dump(mode="json") | {"panel": panel}
    thing = kinds.parse(document)
    response = {"ratings": {"a": 1, "b": 4, "c": 3, "d": 1}}

    assert kinds.score(thing, response).credit == 1
    assert kinds.score(ACTIONS, response).credit == 0.75


def test_rating_feedback_calls_a_harmful_yes_harmful() -> None:
    told = kinds.feedback(ACTIONS, {"ratings": {"a": 5, "b": 1, "c": None, "d": 4}})

    assert [part.result for part in told.parts] == ["right", "wrong", "unanswered", "harmful"]


@pytest.mark.parametrize("rating", [0, 6, True, 3.0, "3"])
def test_ratings_are_whole_numbers_of_the_scale(rating: object) -> None:
    assert kinds.validate(ACTIONS, {"ratings": {"a": rating}}) == InvalidResponse("shape")


def reply(part: str, grade: str, to: str | None) -> dict[str, Any]:
    return graded(part, grade, reaction=text(f"reaction {part}"), next=to)


# n1 leads to n2 or straight to n3; both end.
NODES = [
    {
        "id": "n1",
        "says": text("one"),
        "replies": [
            reply("a", "best", "n2"),
            reply("b", "poor", "n3"),
            reply("c", "harmful", None),
        ],
    },
    {
        "id": "n2",
        "says": text("two"),
        "replies": [reply("a", "best", "n3"), reply("b", "acceptable", "n3")],
    },
    {
        "id": "n3",
        "says": text("three"),
        "replies": [reply("a", "best", "end"), reply("c", "harmful", None)],
    },
]
TALK = item("dialogue", situation=text("s"), nodes=NODES)


def path(*steps: str) -> dict[str, Any]:
    return {"path": [dict(zip(("node", "reply"), step.split("/"), strict=True)) for step in steps]}


@pytest.mark.parametrize(
    ("steps", "credit", "critical", "finished"),
    [
        (["n1/a", "n2/a", "n3/a"], 1, False, True),
        (["n1/a", "n2/b", "n3/a"], (1 + 0.5 + 1) / 3, False, True),
        (["n1/b", "n3/a"], (0 + 1) / 2, False, True),  # the length of the path is no matter
        (["n1/c", "n1/a", "n2/a", "n3/a"], (0 + 1 + 1) / 3, True, True),  # second try: practice
        (["n1/c", "n1/c", "n1/a", "n2/a", "n3/a"], 2 / 3, True, True),
        (["n1/a", "n2/a", "n3/c", "n3/a"], 2 / 3, True, True),
        (["n1/a"], 1 / 3, False, False),  # leaving after one good reply: n2 and n3 are left out
        (["n1/b"], 0, False, False),
        (["n1/a", "n2/a"], 2 / 3, False, False),
        (["n1/c"], 0, True, False),
        (["n1/a", "n2/a", "n3/c"], 2 / 3, True, False),  # n3 was answered, only nothing follows
        ([], 0, False, False),
    ],
)
def test_a_conversation_is_the_mean_of_its_moments(
    steps: list[str], credit: float, critical: bool, finished: bool
) -> None:
    response = kinds.validate(TALK, path(*steps))
    assert isinstance(response, dict)
    outcome = kinds.score(TALK, response)

    assert outcome.credit == pytest.approx(credit)
    assert outcome.critical_error is critical
    assert outcome.details["finished"] is finished
    assert outcome.answered is bool(steps)
    assert len(outcome.trials) == len(steps)  # every decision is kept


def test_second_tries_are_kept_but_not_counted() -> None:
    trials = kinds.score(TALK, path("n1/c", "n1/c", "n1/a")).trials

    assert [(trial.part, trial.chosen, trial.credit, trial.critical_error) for trial in trials] == [
        ("n1", "c", 0, True),
        ("n1/again", "c", None, False),
        ("n1/again", "a", None, False),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        ["n2/a"],  # not the beginning
        ["n1/a", "n3/a"],  # a jump
        ["n1/c", "n2/a"],  # a harmful reply leads nowhere
        ["n1/z"],
        ["x/a"],
        ["n1/b", "n3/a", "n3/a"],  # after the end
        ["n1/a", "n1/a"],
    ],
)
def test_a_path_must_be_a_way_through_the_conversation(steps: list[str]) -> None:
    assert kinds.validate(TALK, path(*steps)) == InvalidResponse("path")


def test_a_conversation_is_shown_one_moment_at_a_time() -> None:
    start = kinds.shown(TALK, "en")
    assert start["said"] == []
    assert start["now"]["node"] == "n1"
    assert {part["id"] for part in start["now"]["replies"]} == {"a", "b", "c"}
    assert "two" not in str(start)

    after_harm = kinds.shown(TALK, "en", so_far=path("n1/c"))
    assert after_harm["said"][0]["reaction"] == "reaction c"
    assert {part["id"] for part in after_harm["now"]["replies"]} == {"a", "b"}  # not again

    assert kinds.shown(TALK, "en", so_far=path("n1/b", "n3/a"))["now"] is None


def test_conversation_feedback_explains_every_reply_and_names_the_best() -> None:
    told = kinds.feedback(TALK, path("n1/c", "n1/b", "n3/a"))

    assert [(part.part, part.result, part.chosen) for part in told.parts] == [
        ("n1/c", "harmful", True),
        ("n1/b", "poor", True),
        ("n1/a", "best", False),
        ("n3/a", "best", True),
    ]


def test_a_conversation_with_a_panel_uses_the_votes_of_each_moment() -> None:
    panel = {"judges": 8, "held_on": "2027-03-02", "votes": {"n2/a": 5, "n2/b": 3}}
    thing = kinds.parse(TALK.model_dump(mode="json") | {"panel": panel})

    credit = kinds.score(thing, path("n1/a", "n2/b", "n3/a")).credit
    assert credit == pytest.approx((1 + 3 / 5 + 1) / 3)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("choice", {"choose": "one", "question": text("q"), "options": [option("a", right=True)]}),
        (
            "choice",
            {
                "choose": "one",
                "question": text("q"),
                "options": [option("a", right=True), option("b", right=True)],
            },
        ),
        (
            "choice",
            {
                "choose": "several",
                "question": text("q"),
                "options": [option("a", right=True), option("b", right=True)],
            },
        ),
        (
            "next_step",
            {
                "situation": text("s"),
                "question": text("q"),
                "options": [graded("a", "best"), graded("b", "best"), graded("c", "poor")],
            },
        ),
        ("dialogue", {"situation": text("s"), "nodes": [NODES[0], NODES[2]]}),  # n2 is missing
        ("dialogue", {"situation": text("s"), "nodes": [NODES[1], NODES[0], NODES[2]]}),  # back
        (
            "dialogue",
            {
                "situation": text("s"),
                "nodes": [
                    {
                        "id": "n1",
                        "says": text("x"),
                        "replies": [reply("a", "best", None), reply("b", "poor", "end")],
                    },
                    NODES[2],
                ],
            },
        ),
        (
            "rate_actions",
            {
                "situation": text("s"),
                "actions": [
                    {"id": n, "text": text(n), "rating": 5, "harmful": n == "a", "why": text(n)}
                    for n in "abc"
                ],
            },
        ),
    ],
)
def test_an_item_that_could_not_be_scored_is_not_an_item(kind: str, parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        item(kind, **parts)
