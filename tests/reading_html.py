"""What a page is made of, for tests: read strictly, with the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
Attributes = dict[str, str]


@dataclass
class Page:
    """All elements in order, as (name, attributes), and the text of the title."""

    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    title: str = ""
    unclosed: list[str] = field(default_factory=list)

    def all(self, name: str, **wanted: str) -> list[Attributes]:
        """The attributes of every such element."""
        return [
            attributes
            for found, attributes in self.elements
            if found == name and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    @property
    def ids(self) -> list[str]:
        """Every id, also when it comes twice."""
        return [attributes["id"] for _name, attributes in self.elements if "id" in attributes]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says {names} twice"
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.page.unclosed.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title":
            self.page.title += data


def read_page(html: str) -> Page:
    """The page; `unclosed` lists every end tag that does not match its start."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.unclosed += [f"<{tag}> never closed" for tag in reader.open]
    return reader.page
