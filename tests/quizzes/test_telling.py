"""What is said after an answer: one sentence first, the words of every part, in the right order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from course.framework.schema import Framework
from quizzes import kinds
from quizzes.kinds.common import AWAITING_PANEL, Panel
from quizzes.telling import Told, differing, tell, turns
from quizzes.told_words import LOOKS, look_of, told_sentence
from tests.quizzes.sampled import KIND_NAMES, answer_to, items_of_kind, samples


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A test before may have left a page in Malay."""
    with translation.override("en"):
        yield


# Words that judge the person instead of the answer.
JUDGING = ("you failed", "you should", "wrong!", "sorry", "well done", "good job", "careless")


def told(item: Any, answer: Any, language: Any = "en", seed: str = "s") -> Told:
    shown = kinds.shown(item, language, seed=seed, so_far=answer)
    return tell(item, answer, language, samples()[0], shown=shown)


def answers_of(item: Any) -> list[Any]:
    return [None, answer_to(item, right=True), answer_to(item, right=False)]


@pytest.mark.parametrize("language", ["en", "ms"])
@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_answer_has_its_sentence_and_words(kind: str, language: str) -> None:
    for item in items_of_kind(kind):
        sentences = set()
        for answer in answers_of(item):
            words = told(item, answer, language)
            with translation.override(language):
                sentence = told_sentence(words)
            sentences.add(sentence)
            assert 8 < len(sentence) < 160
            assert not any(one in sentence.lower() for one in JUDGING)
            for part in words.parts:
                look = look_of(part.result, kind)
                assert look.mark
                assert str(look.word)
                assert look.tone in {"good", "miss", "warm", "calm"}
                assert part.text or part.part == "case"
        assert len(sentences) == 3, "open, right and wrong must not read the same"


def test_no_two_looks_of_a_kind_are_told_apart_by_colour_alone() -> None:
    for kind in KIND_NAMES:
        looks = [look_of(result, kind) for result in LOOKS]
        for one in looks:
            alike = [other for other in looks if other is not one and other.mark == one.mark]
            assert all(str(other.word) != str(one.word) for other in alike)


def test_misses_and_false_alarms_are_told_in_the_same_shape() -> None:
    item = items_of_kind("highlight")[0]
    words = told(item, answer_to(item, right=False))
    assert (words.found, words.missed, words.false_alarms) == (0, 3, 4)
    assert told_sentence(words) == (
        "You found 0 of 3 signs. 4 things you marked are ordinary here."
    )
    assert all(part.why for part in words.parts)


def test_the_text_is_told_line_by_line_in_reading_order() -> None:
    item: Any = items_of_kind("highlight")[0]
    words = told(item, {"marked": ["s3", "s2"]})
    assert [line.part for line in words.lines] == [part.id for part in item.segments]
    results = {line.part: line.result for line in words.lines}
    assert results["s1"] == ""
    assert results["s2"] == "false_alarm"
    assert results["s3"] == "found"
    assert results["s4"] == "left_alone"
    assert results["s5"] == "missed"
    assert [line.part for line in words.left_alone] == ["s4", "s6", "s8"]


@pytest.mark.parametrize("seed", ["a", "b", "c", "d"])
@pytest.mark.parametrize("kind", ["contrast_pair", "choice", "rate_actions", "match"])
def test_what_was_mixed_keeps_its_place_in_the_answer(kind: str, seed: str) -> None:
    for item in items_of_kind(kind):
        answer = answer_to(item, right=False)
        shown = kinds.shown(item, "en", seed=seed)
        field = {"contrast_pair": "vignettes", "choice": "options", "match": "signs"}
        order = [part["id"] for part in shown[field.get(kind, "actions")]]
        told_order = [part.part for part in told(item, answer, seed=seed).parts]
        assert told_order == [name for name in order if name in told_order]


def test_the_choice_comes_before_the_best_step() -> None:
    for item in items_of_kind("next_step"):
        words = told(item, answer_to(item, right=False))
        assert [one.chosen for one in words.with_reasons()] == [True, False]


def test_urgent_reports_come_first_and_are_counted_first() -> None:
    item: Any = items_of_kind("triage")[0]
    words = told(item, answer_to(item, right=False))
    levels = [part.key for part in words.parts]
    assert levels == sorted(levels, key=["urgent", "refer", "note", "none"].index)
    urgent = levels.count("urgent")
    assert told_sentence(words).startswith(f"Urgent reports missed: {urgent} of {urgent}.")


def test_a_conversation_is_told_as_it_went() -> None:
    for item in items_of_kind("dialogue"):
        for right in (True, False):
            answer = answer_to(item, right=right)
            shown = kinds.shown(item, "en", seed="s", so_far=answer)
            way = turns(told(item, answer), shown["said"])
            assert [turn.part.text for turn in way] == [one["reply"] for one in shown["said"]]
            assert len(way) == len(answer["path"])
        unsafe = sum(turn.part.result == "harmful" for turn in way)
        assert f"{unsafe} repl" in told_sentence(told(item, answer))


def test_the_better_reply_stands_beside_one_that_helps_little() -> None:
    item: Any = items_of_kind("dialogue")[0]
    first = item.nodes[0]
    weak = next(reply for reply in first.replies if reply.grade in {"poor", "acceptable"})
    answer = {"path": [{"node": first.id, "reply": weak.id}]}
    shown = kinds.shown(item, "en", so_far=answer)
    (turn,) = turns(told(item, answer), shown["said"])
    assert turn.better is not None
    assert turn.better.result == "best"


def test_the_difference_of_a_pair_is_marked() -> None:
    one = "Rosa keeps her card at home and may take it when she likes."
    other = "Rosa keeps her card at work and may not take it when she likes."
    assert list(differing(one, other)) == [
        ("Rosa keeps her card at", False),
        ("home and may", True),
        ("take it when she likes.", False),
    ]
    assert [words for words, differs in differing(other, one) if differs] == ["work and may not"]
    assert list(differing("Nothing here is alike at all", "Quite another text")) == [
        ("Nothing here is alike at all", False)
    ]


def test_the_pieces_of_a_pair_make_its_text() -> None:
    for item in items_of_kind("contrast_pair"):
        for part, pieces in told(item, None).halves:
            assert " ".join(words for words, _ in pieces) == " ".join(part.text.split())
            assert any(differs for _, differs in pieces)


def test_sources_are_named_once_and_the_key_honestly() -> None:
    item = items_of_kind("highlight")[0]
    words = told(item, None)
    assert words.key_status == AWAITING_PANEL
    assert not words.is_panel_keyed
    keys = [source.key for source in words.sources]
    assert keys
    assert len(keys) == len(set(keys))
    panel = Panel(judges=9, held_on="2027-03-02", votes={"s3": 9})  # type: ignore[arg-type]
    assert told(item.model_copy(update={"panel": panel}), None).is_panel_keyed


def test_a_source_that_is_not_published_is_named_by_its_key() -> None:
    item = items_of_kind("verdict")[0]
    words = tell(item, None, "en", Framework())
    assert {source.title for source in words.sources} == {source.key for source in words.sources}


def test_a_panel_is_named_where_it_decided() -> None:
    item = items_of_kind("rate_actions")[0]
    words = told(item, answer_to(item, right=True))
    assert "as the authors do" in told_sentence(words)
    assert "as the panel does" in told_sentence(replace(words, key_status="keyed by a panel"))
