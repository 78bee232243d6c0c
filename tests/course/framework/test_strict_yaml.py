"""Authors meet none of YAML's surprises, and every value keeps its line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from course.framework import strict_yaml
from course.framework.strict_yaml import DEEPEST, LARGEST_FILE, Document, read_yaml


def read(text: str) -> Document:
    return read_yaml(text, file="f.yaml")


def rules(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.rule) for problem in read(text).problems]


@pytest.fixture(params=["libyaml", "PyYAML"], autouse=True)
def each_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readers must say the same: not every PyYAML is built with libyaml."""
    if request.param == "PyYAML":
        monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("this PyYAML is built without libyaml")


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "on",
        "Yes",
        "1.10",
        "12:30",
        "010",
        "0x1F",
        "1_000",
        "+1",
        "-0",
        "1e3",
        ".inf",
        ".nan",
        "2026-11-24",
        "True",
        "NULL",
        "~x",
    ],
)
def test_what_looks_like_a_value_stays_text(written: str) -> None:
    assert read(f"a: {written}").data == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("15999", 15999),
        ('"15999"', "15999"),
        ("'true'", "true"),
        ('""', ""),
        ("[1, a]", [1, "a"]),
        ("{b: 1}", {"b": 1}),
    ],
)
def test_the_few_values_that_are_read(written: str, value: object) -> None:
    data = read(f"a: {written}").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_a_tag_makes_no_object() -> None:
    assert read("a: !!python/object/apply:os.getcwd []").data == {"a": []}
    assert read("a: !!int 'x'").data == {"a": "x"}


def test_a_key_that_stands_twice_is_refused_on_its_second_line() -> None:
    text = "a:\n  b: 1\n  c: 2\n  b: 3\nb: 4"
    assert rules(text) == [(4, "yaml-duplicate-key")]


def test_keys_that_are_no_words_are_refused() -> None:
    assert rules("a: 1\n? [b, c]\n: 2") == [(2, "yaml-key")]


def test_anchors_and_aliases_are_refused_each_on_its_line() -> None:
    assert rules("a: &x 1\nb: 2\nc: *x") == [(1, "yaml-anchor"), (3, "yaml-anchor")]


def test_a_bomb_of_aliases_is_never_built() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    document = read("\n".join(["l0: &l0 x", *levels]))
    assert document.data is None
    assert {problem.rule for problem in document.problems} == {"yaml-anchor"}


def test_deep_nesting_is_refused_before_anything_recurses() -> None:
    assert rules("[" * 200_000) == [(1, "yaml-depth")]
    deepest = "[" * DEEPEST + "]" * DEEPEST
    assert rules(deepest) == []
    assert rules(f"[{deepest}]") == [(1, "yaml-depth")]


def test_a_huge_file_is_refused() -> None:
    assert rules("a" * (LARGEST_FILE + 1)) == [(1, "yaml-size")]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: [1, 2\nc: 3", 3), ("a: 1\nb: c: d", 2), ("a: 1\n--- \nb: 2\n", 2), ("a: 'x", 1)],
)
def test_what_is_no_yaml_is_one_problem_with_its_line(text: str, line: int) -> None:
    found = rules(text)
    assert [rule for _line, rule in found] == ["yaml-syntax"]
    assert abs(found[0][0] - line) <= 1  # the two readers notice a missing end one token apart


def test_every_value_keeps_its_line_and_asks_its_parent_when_it_is_not_there() -> None:
    document = read_yaml("a:\n  - b: 1\n    c: |\n      x\n      y\n  - d", file="f", first_line=10)
    assert document.data == {"a": [{"b": 1, "c": "x\ny\n"}, "d"]}
    assert document.line_of(("a",)) == 10
    assert document.line_of(("a", 0, "c")) == 12
    assert document.line_of(("a", 1)) == 15
    assert document.line_of(("a", 0, "no", "such")) == 11
    assert document.line_of(("z",)) == 10


def test_an_empty_file_has_no_data_and_no_problem() -> None:
    document = read("# nothing\n")
    assert document.data is None
    assert document.problems == []


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(), max_size=80)
    | st.text("&*[]{}:-?|>!'\"#%@\n\t a0", max_size=60)
)
def test_no_text_makes_it_raise(text: str) -> None:
    document = read_yaml(text, file="f")
    assert document.data is None or not document.problems or document.lines
