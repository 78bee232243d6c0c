"""A YAML reader without YAML's surprises. Pure.

PyYAML reads `no` as False, `1.10` as 1.1, `12:30` as 750 and accepts duplicate keys silently;
396 bytes of aliases can grow to millions of nodes. Authors should meet none of that, so plain
scalars are text unless they are `true`, `false`, `null` or a whole number, duplicate keys and
anchors are refused, and every value keeps the line it stood on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from course.framework.problems import Problem

Path = tuple[str | int, ...]

# libyaml reads ten times faster; where PyYAML was built without it, its own reader does.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LARGEST_FILE = 2_000_000  # characters; the biggest real file is a tenth of this
DEEPEST = 20
_WHOLE_NUMBER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_CONSTANTS: dict[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}


@dataclass(slots=True)
class Document:
    """The values of one file and, for every path inside it, its 1-based line."""

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of its nearest ancestor that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def report(self, line: int, rule: str, message: str, fix: str) -> None:
        """Add a problem of this file."""
        self.problems.append(Problem(self.file, line, rule, message, fix))


def read_yaml(text: str, *, file: str, first_line: int = 1) -> Document:
    """Read `text`; problems are collected in the document, never raised.

    `first_line` is the line of the file on which `text` begins (front matter starts lower down).
    """
    document = Document(file)
    if len(text) > LARGEST_FILE:
        document.report(1, "yaml-size", "The file is too large.", "Split it into several files.")
        return document
    node = None
    try:
        if _is_plain(text, document, first_line):
            node = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        reason = getattr(error, "problem", None) or "it cannot be read"
        document.report(
            line,
            "yaml-syntax",
            f"This is not valid YAML: {reason}.",
            "Look at indentation, quotes and colons on this line; quote text that contains ': '.",
        )
        return document
    if node is not None:
        document.data = _Builder(document, first_line).build(node, ())
    return document


def _is_plain(text: str, document: Document, first_line: int) -> bool:
    """Refuse anchors and deep nesting before a tree is built: libyaml recurses without a limit."""
    depth = 0
    for event in _events(text):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            document.report(line, "yaml-depth", "Nested too deeply.", "Flatten this part.")
            break
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            document.report(
                line,
                "yaml-anchor",
                "Anchors (&name) and aliases (*name) are not allowed.",
                "Write the value out in full, or quote text that begins with & or *.",
            )
    return not document.problems


def _events(text: str) -> Iterator[yaml.Event]:
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
    return events


class _Builder:
    def __init__(self, document: Document, first_line: int) -> None:
        self.document = document
        self.first_line = first_line

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.document.lines[path] = self.first_line + node.start_mark.line
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, index)) for index, child in enumerate(node.value)]
        return self.scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = self.first_line + key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                self.document.report(
                    line, "yaml-key", "A key must be plain text.", "Use a simple word as the key."
                )
                continue
            key = str(key_node.value)
            if key in result:
                self.document.report(
                    line,
                    "yaml-duplicate-key",
                    f"The key “{key}” stands twice in the same place.",
                    "Remove or rename one of the two.",
                )
                continue
            result[key] = self.build(value_node, (*path, key))
            self.document.lines[(*path, key)] = line
        return result

    @staticmethod
    def scalar(node: yaml.ScalarNode) -> str | int | bool | None:
        value = str(node.value)
        if not node.style:  # plain: None in PyYAML's own reader, "" in libyaml's
            if value in _CONSTANTS:
                return _CONSTANTS[value]
            if _WHOLE_NUMBER.match(value):
                return int(value)
        return value
