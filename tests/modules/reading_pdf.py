"""What a screen reader gets from our PDFs: the tagged tables and paragraphs, as text.

Reads just what our typesetter writes: plain objects, deflated streams, two-byte fonts. Pure.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_FLAT = rb"(?:\\.|[^\\()])*"
_NESTED = rb"\((?:\\.|[^\\()]|\(" + _FLAT + rb"\))*\)"  # brackets in pairs need no backslash
_TOKEN = re.compile(
    rb"/MCID (?P<mark>\d+)[^>]*>>\s*BDC"
    rb"|(?P<artifact>/Artifact.*?BDC)"
    rb"|(?P<end>\bEMC\b)"
    rb"|/(?P<font>f\d+) [\d.]+ Tf"
    rb"|(?P<show>\[(?:" + _NESTED + rb"|[^\]\(])*\]\s*TJ|" + _NESTED + rb"\s*Tj)",
    re.DOTALL,
)
_STRING = re.compile(_NESTED, re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass
class Tagged:
    """One element of the structure: its kind, and its text or its parts."""

    kind: str
    text: str = ""
    parts: list[Tagged] = field(default_factory=list)

    def whole(self) -> str:
        """All text in it, in reading order."""
        return self.text + "".join(part.whole() for part in self.parts)

    def find(self, kind: str) -> Iterator[Tagged]:
        """Every element of a kind, in order."""
        for part in self.parts:
            if part.kind == kind:
                yield part
            yield from part.find(kind)


class PdfReader:
    """The structure of one file."""

    def __init__(self, content: bytes) -> None:
        self.raw = content
        self.objects = {int(n): body for n, body in _OBJECT.findall(content)}
        self.marks: dict[tuple[int, int], str] = {}
        for number, body in self.objects.items():
            if b"/Type/Page/" in body:
                self._read_page(number, body)
        root = next(n for n, body in self.objects.items() if b"/Type/StructTreeRoot" in body)
        self.tree = Tagged("root", parts=list(self._children(self.objects[root], 0)))

    def rows(self) -> list[list[str]]:
        """The cells of all rows of the table, heads first; blanks do not count. None: no table."""
        return [
            [squeezed(cell.whole()) for cell in row.parts if cell.kind in {"TH", "TD"}]
            for table in self.tree.find("Table")
            for row in table.find("TR")
        ]

    def _read_page(self, number: int, body: bytes) -> None:
        fonts = self._fonts(_number(body, rb"/Resources (\d+)"))
        content = self._stream(_number(body, rb"/Contents (\d+)"))
        mark, font = None, b""
        for token in _TOKEN.finditer(content):
            if token["mark"] is not None:
                mark = int(token["mark"])
            elif token["artifact"] or token["end"]:
                mark = None
            elif token["font"]:
                font = token["font"]
            elif mark is not None:
                key = (number, mark)
                self.marks[key] = self.marks.get(key, "") + _letters(token["show"], fonts[font])

    def _fonts(self, resources: int) -> dict[bytes, dict[int, str]]:
        names = re.search(rb"/Font<<(.*?)>>", self.objects[resources], re.DOTALL)
        found = re.findall(rb"/(f\d+) (\d+) 0 R", names[1]) if names else []
        return {
            name: self._letters_of(_number(self.objects[int(font)], rb"/ToUnicode (\d+)"))
            for name, font in found
        }

    def _letters_of(self, number: int) -> dict[int, str]:
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F ]+)>\n", self._stream(number))
        return {int(one, 16): bytes.fromhex(two.decode()).decode("utf-16-be") for one, two in pairs}

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        found = _STREAM.search(body)
        assert found is not None
        return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]

    def _children(self, body: bytes, page: int) -> Iterator[Tagged]:
        kids = re.search(rb"/K\[(.*?)\](?!\])", body, re.DOTALL)
        # What goes over a page names the page of its further parts itself.
        here = re.search(rb"/Pg (\d+) 0 R", body[kids.end() :] if kids else body)
        page = int(here[1]) if here else page
        for kid in re.finditer(rb"(<<[^<>]*>>)|(\d+) 0 R|(\d+)", kids[1] if kids else b""):
            elsewhere, reference, plain = kid.groups()
            if elsewhere is not None:
                key = _number(elsewhere, rb"/Pg (\d+)"), _number(elsewhere, rb"/MCID (\d+)")
                yield Tagged("text", text=self.marks.get(key, ""))
            elif reference is not None:
                element = self.objects[int(reference)]
                kind = re.search(rb"/S/(\w+)", element)
                if kind:
                    yield Tagged(kind[1].decode(), parts=list(self._children(element, page)))
            else:
                yield Tagged("text", text=self.marks.get((page, int(plain)), ""))


def squeezed(text: str) -> str:
    """Without any blank: paper breaks lines where it likes."""
    return "".join(text.split())


def _number(body: bytes, pattern: bytes) -> int:
    found = re.search(pattern, body)
    assert found is not None, pattern
    return int(found[1])


def _letters(shown: bytes, letters: dict[int, str]) -> str:
    codes = b"".join(_unescaped(one[1:-1]) for one in _STRING.findall(shown))
    pairs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
    return "".join(letters.get(code, "\ufffd") for code in pairs)


def _unescaped(text: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes([int(sign, 8)]) if sign[:1].isdigit() else _ESCAPES.get(sign, sign)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, text, flags=re.DOTALL)
