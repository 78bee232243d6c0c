"""Lesson markup: steps, blocks, statements, and HTML that can carry nothing it should not."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.markup import (
    Block,
    Part,
    cited_in,
    links_in,
    parse_body,
    plain,
    statements_of,
    to_html,
)

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h3", "br", "blockquote", "sup"}
ATTRIBUTES = {("a", "class"), ("a", "href"), ("sup", "class")}
FRAGMENTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<style>a{}</style>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&#58;alert(1))",
    "[a](data:text/html,x)",
    "[a](//elsewhere.example)",
    "[a](/sign-out/)",
    "[a](lesson:control/money)",
    '[a](lesson:control/money" onclick="x)',
    "[a](https://elsewhere.example)",
    "<a href='javascript:x'>a</a>",
    "![a](x)",
    "[a]: javascript:x\n\n[a]",
    "<javascript:alert(1)>",
    '\ue000"><script>\ue000',
    "\ue000@x\ue000",
    "[@who-2003; @course]",
    "[@a]",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "# A\n## B\n### C\n",
    "```\n<b>\n```\n",
    "    <b>\n",
    "- a\n  - b\n",
    "> a\n",
    "**a**",
    "| a |\n|---|\n| b |\n",
    "::: check",
    ":::",
    "=== [x] a",
    "\n\n",
    "a",
)
markdown = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=12).map("".join)


class Seen(HTMLParser):
    """Collects every tag and attribute of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


@settings(derandomize=True, max_examples=300, deadline=None)
@given(markdown)
def test_no_text_lets_through_what_could_act(text: str) -> None:
    seen = Seen(to_html(text, lambda _key: 1))
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES
    for address in seen.addresses:
        assert address.startswith(("/modules/", "#source-"))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(markdown)
def test_no_text_makes_reading_raise(text: str) -> None:
    steps, problems = parse_body(text, file="f")
    lines = text.count("\n") + 1
    for step in steps:
        for block in step.blocks:
            statements_of(block.body, first_line=block.body_line)
            list(links_in(block.body))
            assert 1 <= block.line <= lines
    assert all(1 <= problem.line <= lines for problem in problems)
    assert plain(text) == plain(text).strip()


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_dangerous_fragment_alone(fragment: str) -> None:
    html = to_html(fragment, lambda _key: 1)
    seen = Seen(html)
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES
    assert "script>" not in html.replace("&lt;script&gt;", "").replace("&lt;/script&gt;", "")


def numbered(*keys: str) -> dict[str, int]:
    return {key: number for number, key in enumerate(keys, 1)}


def test_a_citation_is_a_link_to_the_list_of_sources() -> None:
    html = to_html("A fact. [@who-2003]", numbered("who-2003").__getitem__)
    assert html == '<p>A fact.<a class="cite" href="#source-who-2003">1</a></p>'


def test_several_citations_stand_together() -> None:
    html = to_html("A fact. [@a-1; @b-2]", numbered("a-1", "b-2").__getitem__)
    assert html == (
        '<p>A fact.<sup class="cites"><a class="cite" href="#source-a-1">1</a> '
        '<a class="cite" href="#source-b-2">2</a></sup></p>'
    )


def test_a_signpost_prints_nothing() -> None:
    assert to_html("In this lesson. [@course]", numbered().__getitem__) == "<p>In this lesson.</p>"
    one = to_html("So. [@course; @a-1]", numbered("a-1").__getitem__)
    assert one == '<p>So.<a class="cite" href="#source-a-1">1</a></p>'


def test_a_link_to_a_lesson_becomes_its_address() -> None:
    html = to_html("See [money](lesson:control/money).", numbered().__getitem__)
    assert html == '<p>See <a href="/modules/control/money/">money</a>.</p>'


@pytest.mark.parametrize("address", ["//x.example", "/sign-out/", "https://x.example", "lesson:x"])
def test_other_links_lose_their_address(address: str) -> None:
    assert Seen(to_html(f"[a]({address})", numbered().__getitem__)).addresses == []


def test_html_is_shown_as_it_is_written() -> None:
    assert to_html("<b>a</b>", numbered().__getitem__) == "<p>&lt;b&gt;a&lt;/b&gt;</p>"


# --- steps and blocks ---------------------------------------------------------------------------

BODY = """
## First

Some text. [@a-1]

::: check
What?
=== [x] This
Yes. [@a-1]

=== [ ] That
No. [@b-2]
:::

More. [@a-1]

## Second

::: referral topic=danger contacts=a,b note="with a space, and ‘quotes’"
:::
"""


