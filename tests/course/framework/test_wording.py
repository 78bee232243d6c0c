"""What must not be printed is found, and readability is what it says it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.framework.wording import (
    FORBIDDEN,
    forbidden_in,
    readability,
    sentences_of,
    words_of,
)

# One example for every rule, in its order; a new rule needs a new example.
EXAMPLES = [
    "She is a Prostitute.",
    "They are illegal immigrants.",
    "Dia pendatang tanpa izin.",
    "She was a sex slave.",
    "Loose women live there.",
    "We rescued her from vice.",
    "It was a gang-rape.",
    "A naked body lay there.",
    "He was tortured to death.",
    "Here is how to groom a friend.",
    "They avoid checkpoints by night.",
    "They spike her drink.",
    "It was child prostitution.",
    "The girl was sold to a brothel.",
    "An underage girl came.",
]


def test_every_forbidden_wording_has_an_example() -> None:
    assert len(EXAMPLES) == len(FORBIDDEN)


@pytest.mark.parametrize(("text", "rule"), list(zip(EXAMPLES, FORBIDDEN, strict=True)))
def test_a_forbidden_wording_is_found_and_says_what_to_write(text: str, rule: object) -> None:
    found = forbidden_in(text)
    assert rule in [one for _words, one in found]
    for words, one in found:
        assert words.lower() in text.lower()
        assert one.reason
        assert one.instead


@pytest.mark.parametrize(
    "text",
    [
        "The person in sex work wants a rest day.",
        "A person without papers asked for a doctor.",
        "An adult sex worker has a child at home. The child is at school.",
        "A person who may be under 18 came to the desk.",
        "Ubi itu diambil patinya, dan pati itu dimasak.",
        "Exploitation covers sexual exploitation of a child, says the law.",
    ],
)
def test_what_may_be_said_is_let_through(text: str) -> None:
    assert forbidden_in(text) == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", 3),
        ("He said: “Go.” She went.", 2),
        ("RM4,000 is 4.5 times more.", 1),
        ("A line\nanother line", 2),
        ("Is it 9 a.m. or later?", 1),
        ("", 0),
        ("… – 12", 0),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    assert len(sentences_of(text)) == sentences


def test_words_keep_their_hyphens_and_apostrophes() -> None:
    assert words_of("Kanak-kanak, the worker's 12 o’clock") == [
        "Kanak-kanak",
        "the",
        "worker's",
        "o’clock",
    ]


def test_readability_counts_words_sentences_and_long_words() -> None:
    measured = readability("A debt grows. Nobody remembers yesterday well.")
    assert (measured.words, measured.sentences, measured.long_words) == (7, 2, 2)
    assert measured.mean == 3.5
    assert measured.lix == pytest.approx(3.5 + 200 / 7)
    assert measured.longest == 4
    assert measured.longest_text == "Nobody remembers yesterday well."


def test_an_empty_text_is_no_division_by_zero() -> None:
    measured = readability("")
    assert (measured.mean, measured.lix, measured.longest, measured.longest_text) == (0, 0, 0, "")


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_counts_hold_together(text: str) -> None:
    measured = readability(text)
    assert measured.long_words <= measured.words
    assert measured.longest <= measured.words
    assert (measured.sentences == 0) == (measured.words == 0)
    forbidden_in(text)
