"""Cells that try to run, hide, break out or break the file; and honest ones that look like them."""

from __future__ import annotations

import random

STARTERS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "⁺", "−", "\t", "\r", "\n"]
BEFORE = [
    "",
    " ",
    "\u00a0",
    "\u200b",
    "\u2060",
    "\ufeff",
    "'",
    '"',
    "''",
    "“",
    " '",
    "\u3000",
    "\x0b",
]
DEEDS = [
    "1+1",
    'HYPERLINK("https://example.org","here")',
    "cmd|' /C calc'!A0",
    'IMPORTXML(CONCAT("https://example.org/",A1),"//a")',
    "SUM(A1:A9)*cmd|'x'!A1",
    "2",
    "x",
]
WHOLE = [
    "sep=;",
    "SEP=\t",
    "ID",
    "\x00",
    "a\x00b",
    "\x1b[31mred",
    "\x85next",
    "\ud800",
    "a\udc00b",
    "\ufffe\uffff",
    "\u202egnirts",
    "\u2066isolated\u2069",
    "محمد علي",
    "שלום",
    "王小明",
    "அருண்",
    "👩🏽‍🏫 trainer",
    "e\u0301clair",
    "two\nlines",
    "two\r\nlines",
    "two\rlines",
    "tab\there",
    'quote"inside',
    '""',
    "comma, semicolon; pipe|",
    "_x0041_",
    "&lt;b&gt; & <b>",
    "]]>",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{%load%}",
    "#evil[x]",
    "$x^2$",
    "@preview/a:0.1.0",
    "\\u{41} *b* _c_ `d`",
    "1-2",
    "2026-11-25",
    "1e5",
    "00123",
    "0x1F",
    "TRUE",
    "NULL",
    "#REF!",
    "https://example.org/",
    "mailto:a@example.org",
    "file:///etc/passwd",
    "internal:Sheet1!A1",
    "é" * 300,
    "long-" * 200,
    "W" * 120,
]
HONEST = [
    "Nurul Aisyah binti Abdullah",
    "O'Brien",
    "'quoted'",
    "“quoted”",
    "a=b",
    "7 - 8",
    "Ali – night",
    "1,234",
    "100 %",
    "(in brackets)",
    "#1",
    "Zoë",
    "x@example.org",
]


def hostile_cells(number: int, *, seed: int = 8) -> list[str]:
    """So many texts: every listed one first, then mixtures that chance makes."""
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    cells = [*WHOLE, *(before + sign + DEEDS[0] for before in BEFORE for sign in STARTERS)]
    letters = "abcXYZ012 '\"=+-@\t\n\r,;|\u200b\u202e\x00\x07éم王"
    while len(cells) < number:
        if chance.random() < 0.6:
            before = "".join(chance.choices(BEFORE, k=chance.randrange(3)))
            cells.append(before + chance.choice(STARTERS) + chance.choice(DEEDS))
        else:
            cells.append("".join(chance.choices(letters, k=chance.randrange(1, 30))))
    return cells[:number]
