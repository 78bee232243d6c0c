"""Pure: files that a spreadsheet program opens without doing anything by itself."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

# How programs begin a formula; tab and return hide one. Full-width, small and raised forms are the
# same signs after NFKC, and some programs take the true minus for a minus.
_STARTERS: Final = frozenset("=+-@\t\r\n\u2212")
# What programs or people strip before they look: quotes of every kind, what stands for a sign that
# no file may hold, and below all that is blank or cannot be seen.
_STRIPPED: Final = frozenset("'\"`´‘’‚‛“”„‟«»‹›＇＂\ufffd")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_BOM: Final = "\ufeff"  # without it, Excel reads UTF-8 as something else
_MARK: Final = "'"
_INSTEAD: Final = "\ufffd"
_ROWS_A_BIT: Final = 200

Cell = str | int | float | None


def plain_text(text: str) -> str:
    """The text as every kind of file can hold it, so that all files say the same.

    Line ends become one sign. Signs that no file may hold (NUL and other controls, half letters)
    become a replacement sign, so that nobody thinks that nothing was there.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_INSTEAD if _is_unfit(sign) else sign for sign in lines)


def _is_unfit(sign: str) -> bool:
    if sign in "\n\t":
        return False
    return unicodedata.category(sign) in {"Cc", "Cs"} or ord(sign) & 0xFFFE == 0xFFFE


def is_risky(text: str) -> bool:
    """True when a spreadsheet might run the text, or be told by it how to read the file."""
    for sign in text if not text[:1].isalnum() else "":
        if unicodedata.normalize("NFKC", sign)[:1] in _STARTERS or sign in _STARTERS:
            return True
        if sign not in _STRIPPED and unicodedata.category(sign) not in _UNSEEN:
            break
    return text[:4].lower() == "sep="


def safe_cell(value: Cell) -> str | int | float:
    """The value as it may stand in a cell: text that would be run gets an apostrophe before it.

    Numbers stay numbers. Blank signs and quotes before the formula do not hide it.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    return f"{_MARK}{value}" if is_risky(value) else value


def true_text(cell: str) -> str:
    """The text that `safe_cell` was given: the way back, for programs that read our files."""
    return cell[1:] if cell[:1] == _MARK and is_risky(cell[1:]) else cell


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A file bit by bit: UTF-8 with a mark, commas, every text quoted where it has to be."""
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out)
    writer.writerow([safe_cell(one) for one in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(one) for one in row])
        if number % _ROWS_A_BIT == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file at once."""
    return b"".join(stream_csv(header, rows))
