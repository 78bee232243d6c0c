"""Every kind of everyday number makes a sentence (measurement design 1.7)."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from quizzes.measures import lay_rate
from quizzes.summary import Counts
from quizzes.wording import balance_words, rate_words, sentence, unsafe_words


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A test before may have left a page in Malay."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("k", "n", "kind", "words"),
    [
        (7, 9, "counts", "7 of 9"),
        (0, 4, "counts", "0 of 4"),
        (12, 12, "all", "all 12"),
        (0, 12, "none_of", "none of 12"),
        (8, 10, "per10", "8 of 10"),
        (16, 20, "per10", "8 of 10"),
        (17, 21, "per10", "about 8 of 10"),
        (99, 100, "per10", "more than 9 of 10"),
        (1, 100, "per10", "fewer than 1 of 10"),
    ],
)
def test_each_everyday_number_has_its_words(k: int, n: int, kind: str, words: str) -> None:
    rate = lay_rate(k=k, n=n)
    assert rate["kind"] == kind
    assert rate_words(rate) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(4, 3, 5, 1), "You spotted 3 of 4 signs. You flagged 1 of 5 ordinary things."),
        (
            Counts(12, 12, 15, 0),
            "You spotted all 12 signs. You flagged none of 15 ordinary things.",
        ),
        (
            Counts(30, 25, 40, 7),
            "You spotted about 8 of 10 signs. You flagged about 2 of 10 ordinary things.",
        ),
        (Counts(0, 0, 7, 2), "There was no sign to spot. You flagged 2 of 7 ordinary things."),
        (
            Counts(3, 1, 0, 0),
            "You spotted 1 of 3 signs. There was nothing ordinary to leave alone.",
        ),
        (Counts(), "There was nothing to count here."),
        (Counts(unanswered=5), "There was nothing to count here."),
    ],
)
def test_the_sentence(counts: Counts, words: str) -> None:
    assert sentence(counts) == words


def test_balance_is_said_only_when_it_can_be_told() -> None:
    assert balance_words(Counts(20, 20, 20, 18)) == "You tend to flag too readily."
    assert balance_words(Counts(20, 2, 20, 0)) == "You tend to wait too long."
    assert balance_words(Counts(20, 16, 20, 4)) == ""
    assert balance_words(Counts(5, 5, 5, 5)) == ""


def test_unsafe_steps_are_said_apart() -> None:
    assert unsafe_words(1).startswith("1 step here was not safe")
    assert unsafe_words(3).startswith("3 steps here were not safe")