def test_a_body_is_read_into_steps_and_blocks_with_their_lines() -> None:
    (first, second), problems = parse_body(BODY, file="f", first_line=10)
    assert problems == []
    assert (first.title, first.line) == ("First", 11)
    assert (second.title, second.line) == ("Second", 26)
    assert [block.kind for block in first.blocks] == ["prose", "check", "prose"]
    assert first.blocks[1] == Block(
        "check",
        {},
        "What?",
        (
            Part("This", "Yes. [@a-1]", 17, right=True),
            Part("That", "No. [@b-2]", 20, right=False),
        ),
        15,
    )
    assert second.blocks[0].attributes == {
        "topic": "danger",
        "contacts": "a,b",
        "note": "with a space, and ‘quotes’",
    }


def test_every_line_of_a_body_keeps_its_number() -> None:
    (step,), _problems = parse_body("## A\n::: facts\n\n\n- One.\n- Two.\n:::\n", file="f")
    (block,) = step.blocks
    found = statements_of(block.body, first_line=block.body_line)
    assert [(one.text, one.line) for one in found] == [("One.", 5), ("Two.", 6)]


def test_an_apostrophe_is_no_quotation_mark() -> None:
    (step,), problems = parse_body('## A\n::: case title="The cook\'s day"\n:::\n', file="f")
    assert problems == []
    assert step.blocks[0].attributes == {"title": "The cook’s day"}


@pytest.mark.parametrize(
    ("body", "line", "rule"),
    [
        ("Text.\nMore.\n## A\n", 1, "before-first-step"),
        ("\n::: key\nText.\n:::\nText.\n## A\n", 2, "before-first-step"),
        ("## A\n::: facts\n- a\n", 2, "block-not-closed"),
        ("## A\n::: facts\n- a\n## B\nText.\n", 2, "block-not-closed"),
        ("## A\n::: facts\n::: key\n:::\n", 3, "block-nested"),
        ("## A\n:::\n", 2, "block-not-open"),
        ('## A\n::: case title="a\n:::\n', 2, "block-attribute"),
        ("## A\n::: sign key\n:::\n", 2, "block-attribute"),
        ("## A\n::: sign key=\n:::\n", 2, "block-attribute"),
        ("## A\n::: sign key=a key=b\n:::\n", 2, "block-attribute"),
        ("## A\n::: Facts\n- a\n", 2, "block-line"),
        ("## A\n=== [x] a\n", 2, "block-line"),
        ("## A\n::: facts\n - a\n  === b\n:::\n", 4, "block-line"),
    ],
)
def test_a_wrong_body_is_one_problem_with_its_line(body: str, line: int, rule: str) -> None:
    _steps, problems = parse_body(body, file="f")
    assert [(problem.line, problem.rule) for problem in problems] == [(line, rule)]
    assert problems[0].fix


# --- statements ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("A fact.", [True]),
        ("A fact. [@a-1]", [True]),
        ("Is it so?", [False]),
        ("She asks: “Is it so?”", [False]),
        ('She asks: "Is it so?"', [False]),
        ("Is it so? Yes.", [True]),
        ("### A heading\n\nA fact.", [False, True]),
        ("- One.\n- Two.", [True, True]),
        ("Listen for: [@a-1]\n\n- One.\n- Two.", [True, False, False]),
        ("Listen for:\n\n- One.\n- Two.", [True, True, True]),
        ("Listen for. [@a-1]\n\n- One.", [True, True]),
        ("For: [@a-1]\n\n- One.\n  - Deep.\n- Two.\n\nAfter.", [True, False, False, False, True]),
        ("For: [@a-1]\n\n- One.\n\nAfter.\n\n- Two.", [True, False, True, True]),
        ("> A quoted fact.", [True]),
    ],
)
def test_which_statements_need_a_source(text: str, needs: list[bool]) -> None:
    assert [one.needs_citation for one in statements_of(text)] == needs


def test_a_statement_is_plain_words_with_its_line_and_sources() -> None:
    (one,) = statements_of("A **bold** [link](lesson:a/b)\nfact. [@a-1; @b-2] More. [@a-1]")
    assert one.text == "A bold link fact. More."
    assert one.citations == ("a-1", "b-2")
    assert one.line == 1


def test_citations_are_read_once_in_order() -> None:
    assert cited_in("a [@b; @a] c [@a] d [@course]") == ("b", "a", "course")
    assert cited_in("[@A] [a] [@a, @b] @a") == ()


def test_links_are_found_however_they_are_written() -> None:
    text = "[a](lesson:a/b) and [b][c]\n\n[c]: https://elsewhere.example\n"
    assert list(links_in(text)) == ["lesson:a/b", "https://elsewhere.example"]
