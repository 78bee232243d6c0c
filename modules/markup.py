"""The lesson markup: steps, blocks, statements and their citations, and safe HTML. Pure.

Markdown without raw HTML, plus blocks (`::: name` … `:::`) and citations (`[@source]`). The format
is described in docs/reference/content-format.md.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from course.framework.problems import Problem

CITATION = re.compile(r"\s*\[(@[a-z0-9-]+(?:\s*;\s*@[a-z0-9-]+)*)\]")
SIGNPOST = "course"  # [@course]: states no fact, prints nothing
_OPEN = re.compile(r"^:::\s*([a-z]+)\s*(.*)$")
_PART = re.compile(r"^===\s*(.*)$")
_OPTION = re.compile(r"^\[([ x])\]\s*(.+)$")
LESSON_ADDRESS = re.compile(r"lesson:([a-z0-9-]+)/([a-z0-9-]+)")
_LESSON_LINK = re.compile(f'href="{LESSON_ADDRESS.pattern}"')
_MARK = "\ue000"  # private use: stands for a citation while the HTML is made and cleaned
_MARKED = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")


@dataclass(frozen=True, slots=True)
class Part:
    """A labelled part of a block; for a self-check `right` tells whether the option fits."""

    label: str
    body: str
    line: int
    right: bool | None = None

    @property
    def body_line(self) -> int:
        """The line on which `body` begins."""
        return self.line + 1


@dataclass(frozen=True, slots=True)
class Block:
    """Plain Markdown (kind `prose`) or a named block with attributes and parts."""

    kind: str
    attributes: dict[str, str]
    body: str
    parts: tuple[Part, ...]
    line: int

    @property
    def body_line(self) -> int:
        """The line on which `body` begins."""
        return self.line if self.kind == "prose" else self.line + 1


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of a lesson."""

    title: str
    blocks: tuple[Block, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A paragraph, list item or heading, as plain words, with what it cites."""

    text: str
    line: int
    citations: tuple[str, ...]
    needs_citation: bool
    heading: int = 0  # 3 for `###`; 0 for a paragraph or list item


def parse_body(
    text: str, *, file: str, first_line: int = 1
) -> tuple[tuple[Step, ...], list[Problem]]:
    """Split a lesson body into steps and blocks. Problems are returned, never raised."""
    parser = _BodyParser(file)
    for number, line in enumerate(text.split("\n"), first_line):
        parser.feed(number, line.rstrip())
    return parser.finish(), parser.problems


class _BodyParser:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.steps: list[Step] = []
        self.title: str | None = None
        self.early = False
        self.title_line = 1
        self.blocks: list[Block] = []
        self.prose: list[str] = []
        self.prose_line = 1
        self.open: tuple[str, dict[str, str], int] | None = None
        self.parts: list[tuple[str, list[str], int]] = []

    def report(self, line: int, rule: str, message: str, fix: str) -> None:
        self.problems.append(Problem(self.file, line, rule, message, fix))

    def feed(self, number: int, line: str) -> None:
        opened = _OPEN.match(line)
        if opened:
            self.open_block(number, opened.group(1), opened.group(2))
        elif line.strip() == ":::":
            self.close_block(number)
        elif line == "##" or line.startswith("## "):
            self.start_step(number, line[2:].strip())
        elif self.looks_like_a_mark(line):
            self.report(
                number,
                "block-line",
                f"“{line.strip()[:40]}” is not a line of a block.",
                "Write ::: name attributes, === label inside a block, or ::: alone, at the margin.",
            )
        elif self.open is not None:
            self.inside(number, line)
        elif self.title is None:
            self.refuse_early(number, line)
        else:
            if not self.prose:
                self.prose_line = number
            self.prose.append(line)

    def refuse_early(self, number: int, line: str) -> None:
        """What stands before the first step belongs to no screen: said once, or it would vanish."""
        if line.strip() and not self.early:
            self.early = True
            self.report(
                number,
                "before-first-step",
                "There is text before the first step.",
                "Start the body with a line “## Title of the first step”.",
            )

    def looks_like_a_mark(self, line: str) -> bool:
        """A misspelt mark would otherwise be printed as text."""
        mark = line.lstrip()
        if self.open is not None and _PART.match(line):
            return False
        return mark.startswith((":::", "==="))

    def start_step(self, number: int, title: str) -> None:
        self.refuse_open_block()
        self.end_step()
        self.title, self.title_line = title, number

    def open_block(self, number: int, kind: str, rest: str) -> None:
        if self.open is not None:
            self.report(
                number,
                "block-nested",
                f"The block “{self.open[0]}” (line {self.open[2]}) is still open.",
                "Close it with a line ::: first; blocks cannot nest.",
            )
            self.close_block(number)
        if self.title is None:
            self.refuse_early(number, kind)
        self.end_prose()
        self.open = (kind, self.attributes(number, rest), number)
        self.parts = [("", [], number + 1)]

    def attributes(self, number: int, rest: str) -> dict[str, str]:
        found: dict[str, str] = {}
        try:
            words = shlex.split(rest.replace("'", "’"))
        except ValueError:
            words = []
            self.report(
                number, "block-attribute", "A quotation mark is not closed.", 'Add the missing ".'
            )
        for word in words:
            name, equals, value = word.partition("=")
            if not equals or not value:
                self.report(
                    number,
                    "block-attribute",
                    f"“{word}” is not an attribute.",
                    'Write name=value, or name="value with spaces".',
                )
                continue
            if name in found:
                self.report(
                    number,
                    "block-attribute",
                    f"“{name}” stands twice.",
                    "Keep one of the two.",
                )
            found[name] = value
        return found

    def inside(self, number: int, line: str) -> None:
        part = _PART.match(line)
        if part:
            self.parts.append((part.group(1).strip(), [], number))
        else:
            self.parts[-1][1].append(line)

    def close_block(self, number: int) -> None:
        if self.open is None:
            self.report(
                number,
                "block-not-open",
                "A block is closed here but none is open.",
                "Remove the line :::, or open a block with ::: name.",
            )
            return
        kind, attributes, line = self.open
        self.open = None
        _, body, _ = self.parts[0]
        parts = tuple(self.part(kind, *raw) for raw in self.parts[1:])
        # Empty lines at the top stay, so that every line of the body keeps its number.
        self.blocks.append(Block(kind, attributes, "\n".join(body).rstrip(), parts, line))

    def part(self, kind: str, label: str, body: list[str], line: int) -> Part:
        right: bool | None = None
        if kind == "check":
            option = _OPTION.match(label)
            if option:
                right, label = option.group(1) == "x", option.group(2)
        return Part(label, "\n".join(body).rstrip(), line, right)

    def end_prose(self) -> None:
        text = "\n".join(self.prose)
        if text.strip():
            self.blocks.append(Block("prose", {}, text, (), self.prose_line))
        self.prose = []

    def end_step(self) -> None:
        self.end_prose()
        if self.title is not None:
            self.steps.append(Step(self.title, tuple(self.blocks), self.title_line))
        self.blocks = []

    def refuse_open_block(self) -> None:
        if self.open is not None:
            self.report(
                self.open[2],
                "block-not-closed",
                f"The block “{self.open[0]}” is never closed.",
                "Add a line ::: after its last line.",
            )
            self.close_block(self.open[2])

    def finish(self) -> tuple[Step, ...]:
        self.refuse_open_block()
        self.end_step()
        return tuple(self.steps)


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(
        ["image", "code", "fence", "html_block", "html_inline", "autolink", "lheading"]
    )


_MD = _markdown()


def cited_in(text: str) -> tuple[str, ...]:
    """The source keys a text cites, in order, without repeats; signposts included."""
    keys = (
        key.strip().removeprefix("@")
        for match in CITATION.finditer(text)
        for key in match.group(1).split(";")
    )
    return tuple(dict.fromkeys(keys))


def statements_of(markdown: str, *, first_line: int = 1) -> list[Statement]:
    """Every paragraph and list item of a text, and whether it needs a citation of its own.

    A question needs none; an item under a cited lead-in that ends with “:” needs none; a heading
    states nothing.
    """
    found: list[Statement] = []
    lead_cited = False
    depth = 0
    heading = 0
    for token in _MD.parse(markdown):
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            lead_cited = lead_cited and depth > 0
        elif token.type == "inline" and token.map is not None:
            text = plain(token.content)
            citations = cited_in(token.content)
            question = text.endswith(("?", "?”", '?"'))
            exempt = bool(heading) or question or (depth > 0 and lead_cited)
            line = first_line + token.map[0]
            found.append(Statement(text, line, citations, not exempt, heading))
            if depth == 0:
                lead_cited = bool(citations) and text.endswith(":")
    return found


def plain(markdown_inline: str) -> str:
    """The words of one paragraph, without markup or citations."""
    text = CITATION.sub("", markdown_inline)
    tokens = _MD.parseInline(text)[0].children or []
    return "".join(_words(token) for token in tokens).strip()


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type == "text" else ""


def links_in(markdown: str) -> Iterator[str]:
    """The address of every link in a text."""
    for token in _MD.parse(markdown):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href") or "")


def to_html(markdown: str, number_of: Callable[[str], int]) -> str:
    """Safe HTML of a text. `number_of` gives a source key its number on the screen.

    Two layers: the Markdown parser passes no HTML through, and the sanitiser allows only the few
    tags that lessons use. Citations become links to the list of sources on the same screen.
    """
    marked = CITATION.sub(
        lambda match: f"{_MARK}{match.group(1)}{_MARK}", markdown.replace(_MARK, "")
    )
    html = nh3.clean(
        _MD.render(marked),
        tags={"p", "ul", "ol", "li", "strong", "em", "a", "h3", "br", "blockquote"},
        attributes={"a": {"href"}},
        attribute_filter=_only_lessons,
        url_schemes={"lesson"},
        link_rel=None,
    )
    html = _LESSON_LINK.sub(r'href="/modules/\1/\2/"', html)
    return _MARKED.sub(lambda match: _citation(match.group(1), number_of), html).strip()


def _only_lessons(_tag: str, _attribute: str, value: str) -> str | None:
    """Schemes alone do not keep `//elsewhere` and `/sign-out` out: they have none."""
    return value if LESSON_ADDRESS.fullmatch(value) else None


def _citation(keys: str, number_of: Callable[[str], int]) -> str:
    shown = [key.strip().removeprefix("@") for key in keys.split(";")]
    links = [
        f'<a class="cite" href="#source-{escape(key)}">{number_of(key)}</a>'
        for key in shown
        if key != SIGNPOST
    ]
    several = len(links) > 1
    return f'<sup class="cites">{" ".join(links)}</sup>' if several else "".join(links)
