"""The fields of a page become the answer that a kind understands; nonsense stays nonsense."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from quizzes import kinds
from quizzes.answers import BLANK, answer_from, filled, places_of
from quizzes.kinds import InvalidResponse, Item
from tests.quizzes.sampled import KIND_NAMES, answer_to, fields_of, items_of_kind


def query(fields: dict[str, Any]) -> QueryDict:
    return QueryDict(urlencode(fields, doseq=True))


def sent(item: Item, fields: dict[str, Any], so_far: Any = None) -> Any:
    return kinds.validate(item, answer_from(item, query(fields), so_far=so_far))


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("kind", KIND_NAMES)
def test_what_a_page_sends_is_the_answer_that_was_meant(kind: str, right: bool) -> None:
    for item in items_of_kind(kind):
        meant = answer_to(item, right=right)
        so_far = None
        if kind == "dialogue":
            so_far = {"path": meant["path"][:-1]}
        assert sent(item, fields_of(meant), so_far) == kinds.validate(item, meant) == meant


NONSENSE = {
    "highlight": {"marked": "nowhere"},
    "verdict": {"concern": "perhaps"},
    "refresher": {"concern": "YES"},
    "evidence": {"concern": "yes"},
    "contrast_pair": {"concern-a": "2"},
    "choice": {"chosen": ["a", "nothing"]},
    "next_step": {"chosen": "zz"},
    "rate_actions": {"rating-a": "9"},
    "sequence": {"place-a": "1"},
    "match": {"match-a": "none-of-these"},
    "triage": {"level-a": "terrible"},
    "dialogue": {"reply": "n1"},
}


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_nonsense_is_refused(kind: str) -> None:
    item: Any = items_of_kind(kind)[0]
    fields = dict(NONSENSE[kind])
    lists = ("vignettes", "actions", "events", "signs", "reports")
    parts = [part.id for name in lists for part in getattr(item, name, ())]
    fields = {
        name.replace("-a", f"-{parts[0]}") if parts else name: value
        for name, value in fields.items()
    }
    assert isinstance(sent(item, fields), InvalidResponse)


@pytest.mark.parametrize("word", ["80.0", "eighty", "-80", "081234", "１２３４"])
def test_a_number_is_read_only_where_it_is_one(word: str) -> None:
    item = items_of_kind("verdict")[0]
    assert sent(item, {"concern": "yes", "confidence": word}) == InvalidResponse("shape")


def test_two_cards_in_one_place_are_no_order() -> None:
    item: Any = items_of_kind("sequence")[0]
    fields = {f"place-{event.id}": 1 for event in item.events}
    assert sent(item, fields) == InvalidResponse("incomplete")
    assert places_of(item, query(fields)) == {event.id: 1 for event in item.events}


def test_a_page_may_look_up_every_name() -> None:
    assert filled(None) == BLANK
    assert filled({"marked": ["s1"]})["marked"] == ["s1"]
    assert BLANK["marked"] == ()


names = st.sampled_from(
    ["marked", "cited", "chosen", "concern", "confidence", "reply", "place-a", "rating-a", "x"]
)


@given(kind=st.sampled_from(KIND_NAMES), fields=st.dictionaries(names, st.text(max_size=12)))
def test_reading_never_breaks(kind: str, fields: dict[str, str]) -> None:
    for item in items_of_kind(kind):
        answer = answer_from(item, QueryDict(urlencode(fields, errors="replace")))
        assert isinstance(kinds.validate(item, answer), dict | InvalidResponse)
